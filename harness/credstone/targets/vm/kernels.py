"""Kernels: files, and those of packages that have a folder in ``kernels/`` and are fetched once."""

from __future__ import annotations

from pathlib import Path

import msgspec

from credstone.local.bundled import bundled
from credstone.local.cache import folder_for
from credstone.suite.toml import read_toml, wrong_entry
from credstone.targets.vm.package import fetch_file, fetch_newest
from credstone.words.errors import CredstoneError, MachineError
from credstone.words.kernel import Kernel, read_kernel

_HEAD = 0x240
_MARKS = ((0x202, b"HdrS"), (0, b"\x7fELF"), (56, b"ARMd"))
"""What stands where in the head of a kernel: a bzImage, a vmlinux, an Image of arm64."""
FETCHED = "kernels"
"""The folder of the virtual environment in which packaged kernels are kept."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One packaged kernel: ``kernel`` is how its release begins, ``ci`` whether the project's own CI runs it.

    It is the newest on which a ``package`` of a Debian ``suite`` depends, or always the one in the package at this
    ``address``, whose ``sha256`` is written down.
    """

    says: str
    kernel: str
    suite: str = ""
    package: str = ""
    address: str = ""
    sha256: str = ""
    ci: bool = False


class Found(msgspec.Struct, frozen=True):
    """A kernel that can be booted, and the file with its known deviations, which need not exist."""

    path: Path
    deviations: Path | None = None


def kernels() -> Path:
    """The folder of the kernels that have a name."""
    return bundled("kernels")


def names() -> list[str]:
    """The kernels that have a name."""
    return sorted(path.parent.name for path in kernels().glob("*/kernel.toml"))


def deviations_of(name: str) -> Path:
    """Where the known deviations of a named kernel stand; one that has none has no such file."""
    return kernels() / name / "deviations.toml"


def load(name: str) -> Settings:
    """What is written of a named kernel.  Raises Mistake."""
    return read_settings(kernels() / name / "kernel.toml")


def read_settings(path: Path) -> Settings:
    """The settings in a file ``NAME/kernel.toml``.  Raises CredstoneError, a Mistake where it has a place."""
    settings = read_toml(path, Settings)
    newest, fixed = {bool(settings.suite), bool(settings.package)}, {bool(settings.address), bool(settings.sha256)}
    if (newest, fixed) not in (({True}, {False}), ({False}, {True})):
        key = "suite" if True in newest else "address"
        raise wrong_entry(path, (key,), "a kernel has 'suite' and 'package', or 'address' and 'sha256'")
    return settings


def check_kernel(name: str) -> None:
    """Raises CredstoneError for a name that is neither of a packaged kernel nor of a file with one."""
    if name in names():
        return
    path = Path(name)
    if not path.is_file():
        raise CredstoneError(
            f"There is no kernel '{name}': no file has that path.", f"Packaged kernels are {', '.join(names())}."
        )
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise CredstoneError(f"The kernel '{name}' cannot be read: {error.strerror}.") from None
    if not any(head[at : at + len(mark)] == mark for at, mark in _MARKS):
        raise CredstoneError(
            f"'{name}' is no kernel: it begins neither as a bzImage nor as a vmlinux.",
            "Name the file that a boot loader would load, such as arch/x86/boot/bzImage.",
        )


def find_kernel(name: str) -> Found:
    """The kernel of this name, fetched if it has not been, or the one at this path.  Raises MachineError."""
    if name not in names():
        return Found(Path(name).resolve())
    return Found(fetched(name) or fetch_kernel(name), deviations_of(name))


def fetch_kernel(name: str) -> Path:
    """Fetches the kernel of this name, whether there is one or not.  Raises CredstoneError, MachineError."""
    if name not in names():
        raise CredstoneError(f"There is no kernel '{name}' to fetch.", f"Packaged kernels are {', '.join(names())}.")
    settings = load(name)
    place = _folder() / f"{name}-vmlinuz"
    if settings.address:
        fetch_file(settings.address, settings.sha256, place)
    else:
        fetch_newest(settings.suite, settings.package, place)
    return place


def version_of(path: Path) -> str:
    """What a bzImage says of itself, as uname(1) does: its release and version; empty for another file.

    The head of a bzImage has the place of that text (Linux/x86 boot protocol, kernel_version).
    """
    with path.open("rb") as file:
        image = file.read(1 << 16)
    if image[0x202:0x206] != b"HdrS":
        return ""
    at = 0x200 + int.from_bytes(image[0x20E:0x210], "little")
    return image[at : at + 256].partition(b"\0")[0].decode(errors="replace")


def kernel_of(path: Path) -> Kernel:
    """The version of a bzImage."""
    release, _, about = version_of(path).partition(" ")
    return read_kernel(release, about)


def _folder() -> Path:
    """Where kernels are kept.  Raises MachineError where there is no such place."""
    folder = folder_for(FETCHED)
    if folder is None:
        raise MachineError(
            "A packaged kernel is kept in the virtual environment, and this is none that can be written.",
            "Run from a virtual environment, or name the file of a kernel: --target kernel:PATH.",
        )
    return folder


def fetched(name: str) -> Path | None:
    """The file of a packaged kernel, if it has been fetched."""
    folder = folder_for(FETCHED)
    path = folder / f"{name}-vmlinuz" if folder else None
    return path if path and path.is_file() else None
