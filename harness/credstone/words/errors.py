"""Errors for people: what happened, why, and what to do next."""

from __future__ import annotations


class CredstoneError(Exception):
    """Something the user can understand and mend.

    ``what`` is one sentence with the cause; ``hint`` is the next step, often a command.  The command line prints both
    and exits with ``status``: 2 for bad input, 3 for a machine that cannot do what was asked.
    """

    status = 2

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}\n  {self.hint}" if self.hint else self.what


class MachineError(CredstoneError):
    """This machine cannot do what was asked: a compiler is missing, a disk is full, an agent does not start."""

    status = 3


class OtherLibraryError(MachineError):
    """The caller named a library that is not in use: a run would show something of another one."""


class LackingError(MachineError):
    """This machine lacks what some cells need and others do not: they are unsupported, and nothing is broken."""
