"""Results files for pages to be made of, and reading back what an HTML report has in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from building import facts
from credstone.results.file import Results
from credstone.results.record import ClauseLine, Record
from credstone.words.verdict import FAIL
from report import outcomes
from report.outcomes import CLAUSE, PASSED, changed

CREAKS = ClauseLine(
    "opendoor(2)/linux/creaks", "doors.2", "NOTES", "It creaks.", "2.6", "The page says that it does not."
)
SCENARIO = changed(outcomes.SCENARIO, cites=(CLAUSE.id, CREAKS.id), about="Anybody may look.")


def cell(target: str = "host", **other: Any) -> Record:
    """A cell that passed, but for what is said; a scenario, an actor or an API changes its id too."""
    made = changed(PASSED, target=target, **other)
    return made if "id" in other else changed(made, id=f"{made.scenario}@{made.actor}:{made.api}")


def failed(target: str = "host", **other: Any) -> Record:
    """A cell of which the second line went wrong, and the third was not performed."""
    wrong: dict[str, Any] = {
        "verdict": FAIL, "steps": (("setgid(7)", "0"), ("getgid()", "EPERM")), "wrong": 1, "line": 8, "expected": "7",
        "seen": "EPERM", "clause": CLAUSE.id, "reason": "getgid() = 7 expected, EPERM seen", "privilege": "no CAP_SETGID",
    }  # fmt: skip
    return cell(target, **(wrong | other))


def results(*records: Record, cut_off: bool = False, **header: Any) -> Results:
    """A results file with these cells, and with what is said in its header."""
    told = outcomes.results(whole=not cut_off)
    targets = dict.fromkeys(record.target for record in records)
    begun: dict[str, Any] = {
        "facts": {f"{target}:native": facts() for target in targets}, "unreachable": {},
        "actors": {"root": "User 0 with every capability."},
    }  # fmt: skip
    return changed(
        told,
        records=records,
        header=changed(told.header, **(begun | header)),
        clauses={CLAUSE.id: CLAUSE, CREAKS.id: CREAKS},
        scenarios={SCENARIO.id: SCENARIO},
    )


class Tags(HTMLParser):
    """The elements of a page with their attributes, and its text as one line."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._hidden = False
        self.feed(page)
        self.text = re.sub(r"\s+", " ", self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._hidden = tag in ("script", "style")
        self.text += "" if tag in ("wbr", "b") else " "

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._hidden else data

    def named(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


def embedded(page: str) -> dict[str, Any]:
    """The data of a page, as its script reads it."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def unpacked(page: str) -> Iterator[tuple[str, str, str, list[str]]]:
    """Every cell in the data of a page: its id, target, outcome and answers."""
    data = embedded(page)
    texts, cells = data["texts"], data["cells"]
    for number, scenario in enumerate(cells["scenario"]):
        name = f"{texts[data['scenarios'][scenario][0]]}@{texts[cells['way'][number]]}"
        for target, column in zip(data["targets"], cells["on"], strict=True):
            if column[number] >= 0:
                outcome, answers = [*data["cameTo"][column[number]], []][:2]
                yield name, target, data["outcomes"][outcome][0], [texts[answer] for answer in answers]
