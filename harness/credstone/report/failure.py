"""A cell that failed, as a person reads it: what was done, what went wrong, what the page says, and the way on.

Made from the lines of a results file alone, so that a report says what the terminal said.
"""

from __future__ import annotations

from collections.abc import Iterator

from credstone.results.file import Results
from credstone.results.record import ClauseLine, Record, ScenarioLine
from credstone.text.commands import pasted
from credstone.text.wrap import fitted, short, short_lines
from credstone.words.facts import Facts
from credstone.words.verdict import BROKEN, PASS, UNSTABLE

_ANSWERS = 44
"""The column in which answers stand, if the calls leave room."""
_LONG = 160
"""How much of a call or an answer is shown, in characters: a list of ids can have thousands."""
_HERE = "host"
"""The target that every command takes of itself."""


def failure_in(results: Results, cell: Record) -> str:
    """The report on one cell of a results file that failed or broke."""
    clause = results.clauses.get(cell.clause)
    return show_failure(cell, scenario_of(cell, results), clause, facts_of(cell, results), results.header.suites)


def scenario_of(cell: Record, results: Results) -> ScenarioLine:
    """The scenario of a cell; where its line is missing, what the cell itself knows of it."""
    found = results.scenarios.get(cell.scenario)
    if found is not None:
        return found
    page, script = [*cell.scenario.split("/"), ""][:2]
    return ScenarioLine(cell.scenario, cell.page, f"{page}/{script}.scn", cell.line, cell.clauses, ())


def facts_of(cell: Record, results: Results) -> Facts | None:
    """The facts under which a cell ran."""
    return results.header.facts.get(f"{cell.target}:{cell.agent}")


def in_short(cell: Record) -> str:
    """What is wrong with a cell, or why it did not run, as one sentence."""
    if cell.deviation is not None:
        return cell.deviation.says
    return short_lines(cell.reason) or f"{short(cell.expected, _LONG)} expected, {short(cell.seen, _LONG)} seen"


def show_failure(
    cell: Record, scenario: ScenarioLine, clause: ClauseLine | None, facts: Facts | None, suites: str = ""
) -> str:
    """The report on one cell that failed or broke; ``clause`` is the one that it broke, ``suites`` as the header has it."""
    parts = [show_head(cell, scenario)]
    if cell.unstable:
        parts += ["", f"  {UNSTABLE}{cell.unstable}; the first that was not as expected:"]
    script = list(show_transcript(cell, scenario)) if cell.verdict != PASS else []
    if script:
        parts += ["", *script]
    untold = cell.unstable and cell.wrong is None
    if cell.verdict == BROKEN or untold or (cell.wrong is not None and not 0 <= cell.wrong < len(cell.steps)):
        parts += ["", f"  {short_lines(cell.reason.removeprefix(f'{UNSTABLE}{cell.unstable}; '))}"]
    if cell.deviation is not None:
        parts += ["", *fitted(cell.deviation.says, "  ", "  ")]
    parts.append("")
    if clause is not None:
        parts += fitted(f"{clause.id}: {clause.says}", "  ", "  ")
        if clause.erratum:
            parts += fitted(f"erratum: {clause.erratum}", "  ", "  ")
    if facts is not None:
        parts += fitted(f"{show_system(facts)}; {cell.privilege}", "  ", "  ")
    parts += [f"  {command}" for command in ways_on(cell, scenario, suites)]
    return "\n".join(parts)


def show_head(cell: Record, scenario: ScenarioLine) -> str:
    """Where the cell stands, and what it is: the first line of a report."""
    head = "BROKEN" if cell.verdict == BROKEN else "UNSTABLE" if cell.unstable else "FAIL"
    name = cell.scenario.removeprefix(f"{cell.page}/").partition("/")[2]
    place = f"{scenario.path}:{cell.line or scenario.number}"
    return f"{head} {place}  {name}   [{cell.target} · {cell.api} · {cell.actor}]"


def show_transcript(cell: Record, scenario: ScenarioLine) -> Iterator[str]:
    """The transcript in the notation, the first wrong line marked; what came after it is left out but for one line."""
    if not cell.steps and cell.wrong in (None, -1):
        return
    wrong = -1 if cell.wrong is None else cell.wrong
    performed = cell.steps[: wrong + 2]
    for number, (call, answer) in enumerate(performed):
        left = f"{_marked(short(call, _LONG), number == wrong):<{_ANSWERS}} = {short(answer, _LONG)}"
        if number == wrong:
            left = f"{left:<{_ANSWERS + 12}}   {_beside(cell)}"
        yield left.rstrip()
    left_out = [line for line in scenario.lines if line.number > cell.line or len(performed) <= max(wrong, 0)]
    not_performed = [line for line in left_out if line.number >= cell.line]
    for line in not_performed[: wrong + 2 - len(performed)]:
        yield _marked(short(line.call, _LONG), wrong >= 0 and line.number == cell.line)


def ways_on(cell: Record, scenario: ScenarioLine, suites: str = "") -> list[str]:
    """The commands that lead on from a failure."""
    return [
        pasted("explain", cell.id, target="" if cell.target == _HERE else cell.target, suites=suites),
        pasted("repro", cell.id, target=cell.target if scenario.asked else "", suites=suites),
    ]


def show_system(facts: Facts, *, file: bool = False) -> str:
    """Which kernel, which libc, which Python, which ABI, and what stands between: what an answer depends on; with the
    ``file`` of the libc, if that is asked for.
    """
    level = "" if str(facts.linux) in facts.kernel or not facts.kernel[:1].isdigit() else f" ({facts.linux})"
    libc = f"{facts.libc} ({facts.libc_file})" if file and facts.libc_file else facts.libc
    parts = [f"kernel {facts.kernel}{level}", facts.runtime, libc, *facts.loading, facts.python, facts.abi]
    parts.append("a seccomp filter is active" if facts.seccomp else "")
    return ", ".join(part for part in parts if part)


def _marked(call: str, wrong: bool) -> str:
    return f"  {'✗' if wrong else ' '} {call}"


def _beside(cell: Record) -> str:
    """Expected beside observed; an observed answer is in the line already."""
    if not cell.expected:
        return ""
    return f"{short(cell.expected, _LONG)} expected" + (
        f", {short(cell.seen, _LONG)} seen" if cell.of_credential else ""
    )
