"""A scenario on a page: what it is about, its clauses with page and section, its script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from credstone.calls.apis import apis_of
from credstone.explain.layout import hanging, wrapped
from credstone.suite.load import Suite
from credstone.words.clause import Clause
from credstone.words.scenario import Scenario


def explain_scenario(suite: Suite, scenario: Scenario) -> Iterator[str]:
    """The lines of the page."""
    yield from wrapped(f"{scenario.id}   {scenario.path}:{scenario.number}", "", "  ")
    if scenario.about:
        yield from wrapped(scenario.about, "  ")
    yield from hanging("as ", ", ".join(scenario.actors), "  ")
    yield from hanging("via ", ", ".join(apis_of(scenario)), "  ")
    yield ""
    for cited in scenario.cites:
        yield from cited_clause(suite.clauses[cited])
    text = Path(scenario.path).read_text(encoding="utf-8-sig").split("\n")
    body = text[scenario.number : scenario.lines[-1].number]
    yield ""
    for line in body:
        yield from wrapped(line.strip(), "    ", "        ")


def cited_clause(clause: Clause) -> Iterator[str]:
    """A clause where it is cited: its place on the page, what it says, and that Linux contradicts it."""
    since = f", since {clause.since}" if clause.since else ""
    yield from wrapped(f"{clause.id}   {place(clause)}{since}", "  ", "      ")
    yield from wrapped(clause.says, "      ")
    if clause.erratum:
        yield from hanging("erratum: ", clause.erratum, "      ")


def place(clause: Clause) -> str:
    """Where a clause stands: the page and its section."""
    page = clause.id.partition("/")[0]
    beside = "" if clause.level == "man" else " (the page is silent: what Linux does)"
    return f"{page}, {clause.section}{beside}"
