"""The temporary folder of a session: the only place on the host that is written to.

It lies in the usual place (TMPDIR), is removed at the end, and is swept up by the next session if its owner was killed:
a folder whose lock nobody holds belongs to nobody.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from credstone.words.errors import MachineError

_PREFIX = "credstone-"


class Folder:
    """A folder that lives as long as this object is open.

    Its mode is 0711: the actors must be able to pass through it, and to nothing else.
    """

    def __init__(self, *, room: int = 0) -> None:
        """Makes it.  ``room`` is how many bytes its path may have, for who must name a socket in it (unix(7))."""
        place = temporary()
        if room and len(place) + 2 * len(_PREFIX) > room:
            place = "/tmp"  # noqa: S108 - mkdtemp(3) makes a folder that nobody else can enter or foresee
        sweep(place)
        try:
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
            self.path.chmod(0o711)
            self._lock = os.open(self.path / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        except OSError as error:
            raise folder_error(error) from None

    def close(self) -> None:
        """Removes the folder with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def temporary() -> str:
    """Where temporary files go: a TMPDIR that cannot be written is an error, not a reason to go elsewhere."""
    return os.environ.get("TMPDIR") or tempfile.gettempdir()


def folder_error(error: OSError) -> MachineError:
    """The message for a temporary folder that cannot be written."""
    return MachineError(
        f"The temporary folder {temporary()} cannot be written: {error.strerror}.",
        "Free some space there, or set TMPDIR to another folder.",
    )


def sweep(place: str) -> None:
    """Removes folders of this user whose session was killed."""
    with contextlib.suppress(OSError):
        for path in Path(place).glob(_PREFIX + "*"):
            with contextlib.suppress(OSError):
                _remove_if_left(path)


def _remove_if_left(path: Path) -> None:
    if path.is_symlink() or path.stat().st_uid != os.geteuid():
        return
    lock = os.open(path / "lock", os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(lock)
