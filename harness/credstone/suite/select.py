"""What a person means by a name on the command line: a page, a script, a scenario, a cell, or a clause."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from credstone.suite.clauses import Page
from credstone.suite.load import Suite, load_script, refuse_unread
from credstone.words.cell import item_name
from credstone.words.errors import CredstoneError
from credstone.words.scenario import ABIS, APIS, Scenario


class Selection(msgspec.Struct, frozen=True):
    """What was selected: scenarios by id, and of a cell's id its actor, API and ABI (empty: all, the own ABI).

    ``target`` is set where the name is that of a cell with its target.
    """

    scenarios: tuple[Scenario, ...]
    actor: str = ""
    api: str = ""
    abi: str = ""
    target: str = ""


def select(suite: Suite, name: str) -> Selection:
    """The scenarios that a name stands for.

    Raises CredstoneError, with what is near, if it stands for none, and what is wrong with a script that it may mean.
    """
    name = _WRAPPED.sub("", name)
    refuse_unread(each for each in suite.unread if each.concerns(name))
    if item := _ITEM.fullmatch(name):
        return _of_item(suite, name, Path(item["script"]), item["item"])
    path = Path(name)
    if path.suffix == ".scn" and _exists(path):
        return Selection(tuple(load_script(suite, path.resolve())))
    if _exists(path) and (found := _below(suite, path.resolve())):
        return Selection(found)
    if name in suite.clauses:
        return Selection(tuple(scenario for scenario in suite.scenarios if name in scenario.cites))
    if name.endswith(("@", ":")) or "@:" in name:
        raise CredstoneError(
            f"The name '{name}' is not complete.",
            "The name of a cell is SCENARIO@ACTOR:API; a shell variable may not be set.",
        )
    found, way = _named(suite, name)
    if not found:
        page, _, way = name.partition("@")
        named = [each.folder for each in suite.pages.values() if page in _names_of_page(each.folder, each.names)]
        found = tuple(scenario for scenario in suite.scenarios if scenario.page in named[:1])
    if not found:
        raise CredstoneError(f"There is nothing called '{name}'.", _hint(suite, name))
    actor, _, api = way.partition(":")
    refuse_unknown("actor", [actor] if actor else [], suite.actors)
    api, _, rest = api.partition(":")
    refuse_unknown("API", [api] if api else [], APIS)
    abi, _, target = rest.partition(":") if rest.partition(":")[0] in ABIS else ("", "", rest)
    return Selection(found, actor, api, abi, target)


_WRAPPED = re.compile(r"\s*\n\s*")
"""Where a report broke an id that is longer than a line."""
_ITEM = re.compile(r"(?P<script>.+?\.scn)::(?P<item>.+)")
"""The id of an item of pytest."""


def select_readable(suite: Suite, name: str) -> Selection:
    """As ``select``, but of the scripts that can be read: the mistakes of others are raised only if nothing is found."""
    try:
        return select(msgspec.structs.replace(suite, unread=()), name)
    except CredstoneError:
        refuse_unread(each for each in suite.unread if each.concerns(name))
        raise


def _of_item(suite: Suite, name: str, script: Path, item: str) -> Selection:
    """The cell, or without brackets the scenario, that pytest calls so."""
    if _exists(script):
        there = load_script(suite, script.resolve())
    else:
        there = [each for each in suite.scenarios if (each.page, f"{each.script}.scn") == script.parts[-2:]]
    bare, bracket, _ = item.partition("[")
    found = [scenario for scenario in there if scenario.name == bare]
    if found and not bracket:
        return Selection(tuple(found))
    for scenario, actor, api, abi in itertools.product(found, suite.actors, APIS, (*ABIS, "")):
        begin = item_name(scenario, actor, api, abi, target="")[:-1] + ":"
        if actor in scenario.actors and item.startswith(begin) and item.endswith("]"):
            return Selection((scenario,), actor, api, abi, item[len(begin) : -1])
    raise CredstoneError(f"There is no item '{name}'.", _hint(suite, f"{script.parent.name}/{script.stem}/{bare}"))


def _named(suite: Suite, name: str) -> tuple[tuple[Scenario, ...], str]:
    """The scenarios whose name this is, or begins with before an ``@``, and what is written behind that."""
    found: dict[str, list[Scenario]] = {}
    for scenario in suite.scenarios:
        for known in dict.fromkeys(_names_of(scenario)):
            if name == known or name.startswith(f"{known}@"):
                found.setdefault(name[len(known) + 1 :], []).append(scenario)
    way, scenarios = min(found.items(), key=lambda each: len(each[0]), default=("", []))
    return tuple(scenarios), way


def pages_named(pages: Iterable[Page], names: Sequence[str]) -> list[Page]:
    """Those of the pages that have one of the names, of the folder or of the NAME line; all of them without names.

    Raises CredstoneError, with all that there are, if none is left.
    """
    there_are = list(pages)
    chosen = [page for page in there_are if not names or {page.folder, *page.names} & set(names)]
    if not chosen:
        known = ", ".join(page.folder for page in there_are)
        raise CredstoneError(f"There is no page {' or '.join(names)}.", f"There are {known}.")
    return chosen


def refuse_unknown(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Raises CredstoneError, with what is near or else with all that there are, at the first name that is not known."""
    there_are = list(known)
    for name in names:
        if name not in there_are:
            near = difflib.get_close_matches(name, there_are, n=3)
            hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(there_are)}."
            raise CredstoneError(f"There is no {kind} '{name}'.", hint)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # a name too long, or a folder that may not be entered: it is the name of something else


def _below(suite: Suite, folder: Path) -> tuple[Scenario, ...]:
    return tuple(
        scenario
        for scenario in suite.scenarios
        if (suite.folder.resolve() / scenario.page / f"{scenario.script}.scn").is_relative_to(folder)
    )


def _names_of(scenario: Scenario) -> Iterable[str]:
    script = f"{scenario.page}/{scenario.script}"
    yield from (scenario.page, script, f"{script}.scn")
    for name in (scenario.name, scenario.full_name):  # as a report shows them below a page, or below a script
        yield from (f"{script}/{name}", f"{scenario.script}/{name}", name)


def _names_of_page(folder: str, names: Iterable[str]) -> set[str]:
    section = re.search(r"\.(\d\w*)$", folder)
    return {folder, *names, *(f"{name}({section[1]})" for name in names if section)}


def _hint(suite: Suite, name: str) -> str:
    bare = {page for each in suite.pages.values() for page in _names_of_page(each.folder, each.names)}
    for scenario in suite.scenarios:
        bare |= {f"{scenario.page}/{scenario.script}", scenario.name}
    # what looks alike has much in common from its beginning or its end on: the rest is not worth a comparison
    known = bare | {clause for clause in suite.clauses if clause.partition("/")[0] == name.partition("/")[0]}
    near = difflib.get_close_matches(name.rpartition("/")[2], sorted(known), n=3, cutoff=0.5)
    near = near or difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.4)
    return f"Did you mean {' or '.join(near)}?" if near else "'credstone list' shows all that there is."
