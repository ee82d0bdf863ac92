"""The one thing that would give cells what they need: a command where there is one, else a sentence.

The names of packages are Debian's.  A package manager is spoken of only where it is.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable

import msgspec

from credstone.agent.build import NO_HEADERS
from credstone.doctor import needs
from credstone.doctor.machine import Here
from credstone.doctor.needs import Need
from credstone.targets.libraries import hint_for
from credstone.words import capability
from credstone.words.facts import Facts

OUTSIDE = "run it outside of this user namespace"
"""What helps where the ids and the rights are those of a user namespace that somebody else made."""


class Case(msgspec.Struct, frozen=True):
    """A need, where it shows.  ``facts`` are those of an agent, None where there is no agent at all."""

    need: Need
    here: Here
    facts: Facts | None = None
    image: str = ""
    """The target by which a container runtime would be asked; empty without an engine."""


def change_for(case: Case) -> str:
    """What would change it; empty where nothing is known to."""
    known = _CHANGES.get(case.need.kind)
    return known(case) if known else ""


def install(here: Here, facts: Facts | None, *packages: str) -> str:
    """The command that installs packages of Debian's."""
    if "apt-get" not in here:
        return f"install what Debian calls {' and '.join(packages)}"
    return as_root(here, facts, f"apt-get install {' '.join(packages)}")


def as_root(here: Here, facts: Facts | None, command: str) -> str:
    """A command as whoever runs this can give it, if the machine's root must do it."""
    if facts and not facts.initial_user_namespace:
        return f"{command}   (as root, outside of this user namespace)"
    if here.uid == 0:
        return command
    if facts and facts.credential.no_new_privs:
        return f"{command}   (as root: sudo and su have no effect where no_new_privs is set)"
    return f"sudo {command}" if "sudo" in here else f'su -c "{command}"'


def _compiler(case: Case) -> str:
    if case.here.compiler and shutil.which(case.here.compiler.split()[0]) is None and "cc" in case.here:
        return "unset CC"
    reason = case.need.reasons[0]
    if re.search(r"\b(linux|asm)/\S+\.h(:|' file not found)", reason):
        return install(case.here, case.facts, "linux-libc-dev")
    if "is not to be found" in reason or NO_HEADERS in reason:
        return install(case.here, case.facts, "gcc", "libc6-dev")
    return ""


def _i386(case: Case) -> str:
    if "makes no programs" not in case.need.reasons[0]:
        return "boot a kernel with CONFIG_IA32_EMULATION"
    if case.facts and case.facts.machine != "x86_64":
        return ""
    compiler = case.here.compiler.split()[0] if case.here.compiler else "gcc"
    if not re.search(r"(^|/)(g?cc|clang)(-\d+)?$", compiler):
        return ""  # one that has a C library of its own
    release = re.fullmatch(r"(?:.*/)?gcc(-\d+)?", compiler)
    return install(case.here, case.facts, f"gcc{release[1] or '' if release else ''}-multilib")


def _library(case: Case) -> str:
    return hint_for(case.need.reasons[0])


def _capabilities(case: Case) -> str:
    facts, here = case.facts, case.here
    if facts is None:
        return ""
    if not facts.initial_user_namespace:
        return OUTSIDE
    bounding = facts.credential.capabilities.bounding
    beyond = [name for name in case.need.capabilities if not bounding & capability.MASKS[name]]
    if here.uid != 0 and len(beyond) < len(case.need.capabilities):
        return as_root(here, facts, f"{here.command} run")
    if beyond and here.container:
        wanted = " ".join(f"--cap-add={name.removeprefix('CAP_')}" for name in beyond)
        return f"{here.container} run {wanted}"
    if beyond:
        return f"start it where these are in the bounding set: {', '.join(beyond)}"
    return f"start it as root with its capabilities: {', '.join(case.need.capabilities)}"


def _namespaces(case: Case) -> str:
    """What makes user namespaces possible: where a filter is active it is that, else a setting."""
    settings = case.here.settings
    if case.facts and case.facts.seccomp:
        return _filter(case)
    for name, value in (("kernel/unprivileged_userns_clone", "1"), ("user/max_user_namespaces", "65536")):
        if settings.get(name) == "0":
            return _set(case, name, value)
    return ""


def _mounts(case: Case) -> str:
    if case.here.settings.get("user/max_mnt_namespaces") == "0":
        return _set(case, "user/max_mnt_namespaces", "65536")
    return _filter(case)


def _set(case: Case, name: str, value: str) -> str:
    command = f"sysctl -w {name.replace('/', '.')}={value}"
    own = name.startswith("user/") and case.here.uid == 0  # each user namespace has those of its own
    return command if own else as_root(case.here, case.facts, command)


def _filter(case: Case) -> str:
    if case.facts is None or not case.facts.seccomp:
        return ""
    if case.here.container:
        return f"{case.here.container} run --security-opt seccomp=unconfined"
    return "start it from where no seccomp filter is active"


def another_folder(here: Here) -> str:
    """What gives cells another temporary folder."""
    better = next((each.path for each in here.others if each.serves), "")
    if better:
        return f"TMPDIR={better} credstone run"
    return "set TMPDIR to a folder with room, mounted without nosuid and noexec"


def _no_new_privs(case: Case) -> str:
    if case.here.container:
        return f"{case.here.container} run without --security-opt no-new-privileges"
    return "start it from a shell in which no_new_privs is not set: it cannot be taken back"


def _yama(case: Case) -> str:
    if case.facts and case.facts.ptrace_scope > 2:
        return "boot anew: kernel.yama.ptrace_scope cannot be lowered from 3"
    return _set(case, "kernel/yama/ptrace_scope", "0")


def _limit(case: Case) -> str:
    if case.here.container:
        return f"{case.here.container} run --ulimit nproc=-1"
    held = case.facts.credential.capabilities.effective if case.facts else 0
    if case.here.uid == 0 and not held & capability.MASKS["CAP_SYS_RESOURCE"]:
        return "start it with a higher hard limit (RLIMIT_NPROC): without CAP_SYS_RESOURCE it cannot be raised"
    return as_root(case.here, case.facts, "prlimit --pid $$ --nproc=unlimited")


def _sysctl(case: Case) -> str:
    if case.here.container:
        paths = {"docker": "systempaths=unconfined", "podman": "unmask=ALL"}[case.here.container]
        return f"{case.here.container} run --security-opt {paths}"
    return as_root(case.here, case.facts, "mount -o remount,rw /proc/sys")


def _runtime(case: Case) -> str:
    return f"credstone run --target {case.image}" if case.image else "an engine for containers, see below"


def _interpreter(case: Case) -> str:
    if "cannot be started" in case.need.reasons[0]:
        return "start it by a Python that this user may execute"
    return "start it by a Python with ctypes"


_CHANGES: dict[str, Callable[[Case], str]] = {
    needs.COMPILER: _compiler,
    needs.I386: _i386,
    needs.INTERPRETER: _interpreter,
    needs.LIBRARY: _library,
    needs.CAPABILITIES: _capabilities,
    needs.OWN_NAMESPACE: lambda _: OUTSIDE,
    needs.NO_NEW_PRIVS: _no_new_privs,
    needs.FILTER: _filter,
    needs.USER_NAMESPACES: _namespaces,
    needs.MOUNT_NAMESPACES: _mounts,
    needs.FOLDER: lambda case: another_folder(case.here),
    needs.YAMA: _yama,
    needs.LIMIT: _limit,
    needs.SYSCTL: _sysctl,
    needs.KERNEL: lambda case: f"{case.here.command} run --target kernel:PATH, a newer kernel in a virtual machine",
    needs.RUNTIME: _runtime,
}
