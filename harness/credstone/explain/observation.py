"""What a target did in a cell, and its facts: from a results file, or from a run on the spot."""

from __future__ import annotations

import difflib
from pathlib import Path

import msgspec

from credstone.model.machine import FACTS, MACHINES
from credstone.model.start import begin
from credstone.notation.show import show_line
from credstone.plan.container_start import as_asked
from credstone.plan.setup import plan_actor
from credstone.results.file import Results
from credstone.results.record import Record, record_of
from credstone.runner import Runner
from credstone.suite.digest import suite_digest
from credstone.suite.load import Suite
from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.errors import CredstoneError, MachineError
from credstone.words.facts import Facts
from credstone.words.verdict import PASS, UNSUPPORTED

_AGAIN = "Run that cell with --results, and name the new file."


class Observed(msgspec.Struct, frozen=True):
    """A cell as a target knows it: the facts there and the set-up that makes its actor, with what was seen.

    ``record`` is None where nobody ran the cell; ``notes`` say why, and what else a reader must know.
    """

    cell: Cell
    setup: Setup
    facts: Facts
    record: Record | None = None
    notes: tuple[str, ...] = ()


def on_the_spot(suite: Suite, cell: Cell) -> Observed:
    """The cell as it runs now on the target that it names.  Raises CredstoneError for a target that means nothing."""
    runner = Runner(suite.actors)
    try:
        facts = runner.facts_of(cell)
        if isinstance(facts, MachineError):
            return _on_a_machine_of_the_model(suite, cell, f"{cell.target} cannot be asked: {facts.what}")
        verdict = runner.verdict(cell)
        record = record_of(runner.as_run(cell), verdict, facts)
    finally:
        runner.close()
    if verdict.verdict == UNSUPPORTED and not record.steps:
        return _on_a_machine_of_the_model(suite, cell, f"It does not apply to {cell.target}: {verdict.reason}")
    return _there(suite, cell, facts, record)


def from_results(suite: Suite, cell: Cell, results: Results, path: Path, target: str) -> Observed:
    """The cell as a run saw it; without a target that of the first one where it did not pass, or else of the first.

    Raises CredstoneError where the file has no such cell.
    """
    records = {each.target: each for each in results.records if each.id == cell.id and target in ("", each.target)}
    if not records:
        raise CredstoneError(f"{path} has no cell {cell.id}{_of(target)}.", _hint(results, cell.id, target))
    record = next((each for each in records.values() if each.verdict not in (PASS, UNSUPPORTED)), None)
    record = record or next(iter(records.values()))
    cell = msgspec.structs.replace(cell, target=record.target)
    key = f"{record.target}:{cell.agent}"
    facts = results.header.facts.get(key)
    if facts is None:
        why = results.header.unreachable.get(key, "the file has no facts of it")
        return _on_a_machine_of_the_model(suite, cell, f"{record.target} could not be asked: {why}")
    if record.verdict == UNSUPPORTED and not record.steps:
        return _on_a_machine_of_the_model(suite, cell, f"It does not apply to {record.target}: {record.reason}")
    try:
        there = _there(suite, cell, facts, record)
        begin(there.setup, facts, there.cell.scenario)
    except (ValueError, TypeError, OverflowError, MemoryError):
        raise CredstoneError(f"{path}: what it has for {key} are not the facts of a target.", _AGAIN) from None
    if any(call != show_line(line) for (call, _), line in zip(record.steps, there.cell.scenario.lines, strict=False)):
        raise CredstoneError(f"{path} has {cell.id} with other lines than the suite has them now.", _AGAIN)
    other = results.header.suite != suite_digest(suite.folder)
    notes = (("The suite has changed since that run",) if other else ()) + (
        () if results.footer else (f"{path} was cut off",)
    )
    return msgspec.structs.replace(there, notes=notes)


def _there(suite: Suite, cell: Cell, facts: Facts, record: Record) -> Observed:
    scenario, _ = as_asked(cell.scenario, facts.asked)
    cell = msgspec.structs.replace(cell, scenario=scenario)
    return Observed(cell, plan_actor(cell.actor, suite.actors, facts).setup, facts, record)


def _on_a_machine_of_the_model(suite: Suite, cell: Cell, why: str) -> Observed:
    """The cell on the model's own machine, where everything can be had; one about a runtime, where one was asked."""
    for facts in (FACTS, *MACHINES):
        scenario, missing = as_asked(cell.scenario, facts.asked)
        plan = plan_actor(cell.actor, suite.actors, facts)
        if not missing and not plan.missing:
            on_model = msgspec.structs.replace(cell, scenario=scenario, target="model")
            return Observed(on_model, plan.setup, facts, None, (why, "Explained on the model's machine"))
    raise CredstoneError(f"{cell.id} applies to nothing that the model is asked for: {why}.")


def _hint(results: Results, name: str, target: str) -> str:
    """What is near, of all that the file has."""
    there = {each.id for each in results.records if target in ("", each.target)}
    if not there:
        return f"It has cells of {', '.join({each.target: None for each in results.records}) or 'no target'}."
    near = difflib.get_close_matches(name, sorted(there), n=1, cutoff=0.4)
    return f"It has {near[0]}." if near else _AGAIN


def _of(target: str) -> str:
    return f" of {target}" if target else ""
