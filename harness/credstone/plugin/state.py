"""What a session of pytest knows of Credstone: what was asked for, the suites, the runner."""

from __future__ import annotations

from pathlib import Path

import pytest

from credstone.runner import Runner
from credstone.suite.load import Suite, load_script, load_suite
from credstone.words.cell import NATIVE, PYTHON
from credstone.words.errors import MachineError
from credstone.words.facts import Facts
from credstone.words.scenario import Scenario

STATE = pytest.StashKey["State"]()
LOADED = pytest.StashKey[Suite]()
"""A suite that whoever started pytest has already read."""


class State:
    """The options of a session, and what is opened in its course."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.targets: list[str] = config.getoption("credstone_targets") or ["host"]
        self.apis: list[str] = config.getoption("credstone_apis") or []
        self.actors: list[str] = config.getoption("credstone_actors") or []
        self.spec: str = config.getoption("credstone_spec")
        self.repeat: int = config.getoption("credstone_repeat")
        self.chosen: set[str] | None = set(config.getoption("credstone_chosen") or []) or None
        self.runner: Runner | None = None
        self._suites: dict[Path, Suite] = {}

    def suite(self, folder: Path) -> Suite:
        """The suite in this folder; its scripts are there only if somebody has read them before."""
        loaded = self.config.stash.get(LOADED, None)
        if folder not in self._suites:
            self._suites[folder] = loaded if loaded and loaded.folder == folder else load_suite(folder, scripts=())
        return self._suites[folder]

    def scenarios(self, script: Path) -> list[Scenario]:
        """The scenarios of a script.  Raises Mistake."""
        suite = self.suite(script.parent.parent)
        read = [each for each in suite.scenarios if (each.page, each.script) == (script.parent.name, script.stem)]
        return read or load_script(suite, script)

    def facts(self, runner: Runner) -> tuple[dict[str, Facts], dict[str, str]]:
        """The facts of all targets, by target and agent, and why some agents cannot be had."""
        found: dict[str, Facts] = {}
        unreachable: dict[str, str] = {}
        for target in self.targets:
            for agent in (NATIVE, PYTHON):
                if not self.apis or any((asked == PYTHON) == (agent == PYTHON) for asked in self.apis):
                    facts = runner.facts(target, agent)
                    if isinstance(facts, MachineError):
                        unreachable[f"{target}:{agent}"] = str(facts)
                    else:
                        found[f"{target}:{agent}"] = facts
        return found, unreachable

    @property
    def worker(self) -> bool:
        """Whether this is one of xdist's workers, which report to a controller and to no person."""
        return hasattr(self.config, "workerinput")


class Loaded:
    """A plugin that hands over a suite that was read before pytest was started."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[LOADED] = self.suite
