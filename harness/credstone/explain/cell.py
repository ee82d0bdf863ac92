"""A cell on a page: the facts that decided, the model's reasoning line by line, and beside it what the target did."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.explain.layout import ANSWERS, BECAUSE, BODY, hanging, wrapped
from credstone.explain.observation import Observed
from credstone.explain.reasons import Reason, Reasoned, reasoned
from credstone.model.perform import NotModelled, beyond_the_model
from credstone.model.rules import Refusal
from credstone.model.start import begin
from credstone.notation.show import show_answer, show_expectations, show_line
from credstone.report.failure import show_system
from credstone.results.record import Record
from credstone.suite.load import Suite
from credstone.text.plural import counted
from credstone.text.wrap import WIDTH, short
from credstone.words.scenario import Line
from credstone.words.verdict import FAIL, PASS

_LONG = 160
"""What is shown of an answer, in characters: it may be a list of 65536 groups."""


def explain_cell(suite: Suite, observed: Observed) -> Iterator[str]:
    """The lines of the page."""
    cell, record = observed.cell, observed.record
    lines, told = [], {}
    begun = begin(observed.setup, observed.facts, cell.scenario)
    world = begun.world
    for number, line in enumerate(cell.scenario.lines):
        try:
            found = reasoned(world, line, cell.api)
        except NotModelled as error:
            lines += [*_head(number, line, record), f"{BODY}{beyond_the_model(line, error)}"]
            break
        told.update(dict.fromkeys(found.decided_by if found.does_something else ()))
        lines += [*_head(number, line, record, found), *_reasoning(suite, cell.scenario.cites, found)]
        lines += _follows(found, line)
        lines += _seen(number, record)
        world = found.performed.outcome.world
    yield from wrapped(cell.id, "  ")
    yield from wrapped(f"{cell.actor.name}: {cell.actor.about}", "  ")
    for note in observed.notes:
        yield from wrapped(f"{note}.", "  ")
    yield from wrapped(f"{cell.target}: {show_system(observed.facts)}", "  ")
    if told:
        yield from hanging("what decided: ", "; ".join(told), "  ")
    yield ""
    for rule in begun.applied:
        yield f"    begins with {rule.clause}" + ("   BROKEN here" if rule.clause in begun.broken else "")
    yield from lines
    yield from _verdict(suite, record)


def _head(number: int, line: Line, record: Record | None, found: Reasoned | None = None) -> Iterator[str]:
    """The line of the script, and beside it the answer that the target gave."""
    mark = "✗" if _differs(number, record, line, found) else " "
    left = f"  {mark} {show_line(line):<{ANSWERS}} {show_expectations(line)}".rstrip()
    seen = ""
    if record is not None and not line.unfinished:
        seen = f"{record.target}: {record.steps[number][1]}" if number < len(record.steps) else ""
    if record is not None and number >= len(record.steps):
        seen = f"{record.target}: nothing"
    if len(left) < ANSWERS + 22:
        left = f"{left:<{ANSWERS + 22}}"
    if len(left) + 2 + len(seen) <= WIDTH:
        yield f"{left}  {seen}".rstrip()
        return
    yield from wrapped(short(left.strip(), 4 * _LONG), f"  {mark} ", "      ")
    yield from wrapped(short(seen, _LONG), BODY)


def _differs(number: int, record: Record | None, line: Line, found: Reasoned | None) -> bool:
    """Whether the target did something else in this line than it should have."""
    if record is None or record.verdict == PASS:
        return False
    if record.wrong == number:
        return True
    if found is None or line.unfinished or number >= len(record.steps):
        return False
    allowed = {show_answer(each, line.asked) for each in found.performed.allowed}
    return bool(allowed) and record.steps[number][1] not in allowed


def _reasoning(suite: Suite, cites: tuple[str, ...], found: Reasoned) -> Iterator[str]:
    """The conditions, each with whether it holds and why; then what was decided, in few words where it is as always."""
    pages = {clause.partition("/")[0] for clause in cites}
    besides: list[str] = []
    width = max((len(reason.answer) for reason in found.reasons), default=0)
    for reason in found.reasons:
        turned = reason.plain and reason.because and reason.clause.partition("/")[0] in pages
        if reason.answer or reason.clause in cites or turned:
            yield from _reason(suite, cites, reason, max(width, 7))
        else:
            besides.append(reason.clause)
    yield from _besides(besides, pages | {each.clause.partition("/")[0] for each in found.reasons if each.answer})


def _besides(clauses: list[str], pages: set[str]) -> Iterator[str]:
    """The rules that went as always: those of the pages that the line is about by name, of others how many."""
    by_page: dict[str, dict[str, None]] = {}
    for clause in clauses:
        page, _, name = clause.partition("/")
        by_page.setdefault(page, {})[name] = None
    told = [f"{page} {', '.join(names)}" for page, names in by_page.items() if page in pages]
    others = {page: names for page, names in by_page.items() if page not in pages}
    if others:
        count = sum(map(len, others.values()))
        told.append(f"{counted(count, 'rule')} of {', '.join(others)}")
    if told:
        yield from hanging("besides: ", "; ".join(told), BODY)


def _reason(suite: Suite, cites: tuple[str, ...], reason: Reason, width: int) -> Iterator[str]:
    """One rule; ``width`` is that of the column of the answers."""
    says = ("holds" if reason.holds else "not so") if reason.plain else "decides"
    left = f"{BODY}{says:<7} {reason.answer:<{width}} {reason.clause}"
    because = "; ".join(reason.because)
    beside = f"{left:<{BECAUSE}}   {because}"
    if because and len(beside) <= WIDTH:
        yield beside
    else:
        yield left
        if because:
            yield from hanging("because: ", because, f"{BODY}                ")
    if reason.answer and reason.holds and reason.clause not in cites and reason.clause in suite.clauses:
        yield from wrapped(suite.clauses[reason.clause].says, f"{BODY}                ")


def _follows(found: Reasoned, line: Line) -> Iterator[str]:
    """The answer of the model, and what is otherwise afterwards."""
    if line.unfinished:
        return
    outcome = found.performed.outcome
    answer = show_answer(outcome.answer, line.asked) if outcome.decided else "an answer that the pages leave open"
    others = [show_answer(each, line.asked) for each in found.performed.allowed[1:]]
    if others and any(isinstance(rule, Refusal) and rule.holds for rule in found.performed.applied):
        answer += f" (the page allows {' or '.join(others)} as well)"
    changed = "; ".join(found.follows) or "nothing changes"
    yield from hanging("follows: ", f"{short(answer, _LONG)}; {changed}", BODY)
    if found.follows and found.followed_by:
        yield from hanging("because: ", "; ".join(found.followed_by), BODY)


def _seen(number: int, record: Record | None) -> Iterator[str]:
    """What was wrong in this line, where the answer alone does not tell it."""
    if record is None or record.wrong != number:
        return
    if number >= len(record.steps):
        yield from wrapped(short(record.reason, 400), f"{BODY}{record.target}: ", BODY)
    elif record.of_credential:
        yield from wrapped(f"{record.target}: {record.expected} expected, {short(record.seen, _LONG)} seen", BODY)


def _verdict(suite: Suite, record: Record | None) -> Iterator[str]:
    """What the cell came to."""
    if record is None:
        return
    yield ""
    reason = f": {record.reason}" if record.reason else ""
    yield from wrapped(f"{record.target}: {record.verdict}{short(reason, 400)}", "  ")
    if record.verdict == FAIL and record.clause in suite.clauses:
        clause = suite.clauses[record.clause]
        yield from wrapped(f"{clause.id}: {clause.says}", "  ")
    for clause_id, side in record.errata:
        yield from wrapped(
            f"{clause_id}: page and Linux contradict each other; {record.target} takes the side of {side}", "  "
        )
    for clause_id, answer in record.choices:
        yield from wrapped(f"{clause_id} leaves a choice; {record.target} takes {short(answer, _LONG)}", "  ")
    if record.deviation is not None:
        yield from wrapped(f"deviation {record.deviation.name}: {record.deviation.says}", "  ")
