"""KTAP version 1, as the kernel's Documentation/dev-tools/ktap.rst has it: targets, in each its pages, in each its cells.

A page fails if a cell of it does, a target if a page does; both are skipped if all that is in them is.  What is wrong with
the run as a whole is a test beside the targets, which fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from credstone.report.characters import one_line, visible
from credstone.report.facts import show_facts
from credstone.report.failure import failure_in, in_short
from credstone.report.gaps import every_cell_runs, faults, unsaid
from credstone.report.pages import by_page
from credstone.report.truncation import CUT_OFF, cut_off
from credstone.results.by_target import of_target
from credstone.results.file import Results
from credstone.results.record import Record
from credstone.words.transcript import HANG
from credstone.words.verdict import BROKEN, DEVIATION, FAIL, UNSUPPORTED

_LEVEL = "  "


class _Test(msgspec.Struct):
    """A test with its result; a directive is a keyword with what there is to say.  ``inside`` are the lines before it."""

    name: str
    ok: bool
    directive: str = ""
    inside: list[str] = []

    @property
    def skipped(self) -> bool:
        """Whether it did not run."""
        return self.directive.startswith("SKIP")


def render_ktap(results: Results) -> str:
    """The results as one KTAP document."""
    tests = [_target(results, target, pages) for target, pages in by_page(results.records).items()]
    if why := cut_off(results):
        tests.append(_Test(CUT_OFF, ok=False, directive=f"ERROR {why}"))
    for fault in faults(results):
        tests += [_Test(name, ok=False, directive=f"ERROR {fault.text}") for name in fault.names]
    header = results.header
    about = f"credstone {header.credstone}, suite {header.suite}, judged by {header.spec}, started {header.started}"
    return "".join(f"{line}\n" for line in _document(tests, [about]))


def _document(tests: Iterable[_Test], about: Iterable[str] = ()) -> Iterator[str]:
    """Version, plan, and the tests in turn, each after what is inside it."""
    told = list(tests)
    yield "KTAP version 1"
    yield f"1..{len(told)}"
    yield from (f"# {one_line(line)}" for line in about)
    for number, test in enumerate(told, 1):
        yield from test.inside
        directive = f" # {one_line(test.directive)}" if test.directive else ""
        yield f"{'ok' if test.ok else 'not ok'} {number} {_name(test.name)}{directive}"


def _name(name: str) -> str:
    """The name of a test, which cannot have a ``#`` in it."""
    return one_line(name).replace("#", "%23")


def _parent(name: str, tests: list[_Test], about: Iterable[str] = ()) -> _Test:
    """A test that consists of others."""
    directive = "SKIP nothing of it applies here" if tests and all(test.skipped for test in tests) else ""
    inside = [f"{_LEVEL}{line}" for line in _document(tests, about)]
    return _Test(name, all(test.ok for test in tests), directive, inside)


def _target(results: Results, target: str, pages: dict[str, list[Record]]) -> _Test:
    header = results.header
    about = show_facts(
        {f"{target}:{agent}": found for agent, found in of_target(header.facts, target).items()},
        {f"{target}:{agent}": reason for agent, reason in of_target(unsaid(results), target).items()},
    )
    return _parent(
        target, [_parent(page, [_cell(results, cell) for cell in cells]) for page, cells in pages.items()], about
    )


def _cell(results: Results, cell: Record) -> _Test:
    """A cell, with the report on a failure as diagnostic lines before its result."""
    name = cell.id.removeprefix(f"{cell.page}/")
    if cell.not_run:
        return _Test(name, ok=True, directive=f"SKIP not run: see {every_cell_runs(cell.target)}")
    if cell.outcome == UNSUPPORTED:
        return _Test(name, ok=True, directive=f"SKIP {in_short(cell)}")
    if cell.outcome == DEVIATION:
        # as kselftest has it: the test did as expected, so it is ok, and whoever knows the word sees that it is a failure
        return _Test(name, ok=True, directive=f"XFAIL {in_short(cell)}")
    if cell.outcome not in (FAIL, BROKEN):
        return _Test(name, ok=True)
    inside = [f"# {line}".rstrip() for line in visible(failure_in(results, cell)).split("\n")]
    directive = f"ERROR {in_short(cell)}" if cell.outcome == BROKEN else ""
    if cell.reason.startswith(f"{HANG}: "):
        directive = f"TIMEOUT {in_short(cell)}"
    return _Test(name, ok=False, directive=directive, inside=inside)
