"""The privilege with which a cell began: it decides most of the answers that are about IDs."""

from __future__ import annotations

from credstone.words import capability
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.verdict import Verdict


def privilege_of(cell: Cell, verdict: Verdict, facts: Facts) -> str:
    """Which of the capabilities for IDs the actor's process had, in words."""
    start = verdict.transcript.start.get("main") if verdict.transcript else None
    if start is None:
        return f"started as uid {facts.credential.uid.effective}"
    held = start.capabilities.effective
    having = [name for name in ("CAP_SETGID", "CAP_SETUID") if held & capability.MASKS[name]]
    lacking = [name for name in ("CAP_SETGID", "CAP_SETUID") if name not in having]
    space = "in a user namespace of its own: " if cell.actor.namespace else ""
    said = [f"{' and '.join(having)} effective"] if having else []
    said += [f"no {' and no '.join(lacking)}"] if lacking else []
    return space + ", ".join(said)
