"""The actor: the credentials that a scenario starts from, named in ``suites/actors.toml``."""

from __future__ import annotations

from typing import Literal

import msgspec

from credstone.words.credential import Credential


class NewNamespace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The user namespace that an actor lives in.

    The maps are lines as they go into /proc/PID/uid_map, with ``$uid`` and ``$gid`` for the effective ids of its
    creator; an empty one is not written.  ``setgroups`` is what goes into /proc/PID/setgroups before the gid_map,
    ``keep`` for nothing.  ``written_by`` says who writes: the process itself, or a process that stayed outside with
    the privileges of the agent.
    """

    uid_map: str = ""
    gid_map: str = ""
    setgroups: Literal["deny", "allow", "keep"] = "keep"
    written_by: Literal["self", "outside"] = "self"


class Without(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every capability that the target can give, except these."""

    without: tuple[str, ...]


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One actor as its file describes it.

    ``uid`` and ``gid`` are one id for all four, or real, effective and saved (the filesystem id follows the
    effective); None leaves what the namespace made of the creator's.  ``creator`` names the actors of which the first
    that can be had makes the namespace; ``self`` is whoever started the agent.  One that is ``as_started`` has no set-up
    at all: it is the process as a container runtime made it.
    """

    about: str
    uid: int | tuple[int, int, int] | None = None
    gid: int | tuple[int, int, int] | None = None
    groups: tuple[int, ...] | None = None
    capabilities: Literal["all", "none", "keep"] | tuple[str, ...] | Without = "keep"
    as_started: bool = False
    creator: tuple[str, ...] = ()
    namespace: NewNamespace | None = None
    name: str = ""


class Become(msgspec.Struct, frozen=True, tag="become"):
    """A step of the set-up: take this credential (ids as the namespace of that moment shows them)."""

    credential: Credential


class Enter(msgspec.Struct, frozen=True, tag="enter"):
    """A step of the set-up: make a user namespace and write its maps."""

    namespace: NewNamespace


class Started(msgspec.Struct, frozen=True, tag="started"):
    """A step of the set-up: be as the agent was when it was started."""


Setup = tuple[Become | Enter | Started, ...]
"""How a process becomes an actor on a certain target."""
