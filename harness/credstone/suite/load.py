"""A whole suite: every page folder, script and actor, with all names resolved.

Nothing is taken on trust: a scenario that cites a clause or names an actor that does not exist is a mistake in its
script, shown at its line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import msgspec

from credstone.calls.apis import apis_of
from credstone.local.bundled import bundled
from credstone.notation.mistake import Mistake, Mistakes, refuse
from credstone.suite.actors import read_actors
from credstone.suite.cache import examined
from credstone.suite.clauses import Page, read_clauses
from credstone.suite.toml import read_text, wrong_entry
from credstone.words.actor import Actor
from credstone.words.clause import Clause
from credstone.words.container_start import CONDITIONS
from credstone.words.errors import CredstoneError
from credstone.words.scenario import ABIS, APIS, Scenario


class Unread(msgspec.Struct, frozen=True):
    """A script that has mistakes, so that none of its scenarios runs; ``error`` shows them."""

    page: str
    script: str
    text: str
    error: CredstoneError

    def concerns(self, name: str) -> bool:
        """Whether a name on the command line may mean something in this script."""
        below = f"{self.page}/{self.script}"
        if name in (self.page, self.page.rpartition(".")[0], below, f"{below}.scn"):
            return True
        last = name.partition("@")[0].partition("[")[0].rpartition("/")[2]
        return re.search(rf"(?<![\w.-]){re.escape(last)}(?![\w-])", self.text) is not None


class Suite(msgspec.Struct, frozen=True, dict=True):
    """A suite as it was loaded from one folder; ``unread`` are the scripts that have mistakes."""

    folder: Path
    actors: dict[str, Actor]
    pages: dict[str, Page]
    scenarios: tuple[Scenario, ...]
    unread: tuple[Unread, ...] = ()

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """All clauses by id."""
        return {clause.id: clause for page in self.pages.values() for clause in page.clauses}


def default_folder() -> Path:
    """The suites that come with the package."""
    return bundled("suites", "Name another with --suites FOLDER.")


def other_folder(folder: Path) -> str:
    """What --suites takes to name this folder; empty for the suites that come with the package."""
    try:
        return "" if folder.resolve() == default_folder().resolve() else shown(folder.resolve())
    except CredstoneError:  # the package has none
        return shown(folder.resolve())


def load_suite(folder: Path, scripts: Iterable[Path] | None = None) -> Suite:
    """Loads a suite: all its scripts, or only the given ones (in their order).

    Raises Mistake, or Mistakes if there are several, in one script or in many.
    """
    suite = read_suite(folder, scripts)
    refuse_unread(suite.unread)
    return suite


def refuse_unread(unread: Iterable[Unread]) -> None:
    """Raises what is wrong with these scripts."""
    mistakes: list[Mistake] = []
    for each in unread:
        if isinstance(each.error, Mistake):
            mistakes.append(each.error)
        elif isinstance(each.error, Mistakes):
            mistakes.extend(each.error.mistakes)
        else:
            raise each.error
    refuse(mistakes)


def read_suite(folder: Path, scripts: Iterable[Path] | None = None) -> Suite:
    """As ``load_suite``, but a script with mistakes is set aside and the others are read."""
    if not (folder / "actors.toml").is_file():
        raise CredstoneError(f"{folder} is no suite: it has no actors.toml.", "Name a folder such as suites/.")
    actors = read_actors(folder / "actors.toml")
    pages = {path.parent.name: read_clauses(path) for path in sorted(folder.glob("*/clauses.toml"))}
    _refuse_shared_clauses(folder, pages.values())
    suite = Suite(folder, actors, pages, ())
    chosen = sorted(folder.glob("*/*.scn")) if scripts is None else scripts
    scenarios: list[Scenario] = []
    unread: list[Unread] = []
    for path in chosen:
        try:
            scenarios.extend(load_script(suite, path))
        except CredstoneError as error:
            text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
            unread.append(Unread(path.parent.name, path.stem, text, error))
    return msgspec.structs.replace(suite, scenarios=tuple(scenarios), unread=tuple(unread))


def _refuse_shared_clauses(folder: Path, pages: Iterable[Page]) -> None:
    owners: dict[str, str] = {}
    for page in pages:
        for clause in page.clauses:
            owner = owners.setdefault(clause.id, page.folder)
            if owner != page.folder:
                path = folder / page.folder / "clauses.toml"
                raise wrong_entry(path, ("clause", clause.id), f"{clause.id} is a clause of {owner} already")


def load_script(suite: Suite, path: Path) -> list[Scenario]:
    """The scenarios of one script with their clauses and actors resolved against the suite.

    Raises Mistake, or Mistakes if the script has several.
    """
    text = read_text(path)
    resolver = _Resolver(suite, path, text)
    script = examined(text, path.parent.name, path.stem, shown(path))
    resolver.find_twins(script.scenarios)
    scenarios = [resolver.resolved(scenario) for scenario in script.scenarios]
    refuse([*script.mistakes, *resolver.mistakes])
    return scenarios


def shown(path: Path) -> str:
    """A path as messages show it: relative to the current directory where it lies below it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


class _Resolver:
    def __init__(self, suite: Suite, path: Path, text: str) -> None:
        self.suite = suite
        self.path = shown(path)
        self.text = text
        self.mistakes: list[Mistake] = []
        self.clauses = suite.clauses
        self.here = (
            [clause.id for clause in suite.pages[path.parent.name].clauses] if path.parent.name in suite.pages else []
        )

    def resolved(self, scenario: Scenario) -> Scenario:
        for actor in scenario.actors:
            self.known(scenario, actor, self.suite.actors, "actor", "as")
        for api in scenario.apis:
            self.known(scenario, api, APIS, "API", "via")
        if scenario.abi:
            self.known(scenario, scenario.abi, ABIS, "ABI", "abi")
        for condition in scenario.asked:
            self.known(scenario, condition, CONDITIONS, "condition", "asked")
        made = [
            actor for actor in scenario.actors if actor in self.suite.actors and not self.suite.actors[actor].as_started
        ]
        if made and scenario.speaks_of_asked and set(scenario.asked) <= set(CONDITIONS):
            message = f"what was asked is known only of a process as a runtime started it, and {made[0]} is none"
            self.wrong(scenario, made[0], "as", message)
        if scenario.lines and not self.mistakes and not apis_of(scenario):
            message = f"no API can perform all lines of {scenario.name}: 'credstone list --calls' prints the APIs of each call"
            self.mistakes.append(Mistake(self.path, self.text, scenario.number, 1, message))
        return msgspec.structs.replace(scenario, cites=tuple(self.clause(scenario, name) for name in scenario.cites))

    def clause(self, scenario: Scenario, name: str) -> str:
        """The full id of a clause that is cited in full, or by its name on a page of the same folder.

        A name that several calls of the page have belongs to the one of them that the scenario makes.
        """
        if name in self.clauses:
            return name
        candidates = [clause for clause in self.here if clause.split("/", 1)[1] == name]
        if len(candidates) > 1:
            made = {line.call.name.removesuffix("16") for line in scenario.lines}
            candidates = [clause for clause in candidates if clause.partition("(")[0] in made] or candidates
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            self.wrong(scenario, name, "cites", f"{name} is ambiguous here: write {' or '.join(candidates)}")
            return name
        return self.known(scenario, name, self.clauses, "clause", "cites")

    def known(self, scenario: Scenario, name: str, known: Iterable[str], kind: str, keyword: str) -> str:
        names = list(known)
        if name not in names:
            near = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
            short = [full.split("/", 1)[1] for full in self.here] if kind == "clause" else []
            near += [other for other in difflib.get_close_matches(name, short, n=3, cutoff=0.5) if other not in near]
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            self.wrong(scenario, name, keyword, f"there is no {kind} {name}{hint}")
        return name

    def wrong(self, scenario: Scenario, name: str, keyword: str, message: str) -> None:
        """Points at the word: the first occurrence after the keyword below the scenario's headline."""
        for number, line in enumerate(self.text.split("\n")[scenario.number :], scenario.number + 1):
            if line.split()[:1] == [keyword] and (
                found := re.search(rf"(?<![\w/.-]){re.escape(name)}(?![\w/(.-])", line)
            ):
                self.mistakes.append(Mistake(self.path, self.text, number, found.start() + 1, message))
                return
        self.mistakes.append(Mistake(self.path, self.text, scenario.number, 1, message))

    def find_twins(self, scenarios: list[Scenario]) -> None:
        seen: dict[str, Scenario] = {}
        for scenario in scenarios:
            twin = seen.setdefault(scenario.id, scenario)
            if twin is not scenario:
                message = f"{scenario.name} is already the name of the scenario in line {twin.number}: choose another"
                self.mistakes.append(Mistake(self.path, self.text, scenario.number, 1, message))
