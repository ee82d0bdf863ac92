"""What no agent tells of this machine: its programs, its temporary folders, its settings."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import sys
from pathlib import Path

import msgspec

from credstone.agent.build import CROSS
from credstone.agent.folder import temporary
from credstone.targets import qemu_user
from credstone.targets.fake_root import Fakeroot, Proot
from credstone.targets.vm import qemu

ROOM = 8 << 20
"""Bytes that a temporary folder must have: an agent may be compiled there, and cells put copies of it into their folders."""
_PLACES = ("/tmp", "/var/tmp")  # noqa: S108 - they are looked at, and named
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"
_CONTAINERS = {"/.dockerenv": "docker", "/run/.containerenv": "podman"}
_FIRST_PROCESSES = 0xEFFFFFFC
"""The inode of the namespace of process IDs that the kernel started with (PROC_PID_INIT_INO)."""
_PROGRAMS = (
    *("cc", "apt-get", "sudo", "dockerd", "podman", "mmdebstrap", "ssh", "prlimit"),
    *(*qemu.PROGRAMS.values(), *qemu_user.PROGRAMS.values(), *CROSS.values(), Proot.program, Fakeroot.program),
)


class Folder(msgspec.Struct, frozen=True):
    """A folder for temporary files: its mount options that matter, and the bytes that are free (-1: it is not there).

    ``writable`` is whether this user may make files in it.
    """

    path: str
    options: frozenset[str] = frozenset()
    free: int = -1
    writable: bool = False

    @property
    def serves(self) -> bool:
        """Whether everything can be done in it: there is room, programs run, their bits count."""
        return self.writable and not self.options and self.free >= ROOM


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """This machine and this process.

    ``programs`` are paths by name, ``settings`` files of /proc/sys as they read (absent ones are missing).  ``folder`` is
    the temporary one, ``others`` are those that could take its place.  ``container`` is the engine that runs this, as its
    mark in the file system says, ``command`` how credstone was started.
    """

    uid: int
    user: str
    programs: dict[str, str]
    settings: dict[str, str]
    folder: Folder
    others: tuple[Folder, ...] = ()
    container: str = ""
    systemd: bool = False
    system: str = ""
    command: str = "credstone"
    compiler: str = ""

    def __contains__(self, program: str) -> bool:
        return program in self.programs


YAMA = "kernel/yama/ptrace_scope"


def look_around() -> Here:
    """What is here."""
    path = f"{os.environ.get('PATH', os.defpath)}:{_SBIN}"
    found = {name: shutil.which(name, path=path) for name in _PROGRAMS}
    folder = temporary()
    return Here(
        uid=os.geteuid(),
        user=_user(),
        programs={name: where for name, where in found.items() if where},
        settings={name: text for name in _SETTINGS if (text := _setting(name))},
        folder=look_at(folder),
        others=tuple(look_at(place) for place in (*_PLACES, str(Path.home())) if place != folder),
        container=_container(),
        systemd=Path("/run/systemd/system").is_dir(),
        system=_system(),
        command=_command(),
        compiler=os.environ.get("CC", ""),
    )


_SETTINGS = (
    "kernel/unprivileged_userns_clone",
    "kernel/apparmor_restrict_unprivileged_userns",
    "user/max_user_namespaces",
    "user/max_mnt_namespaces",
    YAMA,
)


def look_at(path: str) -> Folder:
    """A folder for temporary files, whether it could be one or not."""
    try:
        found = os.statvfs(path)
        writable = os.access(path, os.W_OK | os.X_OK)
    except OSError:
        return Folder(path)
    flags = {"nosuid": os.ST_NOSUID, "noexec": os.ST_NOEXEC, "ro": os.ST_RDONLY}
    options = frozenset(name for name, flag in flags.items() if found.f_flag & flag)
    return Folder(path, options, found.f_bavail * found.f_frsize, writable)


def size(count: int) -> str:
    """So many bytes, for people."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def _container() -> str:
    """The engine that runs this: what an image leaves in the root of a machine that was made of it is no sign."""
    with contextlib.suppress(OSError):
        if Path("/proc/self/ns/pid").stat().st_ino == _FIRST_PROCESSES:
            return ""
    return next((name for mark, name in _CONTAINERS.items() if Path(mark).exists()), "")


def _user() -> str:
    with contextlib.suppress(KeyError):
        return pwd.getpwuid(os.geteuid()).pw_name
    return str(os.geteuid())


def _setting(name: str) -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/sys", name).read_text().strip()
    return ""


def _system() -> str:
    """The distribution, by its own name: ``Debian GNU/Linux 12 (bookworm)``."""
    with contextlib.suppress(OSError):
        for line in Path("/etc/os-release").read_text().splitlines():
            if line.startswith("PRETTY_NAME="):
                return line.partition("=")[2].strip("\"'")
    return ""


def _command() -> str:
    """How credstone can be started by somebody who has another PATH."""
    started = Path(sys.argv[0])
    if started.name == "credstone" and os.access(started, os.X_OK):
        return str(started.absolute())
    return f"{sys.executable} -m credstone"
