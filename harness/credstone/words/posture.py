"""How a container is run: what its engine is told besides the image."""

from __future__ import annotations

import msgspec

ENGINE = ""
"""The engine that the environment names (DOCKER_HOST, the context, the default socket)."""


class Posture(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some settings of a container; what is not said stays as the engine has it.

    ``says`` is a sentence for people.  ``capabilities`` names all that are given: a list, ``"all"`` for all that the host
    can give, None for the engine's default.  ``user`` is ``"UID:GID"``, ``groups`` are additional ones.  ``runtime`` is
    the OCI runtime by the name that the engine has for it, ``engine`` the address of another engine.
    """

    says: str = ""
    capabilities: tuple[str, ...] | str | None = None
    seccomp: str = ""
    no_new_privileges: bool = False
    user: str = ""
    groups: tuple[int, ...] = ()
    runtime: str = ""
    engine: str = ENGINE
