"""What is said of each thing that cells may need: the fact that decides, as an agent or this machine tells it."""

from __future__ import annotations

import contextlib
import resource
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import msgspec

from credstone.doctor import needs
from credstone.doctor.machine import YAMA, Here, size
from credstone.doctor.needs import Examined
from credstone.words import capability
from credstone.words.cell import NATIVE, PYTHON
from credstone.words.errors import MachineError
from credstone.words.facts import Facts

_ORDINARY = """\
import ctypes, os
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
libc = ctypes.CDLL(None, use_errno=True)
print(os.strerror(ctypes.get_errno()) if libc.unshare(0x10000000) else "yes")
"""
"""Whether an ordinary user can make a user namespace is tried by a process that has become one."""


class Looked(msgspec.Struct, frozen=True):
    """All that was looked at: the plans and the agents, the machine, and how many cells ask for each capability."""

    examined: Examined
    here: Here
    asked: Counter[str]

    @property
    def facts(self) -> Facts | None:
        """The facts of an agent."""
        return self.examined.facts


def fact_of(kind: str, looked: Looked) -> str:
    """The fact about a thing that cells may need; empty where there is no agent to tell it."""
    if kind in _OF_AGENTS:
        return _agent(kind, looked)
    if kind == needs.FOLDER:
        return _folder(looked)
    if kind == needs.YAMA:
        scope = looked.here.settings.get(YAMA, "")
        return f"kernel.yama.ptrace_scope is {scope}" if scope else "no Yama in this kernel"
    if kind == needs.CAPABILITIES:
        return _capabilities(looked)
    if kind == needs.LIBRARY:
        return _library(looked)
    return _FACTS[kind](looked.facts) if looked.facts and kind in _FACTS else ""


_OF_AGENTS = {needs.COMPILER: NATIVE, needs.I386: "i386", needs.INTERPRETER: PYTHON}


def untried(kind: str, looked: Looked) -> str:
    """What an agent, which would tell of this, cannot be had without; empty where it was tried."""
    found = looked.examined.agents[_OF_AGENTS[kind]] if kind in _OF_AGENTS else None
    about = needs.kind_of(found.what) if isinstance(found, MachineError) else kind
    return about if about != kind else ""


def _agent(kind: str, looked: Looked) -> str:
    found = looked.examined.agents[_OF_AGENTS[kind]]
    if without := untried(kind, looked):
        return f"not tried: {without}, see there"
    if isinstance(found, MachineError):
        return found.what
    if kind == needs.INTERPRETER:
        return f"{found.python} with ctypes"
    compiler = looked.here.compiler or "cc"
    if kind == needs.I386:
        return f"{compiler} -m32, and the kernel runs what it makes"
    return _version(compiler) or compiler


def _version(compiler: str) -> str:
    """What a compiler calls itself."""
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        command = [*shlex.split(compiler), "--version"]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=5, check=False)
        return next(iter(done.stdout.splitlines()), "")
    return ""


def _library(looked: Looked) -> str:
    """The C library, its file, and what the environment says of libraries."""
    if looked.facts is None:
        return ""
    whose = "" if isinstance(looked.examined.agents[NATIVE], Facts) else "that of the agent in Python"
    named = looked.facts.libc + (f" ({looked.facts.libc_file})" if looked.facts.libc_file else "")
    return ", ".join(part for part in (named, whose, *looked.facts.loading) if part)


def _folder(looked: Looked) -> str:
    folder = looked.here.folder
    if folder.free < 0:
        return f"{folder.path} cannot be used"
    options = f", mounted {', '.join(sorted(folder.options))}" if folder.options else ""
    return f"{folder.path}{options}, {size(folder.free)} free"


def _capabilities(looked: Looked) -> str:
    """Which of those that cells ask for this process has, and which it cannot have."""
    if looked.facts is None:
        return ""
    sets = looked.facts.credential.capabilities
    lacking = [name for name, _ in looked.asked.most_common() if not sets.permitted & capability.MASKS[name]]
    beyond = list(capability.names(((1 << (looked.facts.last_capability + 1)) - 1) & ~sets.bounding))
    told = f"not {', '.join(lacking)}" if lacking else f"all {len(looked.asked)} that cells ask for"
    wanted = [name for name in beyond if name in looked.asked]
    if beyond:
        told += f"; outside of the bounding set: {', '.join(wanted or beyond)}"
    return told if wanted or not beyond else f"{told}, for which no cell asks"


def _own_namespace(facts: Facts) -> str:
    own = facts.credential
    who = f"uid {own.uid.effective}, gid {own.gid.effective}"
    if facts.initial_user_namespace:
        return f"the initial one; {who}"
    maps = "; ".join(f"{kind} {' '.join(text.split())}" for kind, text in _maps(facts))
    return f"not the initial one ({maps}; setgroups {facts.setgroups}); {who}"


def _maps(facts: Facts) -> tuple[tuple[str, str], ...]:
    return ("uid_map", facts.uid_map), ("gid_map", facts.gid_map)


def _user_namespaces(facts: Facts) -> str:
    if facts.new_user_namespace:
        return f"unshare(CLONE_NEWUSER) is refused: {facts.new_user_namespace}"
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _ORDINARY], capture_output=True, text=True, timeout=5, check=False
        )
        told = done.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        told = ""
    if told == "yes":
        return "can be made, by an ordinary user too"
    return f"can be made; not by an ordinary user: {told}" if told else "can be made"


def _mount_namespaces(facts: Facts) -> str:
    if not facts.credential.capabilities.effective & capability.CAP_SYS_ADMIN:
        return ""  # they take it, and that it is not there is said of the capabilities
    refused = facts.new_mount_namespace
    return f"unshare(CLONE_NEWNS) is refused: {refused}" if refused else "can be made"


def _filter(facts: Facts) -> str:
    if not facts.seccomp:
        label = facts.security_label
        return "no seccomp filter" + (f"; confined as {label}" if label not in ("", "unconfined") else "")
    refused = ", ".join(f"{name} ({error})" for name, error in facts.refused.items())
    return "a seccomp filter is active" + (f", and refuses {refused}" if refused else "")


def _processes(facts: Facts) -> str:
    soft, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    told = ["no limit" if each < 0 else str(each) for each in (soft, facts.process_limit)]
    return f"RLIMIT_NPROC is {told[0]}" + (f", at most {told[1]}" if told[0] != told[1] else "")


_FACTS: dict[str, Callable[[Facts], str]] = {
    needs.OWN_NAMESPACE: _own_namespace,
    needs.NO_NEW_PRIVS: lambda facts: "set" if facts.credential.no_new_privs else "not set",
    needs.FILTER: _filter,
    needs.USER_NAMESPACES: _user_namespaces,
    needs.MOUNT_NAMESPACES: _mount_namespaces,
    needs.LIMIT: _processes,
    needs.SYSCTL: lambda facts: f"mounted {facts.sysctl_options}" if facts.sysctl_options else "not mounted",
    needs.KERNEL: lambda facts: f"{facts.kernel}, judged as Linux {facts.linux}" if facts.kernel else "",
    needs.RUNTIME: lambda _: "what it hands to a first process is tried in containers, never on the host",
}
