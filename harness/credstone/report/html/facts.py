"""The facts of the targets in words: what was probed before anything ran, and in what the targets differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from credstone.results.by_target import by_target
from credstone.words.capability import names
from credstone.words.container_start import Asked
from credstone.words.credential import Ids
from credstone.words.facts import Facts

NONE = "–"


class FactsOf(msgspec.Struct, frozen=True):
    """The facts of one target, a column for each of its agents; ``rows`` are a name and what each agent told."""

    target: str
    agents: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def facts_by_target(facts: Mapping[str, Facts]) -> tuple[FactsOf, ...]:
    """The facts of the header, by target."""
    return tuple(_facts_of(target, agents) for target, agents in by_target(facts).items())


def differing(facts: Mapping[str, Facts]) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """The targets, and the facts in which their first agents differ; nothing of a single target."""
    first = {target: next(iter(agents.values())) for target, agents in by_target(facts).items()}
    told = [_told(found) for found in first.values()]
    rows = [(name, tuple(each[name] for each in told)) for name in TOLD]
    return tuple(first), tuple((name, values) for name, values in rows if len({*values}) > 1)


def _facts_of(target: str, agents: Mapping[str, Facts]) -> FactsOf:
    told = [_told(found) for found in agents.values()]
    rows = ((name, tuple(each[name] for each in told)) for name in TOLD)
    return FactsOf(target, tuple(agents), tuple((name, values) for name, values in rows if {*values} != {NONE}))


def _told(facts: Facts) -> dict[str, str]:
    return {name: told(facts) or NONE for name, told in TOLD.items()}


def _ids(ids: Ids) -> str:
    """One number where all four are the same."""
    each = msgspec.structs.astuple(ids)
    return str(each[0]) if len({*each}) == 1 else "real {} effective {} saved {} filesystem {}".format(*each)


def _capabilities(mask: int, last: int = -1) -> str:
    """The names in a mask; where there are many of the ``last`` + 1 that the kernel knows, those that are missing."""
    every = (1 << last + 1) - 1
    lacking = list(names(every & ~mask))
    if last >= 0 and len(lacking) < last / 2:
        return f"all {last + 1}" + (f" but {', '.join(lacking)}" if lacking else "")
    return ", ".join(names(mask)) or "none"


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "none"


def _number(number: int) -> str:
    return NONE if number < 0 else str(number)


def _works(errno: str) -> str:
    return errno or "works"


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"


def _refused(refused: Mapping[str, str]) -> str:
    return ", ".join(f"{call} {errno}" for call, errno in refused.items() if errno) or "none"


def _asked(asked: Asked | None) -> str:
    if asked is None:
        return "nothing: no runtime started it"
    return "; ".join(_parts_of(asked))


def _parts_of(asked: Asked) -> Iterator[str]:
    yield f"uid {asked.uid}, gid {asked.gid}, additional groups {_numbers(asked.groups)}"
    if asked.capabilities is not None:
        yield f"capabilities {_capabilities(asked.capabilities)}"
    yield f"ambient {_capabilities(asked.ambient)}"
    yield f"umask {asked.umask:04o}"
    if asked.no_new_privs:
        yield "no_new_privs"
    if asked.uid_map:
        yield f"maps {asked.uid_map} and {asked.gid_map}"


TOLD: dict[str, Callable[[Facts], str]] = {
    "kernel": lambda facts: facts.kernel,
    "kernel's version": lambda facts: facts.kernel_version,
    "kernel's signature": lambda facts: facts.kernel_signature,
    "kernel of the engine's machine": lambda facts: facts.host_kernel,
    "machine": lambda facts: facts.machine,
    "ABI": lambda facts: facts.abi,
    "C library": lambda facts: facts.libc + (" in the agent itself" if facts.static else ""),
    "file of the C library": lambda facts: facts.libc_file,
    "LD_PRELOAD": lambda facts: facts.ld_preload,
    "LD_LIBRARY_PATH": lambda facts: facts.ld_library_path,
    "named by the caller and not used": lambda facts: " ".join(facts.not_used),
    "raw calls not answered by the kernel": lambda facts: facts.raw_calls,
    "Python": lambda facts: facts.python,
    "image": lambda facts: facts.image,
    "engine": lambda facts: facts.engine,
    "runtime": lambda facts: facts.runtime,
    "pretends to callers of": lambda facts: facts.pretends_to,
    "keeps the groups that it is given": lambda facts: "" if facts.groups_kept else "no",
    "threads stay themselves after a signal": lambda facts: "" if facts.thread_pointer_kept else "no",
    "threads are those of one process": lambda facts: "" if facts.real_threads else "no",
    "posture": lambda facts: facts.posture,
    "asked of the runtime": lambda facts: _asked(facts.asked),
    "started as uid": lambda facts: _ids(facts.credential.uid),
    "started as gid": lambda facts: _ids(facts.credential.gid),
    "supplementary groups": lambda facts: _numbers(facts.credential.groups),
    "effective capabilities": lambda facts: _capabilities(
        facts.credential.capabilities.effective, facts.last_capability
    ),
    "bounding capabilities": lambda facts: _capabilities(facts.credential.capabilities.bounding, facts.last_capability),
    "ambient capabilities": lambda facts: _capabilities(facts.credential.capabilities.ambient),
    "inheritable capabilities": lambda facts: _capabilities(facts.credential.capabilities.inheritable),
    "last capability": lambda facts: _number(facts.last_capability),
    "securebits": lambda facts: str(facts.credential.securebits),
    "no_new_privs": lambda facts: _yes(facts.credential.no_new_privs),
    "uid_map": lambda facts: facts.uid_map,
    "gid_map": lambda facts: facts.gid_map,
    "setgroups of the user namespace": lambda facts: facts.setgroups,
    "in the first user namespace": lambda facts: _yes(facts.initial_user_namespace),
    "kernel has user namespaces": lambda facts: "" if facts.user_namespaces else "no",
    "limit on user namespaces": lambda facts: _number(facts.max_user_namespaces),
    "limit on mount namespaces": lambda facts: _number(facts.max_mnt_namespaces),
    "threads of the agent": lambda facts: str(facts.threads) if facts.threads > 1 else "",
    "new user namespace": lambda facts: _works(facts.new_user_namespace),
    "new mount namespace": lambda facts: _works(facts.new_mount_namespace),
    "calls that are refused": lambda facts: _refused(facts.refused),
    "seccomp filter": lambda facts: "active" if facts.seccomp else "none",
    "security label": lambda facts: facts.security_label,
    "Yama's ptrace_scope": lambda facts: str(facts.ptrace_scope),
    "map of six lines": lambda facts: _works(facts.long_map),
    "execution of the agent": lambda facts: _works(facts.execution),
    "capabilities of files": lambda facts: _works(facts.file_capabilities),
    "message queues": lambda facts: _works(facts.message_queues),
    "NGROUPS_MAX, of the kernel": lambda facts: _number(facts.ngroups_max),
    "NGROUPS_MAX, by sysconf": lambda facts: _number(facts.sysconf_ngroups_max),
    "overflow uid and gid": lambda facts: f"{facts.overflow_uid} {facts.overflow_gid}",
    "suid_dumpable": lambda facts: str(facts.suid_dumpable),
    "limit on processes": lambda facts: _number(facts.process_limit),
    "umask": lambda facts: f"{facts.umask:04o}",
    "options of the temporary folder": lambda facts: facts.folder_options,
    "options of /proc/sys": lambda facts: facts.sysctl_options,
}
"""What is told of a target, in this order."""
