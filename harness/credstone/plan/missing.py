"""What a target lacks: every reason names the missing fact.

A reason is what a person reads beside ``unsupported``, so it says who lacks what, and for what it would be needed.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from credstone.model.since import MAPS_OF_ROOT, Unknown, holds
from credstone.plan.emulators import unlike_root, unpretended
from credstone.plan.excuses import (
    only_short_maps,
    refused_call,
    refused_queue,
    refused_user_namespace,
    unmountable,
)
from credstone.plan.files import lacking_for_files
from credstone.plan.ids import exists, extents
from credstone.plan.libraries import lacking_libraries
from credstone.words import capability
from credstone.words.actor import NewNamespace
from credstone.words.call import Text
from credstone.words.capability import CAP_SETFCAP, CAP_SETGID, CAP_SETUID
from credstone.words.cell import Cell
from credstone.words.credential import Credential, Ids
from credstone.words.facts import Facts
from credstone.words.scenario import MAIN, Line, Scenario

OF_THE_INITIAL_NAMESPACE = {
    "unix(7)/CAP_SYS_ADMIN-for-a-pid": "need not own the namespace of process IDs",
    "credentials(7)/linux/CAP_IPC_OWNER": "need not own the namespace of message queues",
    "execve(2)/linux/EAGAIN-not-for-root": "has a root of its own, who is no root to limits on processes",
}
"""Clauses that hold for what belongs to the initial user namespace, and what is otherwise with another one."""

FILTERED = ("unshare", "setns", "ptrace", "process_vm_readv")
"""Calls that the filters of container engines refuse whatever they are asked for; without a filter a refusal is a fault."""

LEVELS = 20
"""Whoever makes more user namespaces than this in each other is about the limit."""


def lacking_for(wanted: Credential, facts: Facts) -> list[str]:
    """What the agent lacks to become this."""
    if facts.pretends_to:
        return list(unlike_root(wanted, facts))
    own = facts.credential
    held = own.capabilities.permitted
    needs: dict[str, list[str]] = {}
    if wanted.groups != own.groups:
        needs.setdefault("CAP_SETGID", []).append(f"groups {list(wanted.groups)}")
    if wanted.gid != own.gid:
        needs.setdefault("CAP_SETGID", []).append(f"gid {_shown(wanted.gid)}")
    if wanted.uid != own.uid:
        needs.setdefault("CAP_SETUID", []).append(f"uid {_shown(wanted.uid)}")
    reasons = []
    lacking = [name for name in needs if not held & capability.MASKS[name]]
    if lacking:
        purpose = ", ".join(what for name in lacking for what in needs[name])
        who = f"uid {own.uid.effective}"
        reasons.append(f"needs root: {who} has no {' and no '.join(lacking)} to take {purpose}")
    reasons.extend(_unmapped(wanted, facts))
    beyond = wanted.capabilities.permitted & ~held
    if beyond:
        reasons.append(f"needs {', '.join(capability.names(beyond))}, which uid {own.uid.effective} does not have here")
    if wanted.groups != own.groups and not lacking:
        if facts.setgroups == "deny":
            reasons.append("setgroups(2) is denied in the user namespace of the agent (/proc/self/setgroups)")
        elif why := refused_call("setgroups", facts):
            reasons.append(why)
    for call, differs in (("setresgid", wanted.gid != own.gid), ("setresuid", wanted.uid != own.uid)):
        if differs and not lacking and (why := refused_call(call, facts)):
            reasons.append(why)
    return reasons


def _unmapped(wanted: Credential, facts: Facts) -> Iterator[str]:
    """The ids that the user namespace of the agent does not have."""
    own = facts.credential
    for kind, text, ids, mine in (
        ("uid", facts.uid_map, msgspec.structs.astuple(wanted.uid), msgspec.structs.astuple(own.uid)),
        (
            "gid",
            facts.gid_map,
            (*msgspec.structs.astuple(wanted.gid), *wanted.groups),
            msgspec.structs.astuple(own.gid),
        ),
    ):
        lacking = sorted({number for number in ids if number not in mine and not exists(text, number)})
        if lacking:
            yield f"{kind} {', '.join(map(str, lacking))} has no mapping in the user namespace of the agent"


def unwritable(namespace: NewNamespace, creator: Credential, facts: Facts) -> Iterator[str]:
    """Why the maps of a namespace that ``creator`` makes cannot be written, if so."""
    held = facts.credential.capabilities.effective
    outside = namespace.written_by == "outside"
    if outside and not (held & CAP_SETUID and held & CAP_SETGID):
        yield f"needs root: uid {facts.credential.uid.effective} may not map a range of ids (CAP_SETUID, CAP_SETGID)"
    elif outside and creator.uid.effective != facts.credential.uid.effective and not held & capability.CAP_SYS_ADMIN:
        yield f"needs root: uid {facts.credential.uid.effective} may not map the ids of another's namespace (CAP_SYS_ADMIN)"
    for kind, own, wanted, mine in (
        ("uid", facts.uid_map, namespace.uid_map, creator.uid.effective),
        ("gid", facts.gid_map, namespace.gid_map, creator.gid.effective),
    ):
        for _, first, count in extents(wanted):
            if (first, count) != (mine, 1) and not exists(own, first, count):
                yield f"the {kind}s from {first} to {first + count - 1} are not mapped in the user namespace of the agent"
    if _is_long(namespace.uid_map) or _is_long(namespace.gid_map):
        yield from filter(None, [only_short_maps(facts)])
    writer = facts.credential if outside else creator
    maps_root = any(first == 0 for _, first, _ in extents(namespace.uid_map))
    if maps_root and not writer.capabilities.effective & CAP_SETFCAP:
        try:
            if holds(MAPS_OF_ROOT, facts.linux):
                yield f"{MAPS_OF_ROOT}, and the creator of the namespace does not have it here"
        except Unknown as error:
            yield str(error)


def _shown(ids: Ids) -> str:
    return str(ids.real) if ids == Ids.all(ids.real) else f"{ids.real}/{ids.effective}/{ids.saved}"


def missing_for(cell: Cell, facts: Facts) -> list[str]:
    """What the scenario of a cell needs besides its actor and the target does not have."""
    scenario = cell.scenario
    calls = {call.name for line in scenario.lines for call in (line.call, line.then) if call is not None}
    if facts.raw_calls:  # none of the facts is to be trusted then
        return [f"the raw system calls of the agent in Python are not answered by the kernel: {facts.raw_calls}"]
    if facts.pretends_to:
        return list(unpretended(cell, facts))[:1]
    reasons = [*lacking_for_files(scenario, facts), *_untraceable(scenario, facts), *_bounded(scenario, facts)]
    if scenario.database is not None:
        reasons += unmountable("bring its own /etc", facts)
    reasons += _absent(scenario, facts)
    unmade = list(_namespaces(scenario, facts))
    reasons += unmade
    reasons += _filtered(calls - {"unshare"} if unmade else calls, facts)
    if "ro" in facts.sysctl_options.split(",") and any(_writes_sysctl(line) for line in scenario.lines):
        reasons.append("/proc/sys is mounted read-only here")
    reasons += lacking_libraries(cell, calls, facts)
    if not facts.initial_user_namespace:
        reasons += _of_the_initial_namespace(scenario)
    if "msgget" in calls and (why := refused_queue(facts)):
        reasons.append(why)
    if cell.abi and cell.abi != facts.abi:
        reasons.append(f"the agent is built for {facts.abi}, not for {cell.abi}")
    return reasons


def _absent(scenario: Scenario, facts: Facts) -> Iterator[str]:
    """What a scenario is set up with and the kernel does not have: lines without an expectation."""
    by_lines = [line.call for line in scenario.lines if not line.expected]
    for name in dict.fromkeys(call.name for call in by_lines if facts.refused.get(call.name) == "ENOSYS"):
        yield f"there is no {name}(2) here (ENOSYS), and the scenario is set up by it"
    if any(_is_long(each.text) for call in by_lines for each in call.arguments if isinstance(each, Text)):
        yield from filter(None, [only_short_maps(facts)])


def _is_long(map_text: str) -> bool:
    """Whether a map has more lines than Linux took before 4.15."""
    return len(map_text.splitlines()) > 5


def _filtered(calls: set[str], facts: Facts) -> Iterator[str]:
    """The calls that a filter refuses whatever they are asked for."""
    for name in FILTERED:
        if name in calls and facts.seccomp and (why := refused_call(name, facts)):
            yield why


def _of_the_initial_namespace(scenario: Scenario) -> Iterator[str]:
    """What a scenario uses that need not belong to the user namespace of the agent, where that is not the initial one."""
    for clause in scenario.cites:
        if clause in OF_THE_INITIAL_NAMESPACE:
            yield f"the agent lives in a user namespace that {OF_THE_INITIAL_NAMESPACE[clause]}"
    if any(_opens_sysctl(line) for line in scenario.lines):
        yield "files of /proc/sys belong to the initial user namespace, and the agent lives in another"


def _namespaces(scenario: Scenario, facts: Facts) -> Iterator[str]:
    """Why user namespaces cannot be made here, or not as many in each other as there could be."""
    made = [
        call
        for line in scenario.lines
        for call in (line.call, line.then)
        if call is not None and call.name in ("unshare", "clone") and "CLONE_NEWUSER" in str(call.arguments)
    ]
    if made and (why := refused_user_namespace(facts)):
        yield why
    if len(made) > LEVELS and not facts.initial_user_namespace:
        yield "the levels of user namespaces are counted from the initial one, and the agent lives in another"


def _untraceable(scenario: Scenario, facts: Facts) -> Iterator[str]:
    """Why a process cannot be traced here by another that may by its ids: what Yama allows besides."""
    attaching = [line for line in scenario.lines if _attaches(line)]
    by_ancestors = all(line.who == MAIN for line in attaching)
    if attaching and (facts.ptrace_scope > 1 or (facts.ptrace_scope == 1 and not by_ancestors)):
        who = "no process may trace another" if facts.ptrace_scope > 1 else "a process may trace its descendants alone"
        yield f"{who} here: kernel.yama.ptrace_scope is {facts.ptrace_scope}"


def _attaches(line: Line) -> bool:
    """Whether a line looks into another process in one of the ways that Yama restricts."""
    if line.call.name == "process_vm_readv":
        return True
    if line.call.name == "open":
        return any(isinstance(each, Text) and each.text.endswith("/mem") for each in line.call.arguments)
    return line.call.name == "ptrace" and bool(
        {"PTRACE_SEIZE", "PTRACE_ATTACH"} & {str(getattr(each, "word", "")) for each in line.call.arguments}
    )


def _opens_sysctl(line: Line) -> bool:
    """Whether a line asks whether a file of the whole machine can be written."""
    return line.call.name == "open" and _names_sysctl(line)


def _writes_sysctl(line: Line) -> bool:
    return line.call.name in ("write", "pwrite") and _names_sysctl(line)


def _names_sysctl(line: Line) -> bool:
    return any(isinstance(each, Text) and each.text.startswith("/proc/sys/") for each in line.call.arguments)


def _bounded(scenario: Scenario, facts: Facts) -> Iterator[str]:
    """Why a limit on processes cannot be set here: nobody sets a soft limit above the hard one."""
    asked = [
        line.call.arguments[-1]
        for line in scenario.lines
        if line.call.name in ("setrlimit", "prlimit") and "RLIMIT_NPROC" in str(line.call.arguments)
    ]
    most = max((number for number in asked if isinstance(number, int)), default=0)
    if 0 <= facts.process_limit < most:
        yield f"the hard limit on processes (RLIMIT_NPROC) is {facts.process_limit} here, and {most} is to be set"
