"""Becoming the actor: files, database, credentials, user namespace.

All is done by raw system calls in the cell's main process, in the order of the lines, before any line is performed.
``as`` makes only the calls that lead from the credential that is there to the one that is asked: an actor that is there
already needs no privilege.  What cannot be had is not argued about here: the credential is reported and the harness
compares it.
"""

import os
from typing import List

import beginning
import constants
import kernel
import maps
from credential import Credential, observe
from refused import Doing
from script import Etc, File, Namespace, SetUp, Started

NSSWITCH = "passwd: files\ngroup: files\n"
NSCD = ("/run/nscd", "/var/run/nscd")


def perform(lines: List[SetUp]) -> None:
    """Do these lines of set-up; Refused names the first call that failed."""
    for line in lines:
        if isinstance(line, File):
            _file(line)
        elif isinstance(line, Started):
            beginning.restore()
        elif isinstance(line, Etc):
            _etc(line)
        elif isinstance(line, Namespace):
            with Doing("unshare(CLONE_NEWUSER)"):
                kernel.call("unshare", constants.CLONE_NEWUSER)
            if line.outside:
                maps.write_from_outside(line)
            else:
                maps.write("/proc/self/", line)
        else:
            _become(line)


def cover(folder: str) -> None:
    """A file system of the cell's own over its folder, where set-id bits and capabilities of files do nothing."""
    _own_mounts()
    with Doing("mount"):
        kernel.mount("tmpfs", folder, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755")


def _own_mounts() -> None:
    with Doing("unshare"):
        kernel.call("unshare", constants.CLONE_NEWNS)
    with Doing("mount"):
        kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE, "")


def _file(wanted: File) -> None:
    """The owner comes before the mode and the capabilities, which chown(2) takes away."""
    if wanted.content is None:
        with Doing("mkdir " + wanted.name):
            os.mkdir(wanted.name, 0o700)
    else:
        with Doing("open " + wanted.name):
            file = os.open(wanted.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with Doing("write " + wanted.name):
            _write_all(file, os.fsencode(wanted.content))
        os.close(file)
    there = os.stat(wanted.name)
    if (there.st_uid, there.st_gid) != (wanted.owner, wanted.group):
        with Doing("chown " + wanted.name):
            kernel.library("chown", wanted.name, wanted.owner, wanted.group)
    with Doing("chmod " + wanted.name):
        os.chmod(wanted.name, wanted.mode)
    if wanted.capabilities:
        with Doing("setxattr " + wanted.name):
            os.setxattr(wanted.name, "security.capability", wanted.capabilities)


def _write_all(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]


def _etc(wanted: Etc) -> None:
    """A file system of our own over /etc, so that the target's files are neither read nor touched, and nothing is left
    when the mount namespace goes with the cell.  The name service cache daemon would answer from the real files: its
    socket is covered too."""
    _own_mounts()
    with Doing("mount"):
        for folder in ("/etc",) + NSCD:
            if folder == "/etc" or os.path.isdir(folder):
                kernel.mount("tmpfs", folder, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755")
    for name, content in (("passwd", wanted.passwd), ("group", wanted.group), ("nsswitch.conf", NSSWITCH)):
        if content is not None:
            with Doing("write /etc/" + name):
                file = os.open("/etc/" + name, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
                os.fchmod(file, 0o644)
                _write_all(file, os.fsencode(content))
                os.close(file)


def _become(wanted: Credential) -> None:
    """From the credential that is there to ``wanted``, by the needed calls only."""
    there = observe()
    if there._replace(groups=sorted(there.groups)) == wanted._replace(groups=sorted(wanted.groups)):
        return
    inheritable, permitted, _, bounding, _ = wanted.capabilities
    inherited, had, in_force, bound, _ = there.capabilities
    ids_move = wanted.uid != there.uid
    lost_bounds = bound & ~bounding

    # Privilege that is permitted but not in force would be missing below.  New inheritable capabilities come first,
    # because they must still be in the bounding set.
    carried = inheritable & (had | bound) | inherited
    need = ids_move or lost_bounds or wanted.gid != there.gid or sorted(wanted.groups) != sorted(there.groups)
    if (need and in_force != had) or carried != inherited:
        with Doing("capset"):
            kernel.set_capabilities(had, had, carried)
    _each(lost_bounds, "PR_CAPBSET_DROP", constants.PR_CAPBSET_DROP)

    if sorted(wanted.groups) != sorted(there.groups):
        with Doing("setgroups"):
            kernel.set_groups(wanted.groups)
    if wanted.gid != there.gid:
        if wanted.gid[:3] != there.gid[:3]:
            with Doing("setresgid"):
                kernel.call("setresgid", *wanted.gid[:3])
        if kernel.filesystem_id("setfsgid") != wanted.gid[3]:
            kernel.filesystem_id("setfsgid", wanted.gid[3])
    if ids_move:
        # Privilege must survive the change if it is asked for, or if something that follows takes it.
        keep = permitted or there.securebits != wanted.securebits or wanted.uid[3] != wanted.uid[1]
        if wanted.uid[:3] != there.uid[:3]:
            if keep:
                with Doing("PR_SET_KEEPCAPS"):
                    kernel.prctl(constants.PR_SET_KEEPCAPS, 1)
            with Doing("setresuid"):
                kernel.call("setresuid", *wanted.uid[:3])
        if wanted.uid[3] != wanted.uid[1]:
            now = kernel.capabilities()  # who is effective root no more has nothing in force, even with keep_caps
            with Doing("capset"):
                kernel.set_capabilities(now[1], now[1], now[0])
        if kernel.filesystem_id("setfsuid") != wanted.uid[3]:
            kernel.filesystem_id("setfsuid", wanted.uid[3])
    _settle(wanted)


def _settle(wanted: Credential) -> None:
    """What the change of ids moved or left: capabilities, securebits, and the traits of the process."""
    inheritable, permitted, effective, _, ambient = wanted.capabilities
    there = observe()
    if there.keep_caps and not wanted.securebits & constants.SECBIT_KEEP_CAPS:
        with Doing("PR_SET_KEEPCAPS"):
            kernel.prctl(constants.PR_SET_KEEPCAPS, 0)
        there = there._replace(keep_caps=False, securebits=there.securebits & ~constants.SECBIT_KEEP_CAPS)
    had = there.capabilities[1]
    if there.securebits != wanted.securebits or ambient & ~there.capabilities[4]:
        # CAP_SETPCAP must be in force for securebits, ambient capabilities permitted and inheritable; ambient before
        # securebits, which can forbid it.
        if there.capabilities[:3] != [inheritable, had, had]:
            with Doing("capset"):
                kernel.set_capabilities(had, had, inheritable)
        _each(
            ambient & ~there.capabilities[4],
            "PR_CAP_AMBIENT_RAISE",
            constants.PR_CAP_AMBIENT,
            constants.PR_CAP_AMBIENT_RAISE,
        )
        if there.securebits != wanted.securebits:
            with Doing("PR_SET_SECUREBITS"):
                kernel.prctl(constants.PR_SET_SECUREBITS, wanted.securebits)
        there = observe()
    _each(
        there.capabilities[4] & ~ambient,
        "PR_CAP_AMBIENT_LOWER",
        constants.PR_CAP_AMBIENT,
        constants.PR_CAP_AMBIENT_LOWER,
    )
    if there.capabilities[:3] != [inheritable, permitted, effective]:
        with Doing("capset"):
            kernel.set_capabilities(permitted, effective, inheritable)
    if wanted.no_new_privs and not there.no_new_privs:
        with Doing("PR_SET_NO_NEW_PRIVS"):
            kernel.prctl(constants.PR_SET_NO_NEW_PRIVS, 1)
    if there.parent_death_signal:
        with Doing("PR_SET_PDEATHSIG"):
            kernel.prctl(constants.PR_SET_PDEATHSIG, 0)
    if kernel.prctl(constants.PR_GET_DUMPABLE) != 1:
        with Doing("PR_SET_DUMPABLE"):
            kernel.prctl(constants.PR_SET_DUMPABLE, 1)


def _each(capabilities: int, name: str, *option: int) -> None:
    """A prctl for each capability of a set."""
    for number in range(capabilities.bit_length()):
        if capabilities >> number & 1:
            with Doing(name):
                kernel.prctl(*(option + (number,)))
