"""The comparison with other suites, as a table of Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.suite.peers import Peers


def show_peers(peers: Peers) -> Iterator[str]:
    """One row for each peer: how many of the behaviours it checks, and how many of those have a scenario here."""
    yield "| suite | what it is | behaviours it checks | of these here |"
    yield "| --- | --- | ---: | ---: |"
    by_count = sorted(peers.peer, key=lambda peer: -len(peers.checked_by(peer)))
    for short in by_count:
        peer, numbers = peers.peer[short], peers.checked_by(short)
        yield f"| {peer.name} | {peer.about} | {len(numbers)} | {_covered(peers, numbers)} |"
    yield f"| none of them | what the pages promise and nobody checks | | {_covered(peers, peers.unchecked)} of {len(peers.unchecked)} |"
    everything = list(peers.behaviour)
    yield f"| **Credstone** | | **{_covered(peers, everything)}** | of {len(everything)} in all |"


def show_uncovered(peers: Peers) -> Iterator[str]:
    """The behaviours that no scenario shows, with the reason."""
    for number, behaviour in peers.behaviour.items():
        if behaviour.none:
            yield f"{number}  {behaviour.says}: {behaviour.none}"


def _covered(peers: Peers, numbers: list[str]) -> int:
    return sum(1 for number in numbers if peers.behaviour[number].shown)
