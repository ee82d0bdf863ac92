"""The actors: reads ``actors.toml``."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from credstone.suite.toml import read_toml, wrong_entry
from credstone.words.actor import Actor, Without
from credstone.words.capability import MASKS

SELF = "self"
"""The creator of a namespace who is whoever started the agent."""

NO_ID = 2**32 - 1
_MAP_LINE = re.compile(r"(\d{1,10}) (\d{1,10}|\$uid|\$gid) (\d{1,10})", re.ASCII)


def read_actors(path: Path) -> dict[str, Actor]:  # noqa: C901 - one check after another
    """The actors of a suite by name.  Raises CredstoneError, a Mistake where one names what does not exist."""
    actors = {
        name: msgspec.structs.replace(actor, name=name) for name, actor in read_toml(path, dict[str, Actor]).items()
    }
    for name, actor in actors.items():
        for creator in actor.creator:
            if creator != SELF and (creator not in actors or actors[creator].namespace is not None):
                known = sorted(other for other in actors if actors[other].namespace is None)
                message = f"there is no creator {creator}: a creator is {' or '.join([*known, SELF])}"
                raise wrong_entry(path, (name, "creator"), message)
        for field in ("uid_map", "gid_map") if actor.namespace else ():
            for line in getattr(actor.namespace, field).splitlines():
                if not _MAP_LINE.fullmatch(line):
                    message = f"'{line}' is no line of a map: one is an id inside, an id outside and a count"
                    raise wrong_entry(path, (name, "namespace", field), message)
        if bool(actor.creator) != (actor.namespace is not None):
            raise wrong_entry(path, (name,), "'creator' and 'namespace' go together: give both or neither")
        named = (actor.uid, actor.gid, actor.groups, actor.namespace)
        if actor.as_started and (any(each is not None for each in named) or actor.capabilities != "keep"):
            raise wrong_entry(
                path, (name, "as_started"), "what is as it was started has no credentials of its own here"
            )
        for field in ("uid", "gid", "groups"):
            ids = getattr(actor, field)
            for number in ids if isinstance(ids, tuple) else () if ids is None else (ids,):
                if not 0 <= number < NO_ID:
                    raise wrong_entry(path, (name, field), f"{number} is no id: ids go from 0 to {NO_ID - 1}")
        listed = actor.capabilities
        for capability in (
            listed.without if isinstance(listed, Without) else listed if isinstance(listed, tuple) else ()
        ):
            if capability not in MASKS:
                message = f"there is no capability {capability}: see capabilities(7)"
                raise wrong_entry(path, (name, "capabilities"), message)
    return actors
