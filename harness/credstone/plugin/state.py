"""What a session of pytest knows of Credstone: what was asked for, the suites, the runner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from credstone.deviations.file import Deviation, read_deviations, whose
from credstone.plan.cells import cells_of, through_abi
from credstone.plugin.options import options_of
from credstone.results.diff import Changes
from credstone.results.file import Results
from credstone.results.record import ClauseLine, Record, ScenarioLine, clause_line, record_of, scenario_line
from credstone.runner import Runner
from credstone.suite.load import Suite, load_script, load_suite
from credstone.targets.libraries import hint_for
from credstone.words.actor import Actor
from credstone.words.cell import NATIVE, PYTHON, Cell
from credstone.words.errors import CredstoneError, MachineError, OtherLibraryError
from credstone.words.facts import Facts
from credstone.words.scenario import ABIS, Scenario
from credstone.words.verdict import Verdict

STATE = pytest.StashKey["State"]()
LOADED = pytest.StashKey[Suite]()
"""A suite that whoever started pytest has already read."""


class Ran(NamedTuple):
    """What came of a run, and what changed since its baseline, if it had one."""

    results: Results
    changes: Changes | None


RAN = pytest.StashKey[Ran]()
"""What came of the run, for whoever started pytest."""


class State:
    """The options of a session, and what is opened in its course."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.options = options_of(config)
        self.given = self._deviations(self.options.deviations)
        self.runner: Runner | None = None
        self._suites: dict[Path, Suite] = {}
        self._read: dict[tuple[str, str], list[Scenario]] = {}
        self._told: set[str] = set()

    def suite(self, folder: Path) -> Suite:
        """The suite in this folder; its scripts are there only if somebody has read them before."""
        loaded = self.config.stash.get(LOADED, None)
        if folder not in self._suites:
            self._suites[folder] = loaded if loaded and loaded.folder == folder else load_suite(folder, scripts=())
        return self._suites[folder]

    def scenarios(self, script: Path) -> list[Scenario]:
        """The scenarios of a script.  Raises Mistake."""
        suite = self.suite(script.parent.parent)
        if not self._read:
            for each in suite.scenarios:
                self._read.setdefault((each.page, each.script), []).append(each)
        return self._read.get((script.parent.name, script.stem)) or load_script(suite, script)

    def cells(self, scenario: Scenario, actors: dict[str, Actor]) -> Iterator[Cell]:
        """The cells of a scenario that were asked for, by options or by name."""
        options, chosen = self.options, self.options.cells
        cells = cells_of(scenario, actors, options.targets, options.apis, options.actors)
        if options.abi:
            cells = through_abi(options.abi, cells)
        elif chosen and not scenario.abi:
            yield from (cell for abi in ABIS for cell in through_abi(abi, cells) if cell.id in chosen)
        yield from (cell for cell in cells if not chosen or not chosen.isdisjoint((scenario.id, cell.id)))

    def facts(self, runner: Runner, abis: Iterable[str]) -> tuple[dict[str, Facts], dict[str, MachineError]]:
        """The facts of all targets, by target and agent, and why some agents cannot be had.

        ``abis`` are those, besides the targets' own, for which there are cells.
        """
        found: dict[str, Facts] = {}
        unreachable: dict[str, MachineError] = {}
        agents = [*(() if self.options.abi else (NATIVE, PYTHON)), *abis]
        for target in self.options.targets:
            for agent in self._asked(agents):
                facts = runner.facts(target, agent)
                if isinstance(facts, MachineError):
                    unreachable[f"{target}:{agent}"] = facts
                else:
                    found[f"{target}:{agent}"] = facts
        return found, unreachable

    def refuse_unreadable(self, runner: Runner) -> None:
        """Raises UsageError where the deviations beside a target cannot be read, before any cell runs."""
        for target in self.options.targets:
            try:
                runner.known(target)
            except MachineError:
                continue  # the target cannot be had: its cells will say so
            except CredstoneError as error:
                raise pytest.UsageError(str(error)) from None

    def refuse_other_libraries(self, runner: Runner) -> None:
        """Ends the run where the caller named a library that is not the one in use, before any cell runs.

        What counts is the C agent of the machine's own ABI, where it is asked for, and else the one in Python.  An agent
        beside it runs its raw calls; its other cells are unsupported.
        """
        for target in self.options.targets:
            asked = [] if self.options.abi else self._asked((NATIVE, PYTHON))
            facts = runner.facts(target, asked[0]) if asked else None
            why = facts.not_used if isinstance(facts, Facts) and asked[0] == PYTHON else ()
            if isinstance(facts, OtherLibraryError):
                pytest.exit(str(facts), returncode=MachineError.status)
            if why:
                pytest.exit(f"{why[0]}\n  {hint_for(why[0])}", returncode=MachineError.status)

    def _asked(self, agents: Iterable[str]) -> list[str]:
        """Those of the agents that speak through the APIs that were asked for."""
        return [
            agent
            for agent in agents
            if not self.options.apis or any((api == PYTHON) == (agent == PYTHON) for api in self.options.apis)
        ]

    def _deviations(self, given: Iterable[str]) -> dict[str, list[Deviation]]:
        """The known deviations that were given with ``--deviations``, by target."""
        found: dict[str, list[Deviation]] = {}
        for one in given:
            try:
                target, path = whose(one, self.options.targets)
                found.setdefault(target, []).extend(read_deviations(path))
            except CredstoneError as error:
                raise pytest.UsageError(str(error)) from None
        return found

    def abis(self, scripts: Iterable[Path]) -> list[str]:
        """The ABIs for which these scripts may have cells, besides the targets' own.

        A script with a mistake has no cells; whoever collects it shows the mistake.
        """
        if self.options.abi:
            return [self.options.abi]
        named: set[str] = set()
        for script in scripts:
            with suppress(CredstoneError):
                named |= {scenario.abi for scenario in self.scenarios(script)}
        return sorted(named - {""})

    def facts_of(self, cell: Cell) -> Facts | None:
        """The facts under which a cell ran; None where its agent cannot be had."""
        assert self.runner is not None
        facts = self.runner.facts_of(cell)
        return facts if isinstance(facts, Facts) else None

    def record(self, cell: Cell, verdict: Verdict, seconds: float) -> Record:
        """The line of the results file about a cell."""
        assert self.runner is not None
        record = record_of(self.runner.as_run(cell), verdict, self.facts_of(cell))
        return replace(record, seconds=round(seconds, 4))

    def news(self, record: Record, scenario: Scenario, folder: Path) -> Iterator[ClauseLine | ScenarioLine]:
        """What a record speaks of and none before it did: its scenario, and the clauses of the suite in this folder."""
        if scenario.id not in self._told:
            self._told.add(scenario.id)
            yield scenario_line(scenario)
        clauses = self.suite(folder).clauses
        for name in record.speaks_of:
            if name in clauses and name not in self._told:
                self._told.add(name)
                yield clause_line(clauses[name])

    @property
    def worker(self) -> bool:
        """Whether this is one of xdist's workers, which report to a controller and to no person."""
        return hasattr(self.config, "workerinput")


class Loaded:
    """A plugin that hands over a suite that is already read, and hands back what came of the run."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        self._config: pytest.Config | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        self._config = config
        config.stash[LOADED] = self.suite

    @property
    def ran(self) -> Ran | None:
        """What came of the run; None if it did not begin."""
        return None if self._config is None else self._config.stash.get(RAN, None)
