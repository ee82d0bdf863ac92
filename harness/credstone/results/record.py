"""The lines of a results file: a header, one record for each cell, a footer.

Before the first record that speaks of it stands each scenario, and each clause: whoever has the file needs no suite to read
it, now or in a year.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

import msgspec

from credstone.notation.show import show_answer, show_expectations, show_line
from credstone.results.privilege import privilege_of
from credstone.words.cell import Cell, agent_of
from credstone.words.clause import Clause, level
from credstone.words.facts import Facts
from credstone.words.scenario import Scenario
from credstone.words.verdict import PASS, UNSTABLE, VERDICTS, Deviated, Verdict, one_of, outcome


class Shards(msgspec.Struct, frozen=True):
    """Which parts of a run's cells there are, counted from 1, where they were cut into ``of`` parts."""

    numbers: Annotated[tuple[int, ...], msgspec.Meta(min_length=1)]
    of: int

    def __str__(self) -> str:
        """``2 of 5``, or ``1, 2 and 4 of 5``."""
        *most, last = map(str, self.numbers)
        return f"{', '.join(most)} and {last} of {self.of}" if most else f"{last} of {self.of}"


_OF_CREDENTIAL = re.compile(
    r"((thread|child) [\w-]+: |outside: |main: )?"
    r"((real|effective|saved|filesystem) [ug]id|groups|\w+ capabilities|securebits|no_new_privs|keep_caps|dumpable"
    r"|parent_death_signal) "
)
"""How an expectation begins that is about a field of a credential, of main or of somebody else."""


class Header(msgspec.Struct, frozen=True, tag="header", tag_field="type"):
    """The first line: who ran what, on what, when.

    ``facts`` are keyed by target and API (``host:python``); ``unreachable`` says, with the same keys, which agent could
    not be had and why.  ``started`` is UTC, ISO 8601.  ``command`` is the command line, ``suite`` the digest of the suite's
    files, ``actors`` what the suite says of each of its actors.

    ``suites`` is the folder of the suite, as the command line took it; empty if it came with the package.

    ``shards`` says, for each target of which only some parts were run (``--shard 2/5``), which they are.  ``parts`` are
    the command lines of the runs that were joined; empty where nothing was.
    """

    credstone: str
    started: str
    suite: str
    command: tuple[str, ...]
    spec: str
    facts: dict[str, Facts]
    unreachable: dict[str, str] = {}
    actors: dict[str, str] = {}
    shards: dict[str, Shards] = {}
    parts: tuple[tuple[str, ...], ...] = ()
    suites: str = ""


class ClauseLine(msgspec.Struct, frozen=True, tag="clause", tag_field="type"):
    """A clause that cells cite or break: the page's folder and section, and what it says."""

    id: str
    page: str
    section: str
    says: str
    since: str = ""
    erratum: str = ""

    @property
    def level(self) -> str:
        """``man`` or ``linux``."""
        return level(self.id)


class ScriptLine(msgspec.Struct, frozen=True, array_like=True):
    """A line of a scenario: where it stands in its script, the call, and what is expected, in the notation."""

    number: int
    call: str
    expected: str


class ScenarioLine(msgspec.Struct, frozen=True, tag="scenario", tag_field="type"):
    """A scenario, as its script has it.

    ``asked`` is whether it speaks of what a container runtime was asked for: then words stand in the places of numbers,
    and the cells of a target have the numbers.  ``setup`` is a digest of what is there before the first line (files, a
    database, threads that come and go); empty where there is nothing.
    """

    id: str
    page: str
    path: str
    number: int
    cites: tuple[str, ...]
    lines: tuple[ScriptLine, ...]
    about: str = ""
    asked: bool = False
    setup: str = ""

    @property
    def script(self) -> tuple[str, ...]:
        """All that decides what its cells do, without where it stands: two that have the same are the same scenario."""
        return (self.setup, *(f"{line.call} {line.expected}" for line in self.lines))


class Record(msgspec.Struct, frozen=True, tag="cell", tag_field="type"):
    """One cell.

    ``steps`` are the lines that ran, each with its answer in the notation; ``wrong`` is the number of the first wrong
    one (from 0; -1: the set-up; null: none) with ``expected`` and ``seen``, ``line`` is where that stands in the script, and
    ``clause`` is the clause it broke.
    ``choices`` are clauses that leave alternatives, with the one that was taken; ``errata`` are clauses about which page
    and Linux contradict each other, with the side that was taken.  ``deviation`` is what is recorded of the target.
    ``privilege`` says of a cell that did not pass which of the capabilities that matter for ids its process began with.
    ``seconds`` is what the cell took of the run.  ``not_run`` is whether a broken cell was not begun, because its agent could
    not be had or was given up: all such cells of an agent have one reason.
    """

    id: str
    scenario: str
    page: str
    clauses: tuple[str, ...]
    actor: str
    api: str
    target: str
    verdict: Annotated[str, one_of(VERDICTS)]
    reason: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    wrong: int | None = None
    line: int = 0
    expected: str = ""
    seen: str = ""
    clause: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    errata: tuple[tuple[str, str], ...] = ()
    deviation: Deviated | None = None
    privilege: str = ""
    seconds: float = 0.0
    not_run: bool = False

    @property
    def agent(self) -> str:
        """The agent that performed it, by which the header keys its facts."""
        return agent_of(self.api, self.id.partition("@")[2].removeprefix(f"{self.actor}:{self.api}").removeprefix(":"))

    @property
    def speaks_of(self) -> tuple[str, ...]:
        """The clauses that it names."""
        named = (self.clause, *self.clauses, *(clause for clause, _ in (*self.choices, *self.errata)))
        return tuple(clause for clause in named if clause)

    @property
    def unstable(self) -> str:
        """What the runs of an unstable cell came to: ``pass 58 times, fail 2 times of 60``; empty if it is none."""
        return self.reason.partition("; ")[0].removeprefix(UNSTABLE) if self.reason.startswith(UNSTABLE) else ""

    @property
    def of_credential(self) -> bool:
        """Whether what is wrong is a field of a credential, and not the answer that stands in the line."""
        return _OF_CREDENTIAL.match(self.expected) is not None

    @property
    def outcome(self) -> str:
        """What a run counts it as: a known deviation is no fail, one that is gone is no pass."""
        return outcome(self.verdict, self.deviation)


class Footer(msgspec.Struct, frozen=True, tag="footer", tag_field="type"):
    """The last line: the counts of what the cells came to, and how long it took, in seconds.

    ``seconds_of`` says how much of that the cells of each target took.  ``selected`` is how many cells of each target
    were to run: more than there are where a run was stopped at the first fail, 0 for a target that was asked for and has none.  ``whole`` is, of a target that was run in
    shards, how many cells all of these have together.
    """

    counts: dict[str, int]
    seconds: float
    seconds_of: dict[str, float] = {}
    selected: dict[str, int] = {}
    whole: dict[str, int] = {}


def clause_line(clause: Clause) -> ClauseLine:
    """What the results file says of a clause."""
    return ClauseLine(clause.id, clause.folder, clause.section, clause.says, clause.since, clause.erratum)


def scenario_line(scenario: Scenario) -> ScenarioLine:
    """What the results file says of a scenario."""
    return ScenarioLine(
        id=scenario.id,
        page=scenario.page,
        path=scenario.path,
        number=scenario.number,
        cites=scenario.cites,
        lines=tuple(ScriptLine(line.number, show_line(line), show_expectations(line)) for line in scenario.lines),
        about=scenario.about,
        asked=scenario.speaks_of_asked,
        setup=_setup(scenario),
    )


_SET_UP = ("files", "database", "load", "watch", "nosuid", "asked")
"""The fields of a scenario that say what is there before its first line."""


def _setup(scenario: Scenario) -> str:
    """The first 16 hexadecimal digits of SHA-256 over what a scenario sets up."""
    there_is = {name: getattr(scenario, name) for name in _SET_UP if getattr(scenario, name)}
    return hashlib.sha256(msgspec.json.encode(there_is)).hexdigest()[:16] if there_is else ""


def record_of(cell: Cell, verdict: Verdict, facts: Facts | None = None) -> Record:
    """What the results file says of a cell; ``facts`` are those that it ran under, if there are any."""
    steps = verdict.transcript.steps if verdict.transcript else ()
    finding = verdict.finding
    return Record(
        id=cell.id,
        scenario=cell.scenario.id,
        page=cell.scenario.page,
        clauses=cell.scenario.cites,
        actor=cell.actor.name,
        api=cell.api,
        target=cell.target,
        verdict=verdict.verdict,
        reason=verdict.reason,
        steps=tuple(
            (show_line(line), show_answer(step.answer, line.asked))
            for line, step in zip(cell.scenario.lines, steps, strict=False)
        ),
        wrong=finding.line if finding else None,
        line=cell.scenario.lines[max(finding.line, 0)].number if finding else 0,
        expected=finding.expected if finding else "",
        seen=finding.seen if finding else "",
        clause=finding.clause if finding else "",
        choices=verdict.choices,
        errata=verdict.errata,
        deviation=verdict.deviation,
        privilege=privilege_of(cell, verdict, facts) if facts and verdict.outcome != PASS else "",
        not_run=verdict.not_run,
    )
