"""What other suites check, and what nobody checks, with the scenarios that show it here: reads ``peers.toml``.

The comparison in the README is made from this file, so it says no more than what is there: a behaviour counts as covered
where a scenario is named for it, and the tests look whether that scenario exists.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from credstone.suite.toml import read_toml, wrong_entry


class Peer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another suite: its name in words, and what its checks of credentials look like."""

    name: str
    about: str


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that can be checked.

    ``by`` are the peers that check it, none for what nobody checks.  ``shown`` are the scenarios that show it here;
    where there are none, ``none`` says why.
    """

    says: str
    by: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    none: str = ""


class Peers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file: the peers by their short names, the behaviours by number."""

    peer: dict[str, Peer]
    behaviour: dict[str, Behaviour]

    def checked_by(self, peer: str) -> list[str]:
        """The numbers of the behaviours that a peer checks."""
        return [number for number, behaviour in self.behaviour.items() if peer in behaviour.by]

    @property
    def unchecked(self) -> list[str]:
        """The numbers of those that no peer checks."""
        return [number for number, behaviour in self.behaviour.items() if not behaviour.by]


def read_peers(folder: Path) -> Peers:
    """The peers file of a suite.  Raises Mistake where it contradicts itself."""
    path = folder / "peers.toml"
    file = read_toml(path, Peers)
    for number, behaviour in file.behaviour.items():
        at = ("behaviour", number)
        if not re.fullmatch(r"[UG]\d+", number):
            raise wrong_entry(path, at, f"'{number}' is no number: one looks like U012 or G07")
        if number.startswith("U") != bool(behaviour.by):
            raise wrong_entry(path, at, "U is for what a peer checks ('by' names it), G for what none does")
        for peer in behaviour.by:
            if peer not in file.peer:
                raise wrong_entry(path, at, f"there is no peer '{peer}'")
        if bool(behaviour.shown) == bool(behaviour.none):
            raise wrong_entry(path, at, "either 'shown' names scenarios, or 'none' says why there are none")
    return file
