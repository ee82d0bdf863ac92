"""What a container runtime hands to the first process: the runtime specification (config.md) and what it leaves open.

A process that was started as it should be needs no change.  Each clause is a rule that puts right what it speaks of and
leaves everything else as it was seen; a scenario applies those that it cites, so it finds what is wrong with its own
subject and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

from credstone.model.rules import Run
from credstone.model.subjects import CREDENTIAL
from credstone.words.container_start import Asked
from credstone.words.credential import Credential, Ids
from credstone.words.facts import Facts

replace = msgspec.structs.replace


class Handed(msgspec.Struct, frozen=True):
    """What a process has been started with, in its own eyes."""

    credential: Credential
    umask: int
    uid_map: str
    gid_map: str
    setgroups: str


def found_by_agent(facts: Facts) -> Handed:
    """What the agent found when it was started."""
    return Handed(facts.credential, facts.umask, facts.uid_map, facts.gid_map, facts.setgroups)


def hand_over(run: Run, found: Handed, asked: Asked, cites: Collection[str]) -> Handed:
    """What the process has where these clauses hold."""
    for clause, due in DUE.items():
        if clause in cites:
            found = run.rule(due(found, asked), clause, of=(*CREDENTIAL, "world"))
    return found


Putting = Callable[[Handed, Asked], Handed]


def _credential(change: Callable[[Credential, Asked], dict[str, object]]) -> Putting:
    return lambda found, asked: replace(found, credential=replace(found.credential, **change(found.credential, asked)))


def _set(name: str, mask: Callable[[Asked], int | None]) -> Putting:
    """One capability set; as it was where nobody spoke of it."""

    def put(found: Handed, asked: Asked) -> Handed:
        wanted = mask(asked)
        if wanted is None:
            return found
        sets = replace(found.credential.capabilities, **{name: wanted})
        return replace(found, credential=replace(found.credential, capabilities=sets))

    return put


def _usable(asked: Asked) -> int | None:
    """Root has what is in its bounding set; for anybody else there are the ambient ones alone."""
    return asked.capabilities if asked.uid == 0 else asked.ambient


def _with(groups: tuple[int, ...], *wanted: int) -> tuple[int, ...]:
    """A list that has these groups too, sorted as the kernel sorts it."""
    return tuple(sorted([*groups, *set(wanted).difference(groups)]))


def _setgroups(found: Handed, asked: Asked) -> Handed:
    """Who writes a map of more than one gid has the privilege for it, and needs no ``deny`` before."""
    count = sum(int(line.split()[2]) for line in asked.gid_map.splitlines())
    return replace(found, setgroups="allow") if count > 1 else found


def _maps(name: str) -> Putting:
    def put(found: Handed, asked: Asked) -> Handed:
        wanted = getattr(asked, name)
        return replace(found, **{name: wanted}) if wanted else found

    return put


DUE: dict[str, Putting] = {
    "container-start/uid": _credential(lambda now, asked: {"uid": Ids.all(asked.uid)}),
    "container-start/gid": _credential(lambda now, asked: {"gid": Ids.all(asked.gid)}),
    "container-start/no-other-groups": _credential(
        lambda now, asked: {"groups": tuple(each for each in now.groups if each in (asked.gid, *asked.groups))}
    ),
    "container-start/additional-groups": _credential(lambda now, asked: {"groups": _with(now.groups, *asked.groups)}),
    "container-start/groups-hold-the-gid": _credential(lambda now, asked: {"groups": _with(now.groups, asked.gid)}),
    "container-start/bounding": _set("bounding", lambda asked: asked.capabilities),
    "container-start/permitted": _set("permitted", _usable),
    "container-start/effective": _set("effective", _usable),
    "container-start/inheritable": _set("inheritable", lambda asked: asked.ambient),
    "container-start/ambient": _set("ambient", lambda asked: asked.ambient),
    "container-start/no-new-privileges": _credential(lambda now, asked: {"no_new_privs": asked.no_new_privs}),
    "container-start/umask": lambda found, asked: replace(found, umask=asked.umask),
    "container-start/uid-mappings": _maps("uid_map"),
    "container-start/gid-mappings": _maps("gid_map"),
    "container-start/linux/setgroups-allowed": _setgroups,
    "container-start/linux/securebits": _credential(lambda now, asked: {"securebits": 0}),
    "container-start/linux/keep-caps": _credential(lambda now, asked: {"keep_caps": False}),
    "container-start/linux/dumpable": _credential(lambda now, asked: {"dumpable": 1}),
    "container-start/linux/parent-death-signal": _credential(lambda now, asked: {"parent_death_signal": 0}),
}
"""The clauses in the order in which they are looked at, each with what it puts right."""
