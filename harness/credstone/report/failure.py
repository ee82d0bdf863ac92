"""A cell that failed, as a person reads it: what was done, what went wrong, what the page says, and the way on."""

from __future__ import annotations

from credstone.words import capability
from credstone.words.cell import Cell
from credstone.words.clause import Clause
from credstone.words.facts import Facts
from credstone.words.notation import show_answer, show_line
from credstone.words.verdict import BROKEN, PASS, Verdict

_ANSWERS = 44
"""The column in which answers stand, if the calls leave room."""


def show_failure(cell: Cell, verdict: Verdict, facts: Facts | None, clauses: dict[str, Clause]) -> str:
    """The report on one cell that failed or broke."""
    scenario = cell.scenario
    first = scenario.lines[max(verdict.finding.line, 0)].number if verdict.finding else scenario.number
    head = "BROKEN" if verdict.verdict == BROKEN else "FAIL"
    parts = [f"{head} {scenario.path}:{first}  {scenario.full_name}   [{cell.target} · {cell.api} · {cell.actor.name}]"]
    script = _script(cell, verdict) if verdict.verdict != PASS else []
    if script:
        parts += ["", *script]
    if verdict.verdict == BROKEN or (verdict.finding and verdict.finding.line >= _performed(verdict)):
        parts += ["", f"  {verdict.reason}"]
    if verdict.deviation is not None:
        parts += ["", f"  {verdict.deviation.says}"]
    parts.append("")
    clause = clauses.get(verdict.finding.clause) if verdict.finding else None
    if clause is not None:
        parts.append(f"  {clause.id}: {clause.says}")
        if clause.erratum:
            parts.append(f"  erratum: {clause.erratum}")
    if facts is not None:
        parts.append(f"  {show_system(facts)}; {_privilege(cell, verdict, facts)}")
    parts.append(f"  credstone explain '{cell.id}'")
    parts.append(f"  credstone repro '{cell.id}'" + (f" --target {cell.target}" if cell.actor.as_started else ""))
    return "\n".join(parts)


def show_system(facts: Facts) -> str:
    """Which kernel, which libc, which Python, which ABI: what an answer depends on."""
    parts = [f"kernel {facts.kernel}", facts.libc, facts.python, facts.abi]
    parts.append("a seccomp filter is active" if facts.seccomp else "")
    return ", ".join(part for part in parts if part)


def _performed(verdict: Verdict) -> int:
    return len(verdict.transcript.steps) if verdict.transcript else 0


def _script(cell: Cell, verdict: Verdict) -> list[str]:
    """The transcript in the notation, the first wrong line marked; what came after it is left out but for one line."""
    if verdict.transcript is None:
        return []
    wrong = verdict.finding.line if verdict.finding else -1
    steps = verdict.transcript.steps
    shown = []
    for number, line in enumerate(cell.scenario.lines[: wrong + 2]):
        mark = "✗" if number == wrong else " "
        left = f"  {mark} {show_line(line)}"
        if number < len(steps):
            answer = show_answer(steps[number].answer, line.asked)
            left = f"{left:<{_ANSWERS}} = {_short(answer)}"
            if number == wrong and verdict.finding:
                left = f"{left:<{_ANSWERS + 14}} {_beside(verdict.finding.expected, verdict.finding.seen, answer)}"
        shown.append(left.rstrip())
    return shown


def _beside(expected: str, seen: str, answer: str) -> str:
    """Expected beside observed; the observed answer already stands in the line."""
    return f"{_short(expected)} expected" + ("" if seen == answer else f", {_short(seen)} seen")


def _short(text: str, limit: int = 160) -> str:
    return text if len(text) <= limit else f"{text[: limit - 20]} … ({len(text)} characters)"


def _privilege(cell: Cell, verdict: Verdict, facts: Facts) -> str:
    """The capabilities for ids that the actor had, which decide most of these answers."""
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
