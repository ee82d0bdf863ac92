"""Facts of one target in two runs: which of them are others now.

What says nothing about a target is no change: the number of the agent's process, the categories that a container was given
to keep it apart from others, a limit that no cell comes near.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import msgspec

from credstone.judge.difference import differences
from credstone.results.by_target import of_target
from credstone.results.diff.findings import FactChange
from credstone.results.record import Header
from credstone.words.container_start import Asked
from credstone.words.facts import Facts

_OF_ONE_RUN = ("api_level", "pid")
_NEAR_NO_CELL = 1_000
_LIMITS = ("process_limit", "max_user_namespaces", "max_mnt_namespaces")
_CATEGORIES = re.compile(r":c\d+(,c\d+)*$")

_PROBES = {
    "new_user_namespace": "unshare(CLONE_NEWUSER)",
    "new_mount_namespace": "unshare(CLONE_NEWNS)",
    "file_capabilities": "setxattr(security.capability)",
    "message_queues": "msgget(2)",
    "long_map": "a map of six lines",
    "execution": "execve(2) of the agent",
}
"""Facts that are an errno name, or empty where the thing works."""

_NAMES = {
    "libc_file": "file of the C library",
    "ld_preload": "LD_PRELOAD",
    "ld_library_path": "LD_LIBRARY_PATH",
    "not_used": "named by the caller and not used",
    "raw_calls": "raw calls not answered by the kernel",
    "setgroups": "/proc/self/setgroups",
    "ngroups_max": "kernel.ngroups_max",
    "sysconf_ngroups_max": "sysconf(_SC_NGROUPS_MAX)",
    "overflow_uid": "kernel.overflowuid",
    "overflow_gid": "kernel.overflowgid",
    "last_capability": "kernel.cap_last_cap",
    "suid_dumpable": "fs.suid_dumpable",
    "ptrace_scope": "kernel.yama.ptrace_scope",
    "seccomp": "seccomp mode",
    "process_limit": "RLIMIT_NPROC",
    "folder_options": "mount options of the temporary folder",
    "sysctl_options": "mount options of /proc/sys",
    "user_namespaces": "/proc/self/ns/user is there",
    "max_user_namespaces": "user.max_user_namespaces",
    "max_mnt_namespaces": "user.max_mnt_namespaces",
    "threads": "threads of the agent",
    "initial_user_namespace": "in the initial user namespace",
    "static": "static agent",
    "thread_pointer_kept": "threads stay themselves after a signal",
    "real_threads": "threads are those of one process",
}
"""Facts by the names that people know them by; the others have them already."""


def run_changes(old: Header, new: Header) -> Iterator[FactChange]:
    """What the runs themselves were made with."""
    for fact, was, now in (("credstone", old.credstone, new.credstone), ("suite", old.suite, new.suite)):
        if was != now:
            yield FactChange("", (), fact, was, now)


def fact_changes(old: Header, new: Header, pair: tuple[str, str]) -> Iterator[FactChange]:
    """The facts of one target that changed, and the agents that can be had in one of the runs alone."""
    before, after = of_target(old.facts, pair[0]), of_target(new.facts, pair[1])
    shared = [agent for agent in before if agent in after]
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for agent in shared:
        for change in changed_facts(before[agent], after[agent]):
            found[change].append(agent)
    for (fact, was, now), agents in found.items():
        yield FactChange(pair[1], () if agents == shared else tuple(agents), fact, was, now)
    yield from _reach(old, new, pair)


def _reach(old: Header, new: Header, pair: tuple[str, str]) -> Iterator[FactChange]:
    """The agents that could be had in one run, and could not in the other."""
    for agent, reason in of_target(new.unreachable, pair[1]).items():
        if f"{pair[0]}:{agent}" in old.facts:
            yield FactChange(pair[1], (agent,), "agent", "there", reason.split("\n")[0])
    for agent, reason in of_target(old.unreachable, pair[0]).items():
        if f"{pair[1]}:{agent}" in new.facts:
            yield FactChange(pair[1], (agent,), "agent", reason.split("\n")[0], "there")


def changed_facts(before: Facts, after: Facts) -> Iterator[tuple[str, str, str]]:
    """The name of each fact that differs, with both values, as people read them."""
    for field in msgspec.structs.fields(Facts):
        was, now = getattr(before, field.name), getattr(after, field.name)
        if was == now or field.name in _OF_ONE_RUN:
            continue
        if field.name == "credential":
            yield from differences(was, now)
        elif field.name == "refused":
            for call in sorted({*was, *now}):
                if was.get(call) != now.get(call):
                    yield f"{call}(2)", was.get(call, "works"), now.get(call, "works")
        elif field.name == "asked":
            yield from _asked(was, now)
        elif not _says_nothing(field.name, was, now):
            yield _name(field.name), _shown(field.name, was), _shown(field.name, now)


def _says_nothing(name: str, was: object, now: object) -> bool:
    """Whether two values are different and mean the same."""
    if name == "security_label":
        return _CATEGORIES.sub("", str(was)) == _CATEGORIES.sub("", str(now))
    if name in _LIMITS:
        return all(isinstance(each, int) and not 0 <= each < _NEAR_NO_CELL for each in (was, now))
    return False


def _asked(was: Asked | None, now: Asked | None) -> Iterator[tuple[str, str, str]]:
    if was is None or now is None:
        yield "what a runtime was asked for", "known" if was else "nothing", "known" if now else "nothing"
        return
    for field in Asked.__struct_fields__:
        one, other = getattr(was, field), getattr(now, field)
        if one != other:
            yield f"asked {_name(field)}", _shown(field, one), _shown(field, other)


def _name(field: str) -> str:
    return _PROBES.get(field) or _NAMES.get(field) or field.replace("_", " ")


def _shown(field: str, value: object) -> str:
    if field in _PROBES:
        return str(value or "works")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field == "umask" and isinstance(value, int):
        return f"0{value:03o}"
    if field in ("capabilities", "ambient") and isinstance(value, int):
        return f"{value:#x}"
    if field == "process_limit" and value == -1:
        return "unlimited"
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    if value is None or value in ("", -1):
        return "none"
    return " ".join(str(value).split())
