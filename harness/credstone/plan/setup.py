"""How a process becomes an actor on a target, and what that takes.

Everything is decided from the target's facts.  What is missing is collected, all of it, as reasons that name the
missing fact; a cell with reasons is ``unsupported`` and is not sent.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from credstone.model.start import start
from credstone.plan.ids import exists, extents
from credstone.suite.actors import SELF
from credstone.words import capability
from credstone.words.actor import Actor, Become, Enter, Setup, Without
from credstone.words.capability import CAP_SETGID, CAP_SETUID
from credstone.words.cell import Cell
from credstone.words.credential import Capabilities, Credential, Ids
from credstone.words.facts import Facts


class Plan(msgspec.Struct, frozen=True):
    """The set-up of a cell; ``missing`` holds the reasons why it cannot be had, none if it can."""

    setup: Setup
    missing: tuple[str, ...] = ()


def plan_actor(actor: Actor, actors: dict[str, Actor], facts: Facts) -> Plan:
    """The set-up of an actor on a target with these facts."""
    if actor.namespace is None:
        wanted = _outer(actor, facts)
        return Plan((Become(wanted),), tuple(_lacking(wanted, facts)))
    if facts.new_user_namespace:
        return Plan((), (f"unshare(CLONE_NEWUSER) is refused here ({facts.new_user_namespace}){_because(facts)}",))
    refusals: list[str] = []
    for creator in actor.creator:
        before = Plan(()) if creator == SELF else plan_actor(actors[creator], actors, facts)
        missing = before.missing + tuple(_unwritable(actor, facts))
        if not missing:
            return Plan(_inside(actor, before.setup, facts))
        refusals.extend(reason for reason in missing if reason not in refusals)
    return Plan((), tuple(refusals))


def _outer(actor: Actor, facts: Facts) -> Credential:
    """The credential of an actor that lives in the namespace of the agent."""
    own = facts.credential
    return msgspec.structs.replace(
        own,
        uid=_ids(actor.uid, own.uid),
        gid=_ids(actor.gid, own.gid),
        groups=own.groups if actor.groups is None else actor.groups,
        capabilities=_capabilities(actor, own.capabilities, own.capabilities.permitted),
        keep_caps=False,
        dumpable=1,
        parent_death_signal=0,
    )


def _inside(actor: Actor, before: Setup, facts: Facts) -> Setup:
    """The steps of an actor that lives in a namespace of its own."""
    assert actor.namespace is not None
    creator = before[-1].credential if before and isinstance(before[-1], Become) else facts.credential
    namespace = msgspec.structs.replace(
        actor.namespace,
        uid_map=actor.namespace.uid_map.replace("$uid", str(creator.uid.effective)),
        gid_map=actor.namespace.gid_map.replace("$gid", str(creator.gid.effective)),
    )
    steps: Setup = (*before, Enter(namespace))
    if actor.uid is None and actor.gid is None and actor.groups is None and actor.capabilities == "keep":
        return steps
    entered = start(steps, facts).seen("main")
    wanted = msgspec.structs.replace(
        entered,
        uid=_ids(actor.uid, entered.uid),
        gid=_ids(actor.gid, entered.gid),
        groups=entered.groups if actor.groups is None else actor.groups,
        capabilities=_capabilities(actor, entered.capabilities, entered.capabilities.permitted),
        dumpable=1,
    )
    return (*steps, Become(wanted))


def _ids(given: int | tuple[int, int, int] | None, own: Ids) -> Ids:
    if given is None:
        return own
    if isinstance(given, int):
        return Ids.all(given)
    real, effective, saved = given
    return Ids(real, effective, saved, effective)


def _capabilities(actor: Actor, own: Capabilities, possible: int) -> Capabilities:
    wanted = actor.capabilities
    if wanted == "keep":
        return own
    if isinstance(wanted, Without):
        mask = possible & ~sum(capability.MASKS[name] for name in wanted.without)
    elif isinstance(wanted, tuple):
        mask = sum(capability.MASKS[name] for name in wanted)
    else:
        mask = possible if wanted == "all" else 0
    return Capabilities(permitted=mask, effective=mask, bounding=own.bounding)


def _lacking(wanted: Credential, facts: Facts) -> list[str]:
    """What the agent lacks to become this."""
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
        elif "setgroups" in facts.refused:
            reasons.append(f"setgroups(2) is refused here ({facts.refused['setgroups']}){_because(facts)}")
    for call, differs in (("setresgid", wanted.gid != own.gid), ("setresuid", wanted.uid != own.uid)):
        if differs and not lacking and call in facts.refused:
            reasons.append(f"{call}(2) is refused here ({facts.refused[call]}){_because(facts)}")
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


def _unwritable(actor: Actor, facts: Facts) -> Iterator[str]:
    """Why the maps of an actor's namespace cannot be written, if so."""
    assert actor.namespace is not None
    if actor.namespace.written_by == "self":
        return
    held = facts.credential.capabilities.effective
    if not (held & CAP_SETUID and held & CAP_SETGID):
        yield f"needs root: uid {facts.credential.uid.effective} may not map a range of ids (CAP_SETUID, CAP_SETGID)"
    for kind, own, wanted in (
        ("uids", facts.uid_map, actor.namespace.uid_map),
        ("gids", facts.gid_map, actor.namespace.gid_map),
    ):
        # the creator's own id, $uid or $gid, has a mapping wherever the creator lives
        for _, outside, count in extents("\n".join(line for line in wanted.splitlines() if "$" not in line)):
            if not exists(own, outside, count):
                yield f"the {kind} from {outside} to {outside + count - 1} are not mapped in the user namespace of the agent"


def _because(facts: Facts) -> str:
    """The fact that explains a refusal, where there is one."""
    if facts.seccomp:
        return ": a seccomp filter is active"
    if facts.security_label and facts.security_label != "unconfined":
        return f": the process is confined as {facts.security_label}"
    return ""


def _shown(ids: Ids) -> str:
    return str(ids.real) if ids == Ids.all(ids.real) else f"{ids.real}/{ids.effective}/{ids.saved}"


def missing_for(cell: Cell, facts: Facts) -> list[str]:
    """What the scenario of a cell needs besides its actor and the target does not have."""
    scenario, own = cell.scenario, facts.credential
    held = own.capabilities.effective
    reasons = []
    foreign = [file for file in scenario.files if (file.owner, file.group) != (own.uid.effective, own.gid.effective)]
    if foreign and not held & capability.CAP_CHOWN:
        reasons.append(f"needs root: uid {own.uid.effective} may not give files to others (CAP_CHOWN)")
    absent = [
        f"{file.owner}:{file.group}"
        for file in foreign
        if not (exists(facts.uid_map, file.owner) and exists(facts.gid_map, file.group))
    ]
    if absent:
        reasons.append(f"the owner {' '.join(absent)} has no mapping in the user namespace of the agent")
    if any(file.content is None and file.mode & 0o6000 for file in scenario.files):
        if "nosuid" in facts.folder_options.split(","):
            reasons.append("the temporary folder is mounted nosuid: set-user-ID files have no effect there")
        if own.no_new_privs:
            reasons.append("no_new_privs is set: set-user-ID files have no effect")
    if any(file.content is None for file in scenario.files) and "noexec" in facts.folder_options.split(","):
        reasons.append("the temporary folder is mounted noexec")
    if scenario.database is not None:
        if not held & capability.CAP_SYS_ADMIN:
            reasons.append(
                f"needs root: uid {own.uid.effective} may not bring its own /etc (CAP_SYS_ADMIN, a mount namespace)"
            )
        elif facts.new_mount_namespace:
            reasons.append(f"unshare(CLONE_NEWNS) is refused here ({facts.new_mount_namespace}){_because(facts)}")
    if facts.new_user_namespace and any(
        line.call.name == "unshare" and "CLONE_NEWUSER" in str(line.call.arguments) for line in scenario.lines
    ):
        reasons.append(f"unshare(CLONE_NEWUSER) is refused here ({facts.new_user_namespace}){_because(facts)}")
    if scenario.abi and scenario.abi != facts.abi:
        reasons.append(f"the agent is built for {facts.abi}, not for {scenario.abi}")
    return reasons
