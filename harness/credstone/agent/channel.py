"""The way to an agent: where its lines go, where its answers come from, and how it ended.

A process of this machine has two pipes, an agent in a container has the stream of its engine.  A session speaks through
either.
"""

from __future__ import annotations

from typing import Protocol


class Lost(Exception):
    """The agent is gone or no longer speaks the protocol; the text says how."""


class Channel(Protocol):
    """The two ends of a running agent.

    ``to_agent`` and ``from_agent`` are descriptors that do not block; they may be the same one.
    """

    name: str
    to_agent: int
    from_agent: int

    def wrap(self, payload: bytes) -> bytes:
        """Lines for the agent, as they go on their way."""

    def unwrap(self, data: bytes) -> bytes:
        """What of some bytes that were read is the agent's standard output.  May raise Lost."""

    def gone(self) -> bool:
        """Whether the agent has ended, as far as can be told without asking anybody else."""

    def ended(self) -> str:
        """How the agent ended, in words."""

    def close(self) -> None:
        """Ends the agent, kindly if it hears, and everything that it started."""

    def kill(self) -> None:
        """Ends the agent, and everything that it started, at once."""
