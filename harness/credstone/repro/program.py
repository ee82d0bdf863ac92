"""From the name that a person gives to the program that is printed."""

from __future__ import annotations

import msgspec

from credstone.calls.apis import apis_of
from credstone.plan.cells import cells_of, through_abi
from credstone.plan.container_start import as_asked
from credstone.repro.c import c_program
from credstone.repro.python import python_program
from credstone.repro.shell import shell_program
from credstone.repro.story import tell
from credstone.suite.load import Suite, other_folder
from credstone.suite.select import select
from credstone.text.commands import pasted
from credstone.words.cell import Cell
from credstone.words.container_start import Asked
from credstone.words.errors import CredstoneError


def program(suite: Suite, name: str, language: str = "", asked: Asked | None = None) -> str:
    """The program for the cell or scenario with this name; without a language, in that of the cell's API.

    ``asked`` is what a runtime was asked for, where the scenario speaks of that.  Raises CredstoneError where there is no
    such cell, or none that this language can perform.
    """
    refused: list[CredstoneError] = []
    for cell in _cells(suite, name, language):
        try:
            return write(cell, suite, asked, language)
        except CredstoneError as error:  # another actor may be one that can be had
            refused.append(error)
    raise CredstoneError(refused[0].what, refused[0].hint or _in_other(suite, name, "c"))


def write(cell: Cell, suite: Suite, asked: Asked | None = None, language: str = "") -> str:
    """The program for a cell; without a language in that of its API."""
    scenario, missing = as_asked(cell.scenario, asked)
    if missing:
        raise CredstoneError(
            f"There is no program for {cell.scenario.id}: {'; '.join(missing)}.",
            "Name a target whose runtime was asked for something: --target image:debian-12.",
        )
    if scenario is not cell.scenario:
        cell = msgspec.structs.replace(cell, scenario=scenario)
    story = tell(cell, suite)
    if language == SHELL:
        return shell_program(story, suite)
    return python_program(story, suite) if cell.api == "python" else c_program(story, suite)


def find_cell(suite: Suite, name: str, language: str = "") -> Cell:
    """The cell that is meant: of a scenario the first, of a family its first value."""
    return _cells(suite, name, language)[0]


def _cells(suite: Suite, name: str, language: str) -> list[Cell]:
    """The cells that are meant, through one API."""
    chosen = select(suite, name)
    found = {(scenario.page, scenario.script, scenario.name) for scenario in chosen.scenarios}
    if len(found) > 1:
        raise CredstoneError(
            f"'{name}' stands for {len(found)} scenarios, and a program shows one.",
            f"Name one of them, for example {chosen.scenarios[0].id}.",
        )
    scenario = chosen.scenarios[0]
    possible = apis_of(scenario)
    if chosen.api and chosen.api not in possible:
        raise CredstoneError(f"{scenario.id} does not run through {chosen.api}.", f"It does through {_or(possible)}.")
    wanted = [api for api in possible if not language or (api == "python") == (language == "python")]
    if not wanted:
        other = "c" if language == "python" else "python"
        calls = "not in Python's reach" if language == "python" else "Python's own"
        raise CredstoneError(
            f"{scenario.id} has no program in {_SHOWN[language]}: its calls are {calls}.",
            _in_other(suite, name, other),
        )
    if language == SHELL:
        wanted.sort()  # what a shell starts makes its calls through the C library
    elif chosen.api in wanted:
        wanted = [chosen.api]
    cells = cells_of(scenario, suite.actors, ["host"], wanted[:1], [chosen.actor] if chosen.actor else [])
    if chosen.abi and language != SHELL:
        cells = through_abi(chosen.abi, cells)
    if not cells:
        if chosen.actor not in ("", *scenario.actors):
            raise CredstoneError(
                f"{scenario.id} does not run as {chosen.actor}.", f"It does as {_or(scenario.actors)}."
            )
        raise CredstoneError(f"{scenario.id} has no cell for the ABI {chosen.abi}.", "Leave the ABI out.")
    return cells


def _in_other(suite: Suite, name: str, language: str) -> str:
    """The command for another language."""
    return pasted("repro", name, f"--as {language}", suites=other_folder(suite.folder))


SHELL = "shell"
_SHOWN = {"c": "C", "python": "Python", SHELL: "shell"}


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(names)
