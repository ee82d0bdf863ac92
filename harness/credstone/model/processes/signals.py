"""Signals by their numbers: which there are, and what becomes of a process that gets one by default."""

from __future__ import annotations

from credstone.words.constants import CONSTANTS

LAST_SIGNAL = 64
SIGCONT = CONSTANTS["SIGCONT"]
UNBLOCKABLE = frozenset(CONSTANTS[f"SIG{name}"] for name in ("KILL", "STOP"))

HARMLESS = frozenset(CONSTANTS[f"SIG{name}"] for name in ("CHLD", "CONT", "URG", "WINCH"))
"""By default nothing happens; SIGCONT does nothing to a process that has not stopped."""
FATAL = frozenset(
    CONSTANTS[f"SIG{name}"] for name in ("HUP", "INT", "QUIT", "ABRT", "KILL", "USR1", "USR2", "PIPE", "ALRM", "TERM")
)
"""The signals that by default end a process, as far as scenarios send them."""
