"""The actors: reads ``actors.toml``."""

from __future__ import annotations

from pathlib import Path

import msgspec

from credstone.suite.toml import read_toml
from credstone.words.actor import Actor, Without
from credstone.words.capability import MASKS
from credstone.words.errors import CredstoneError

SELF = "self"
"""The creator of a namespace who is whoever started the agent."""


def read_actors(path: Path) -> dict[str, Actor]:
    """The actors of a suite by name.  Raises CredstoneError where one names what does not exist."""
    actors = {
        name: msgspec.structs.replace(actor, name=name) for name, actor in read_toml(path, dict[str, Actor]).items()
    }
    for name, actor in actors.items():
        for creator in actor.creator:
            if creator != SELF and (creator not in actors or actors[creator].namespace is not None):
                known = ", ".join(sorted(other for other in actors if actors[other].namespace is None))
                raise CredstoneError(
                    f"{path}: actor {name}: its creator '{creator}' is no actor of the outer namespace.",
                    f"There are {known} and {SELF}.",
                )
        if bool(actor.creator) != (actor.namespace is not None):
            raise CredstoneError(
                f"{path}: actor {name}: 'creator' and 'namespace' go together.", "Give both or neither."
            )
        listed = actor.capabilities
        for capability in (
            listed.without if isinstance(listed, Without) else listed if isinstance(listed, tuple) else ()
        ):
            if capability not in MASKS:
                raise CredstoneError(
                    f"{path}: actor {name}: there is no capability {capability}.", "See capabilities(7)."
                )
    return actors
