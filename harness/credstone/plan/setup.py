"""How a process becomes an actor on a target, and what that takes.

Everything is decided from the target's facts.  What is missing is collected, all of it, as reasons that name the
missing fact; a cell with reasons is ``unsupported`` and is not sent.
"""

from __future__ import annotations

import msgspec

from credstone.model.start import start
from credstone.plan.excuses import refused_user_namespace
from credstone.plan.missing import lacking_for, unwritable
from credstone.suite.actors import SELF
from credstone.words import capability
from credstone.words.actor import Actor, Become, Enter, NewNamespace, Setup, Started, Without
from credstone.words.container_start import NOBODY_ASKED
from credstone.words.credential import Capabilities, Credential, Ids
from credstone.words.facts import Facts


class Plan(msgspec.Struct, frozen=True):
    """The set-up of a cell; ``missing`` holds the reasons why it cannot be had, none if it can."""

    setup: Setup
    missing: tuple[str, ...] = ()


def plan_actor(actor: Actor, actors: dict[str, Actor], facts: Facts) -> Plan:
    """The set-up of an actor on a target with these facts."""
    if actor.as_started:
        return Plan((Started(),), () if facts.asked else (NOBODY_ASKED,))
    if actor.namespace is None:
        wanted = _outer(actor, facts)
        return Plan((Become(wanted),), tuple(lacking_for(wanted, facts)))
    if facts.pretends_to:
        return Plan((), (f"{facts.runtime} knows no user namespaces",))
    if why := refused_user_namespace(facts):
        return Plan((), (why,))
    refusals: list[str] = []
    for creator in actor.creator:
        before = Plan(()) if creator == SELF else plan_actor(actors[creator], actors, facts)
        credential = (
            before.setup[-1].credential if before.setup and isinstance(before.setup[-1], Become) else facts.credential
        )
        namespace = _described(actor.namespace, credential)
        missing = before.missing + tuple(unwritable(namespace, credential, facts))
        if not missing:
            return Plan(_inside(actor, (*before.setup, Enter(namespace)), facts))
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


def _described(namespace: NewNamespace, creator: Credential) -> NewNamespace:
    """The namespace with the ids of its creator in the maps."""
    return msgspec.structs.replace(
        namespace,
        uid_map=namespace.uid_map.replace("$uid", str(creator.uid.effective)),
        gid_map=namespace.gid_map.replace("$gid", str(creator.gid.effective)),
    )


def _inside(actor: Actor, steps: Setup, facts: Facts) -> Setup:
    """The steps of an actor that lives in a namespace of its own; the last of them has entered it."""
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
