"""Cells, scenarios and clauses as pages: what is marked, what is beside it, and that it fits."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import msgspec
import pytest

from building import make_suite
from credstone.explain.cell import explain_cell
from credstone.explain.clause import explain_clause
from credstone.explain.observation import Observed, from_results, on_the_spot
from credstone.explain.scenario import explain_scenario
from credstone.judge.judge import judge
from credstone.model.machine import FACTS
from credstone.model.play import transcribe
from credstone.model.rules import Mutant
from credstone.model.variant import deciding
from credstone.plan.cells import cells_of
from credstone.plan.container_start import as_asked
from credstone.plan.setup import plan_actor
from credstone.results.file import Results, read_results
from credstone.results.record import Footer, Header, Record, record_of
from credstone.suite.digest import suite_digest
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.suite.select import select
from credstone.text.wrap import WIDTH
from credstone.words.cell import Cell
from credstone.words.errors import CredstoneError

replace = msgspec.structs.replace
SAVED_GID = "setreuid.2/saved/the-same-effective-id-still-moves-saved[id=gid]@three-gids:libc"
KEEPS_SAVED = Mutant(
    "keeps-saved",
    "setregid(2)/saved-follows-effective",
    "The saved gid stays.",
    deciding(lambda _, now: now.credential.gid.saved),
)
PATH = Path("results.jsonl")


@cache
def suite() -> Suite:
    return load_suite(default_folder())


def cell_of(name: str, target: str = "host") -> Cell:
    chosen = select(suite(), name)
    apis, actors = ([part] if part else [] for part in (chosen.api, chosen.actor))
    return cells_of(chosen.scenarios[0], suite().actors, [target], apis, actors)[0]


def record(cell: Cell, mutant: Mutant | None = None) -> Record:
    """What a run of the model, or of a mutant of it, has in its results file."""
    setup = plan_actor(cell.actor, suite().actors, FACTS).setup
    return record_of(cell, judge(cell, setup, FACTS, transcribe(0, cell, setup, mutant)))


def results(*records: Record, of: str = "") -> Results:
    known = {f"{each.target}:native": FACTS for each in records}
    header = Header("0", "2026-01-01", of or suite_digest(suite().folder), ("credstone", "run"), "linux", known)
    return Results(header, records, Footer({}, 0))


def page(observed: Observed) -> list[str]:
    return list(explain_cell(suite(), observed))


def marked(lines: list[str]) -> list[str]:
    return [line[4:].split("  ")[0] for line in lines if line.startswith("  ✗ ")]


def test_a_cell_that_failed_has_its_wrong_lines_marked_and_says_what_was_seen() -> None:
    cell = cell_of(SAVED_GID)
    lines = page(from_results(suite(), cell, results(record(cell, KEEPS_SAVED)), PATH, ""))
    assert marked(lines) == ["setregid(-1, 2000)", "getresgid()", "setregid(-1, 3000)"]
    assert "        host: saved gid 2000 expected, 3000 seen" in lines
    assert any(line.endswith("= 1000 2000 2000   host: 1000 2000 3000") for line in lines)
    assert any(line.split() == ["decides", "setregid(2)/saved-follows-effective"] for line in lines)
    assert "        follows: 0; saved gid 3000 becomes 2000" in lines
    assert "  host: fail: setregid(-1, 2000): saved gid 2000 expected, 3000 seen" in lines
    assert lines[-2].startswith("  setregid(2)/saved-follows-effective: If setregid()")


def test_the_columns_stay_apart_however_long_an_exception_is_called() -> None:
    cell = cell_of("python.os/setgid/what-is-no-number@root:python")
    lines = page(from_results(suite(), cell, results(record(cell)), PATH, ""))
    told = [line for line in lines if line.split()[:1] in (["holds"], ["not"]) and "Error" in line]
    assert {line.replace("not so", "not-so").split()[1] for line in told} >= {"TypeError", "OverflowError"}
    assert {line.replace("not so", "not-so").split()[2] for line in told} >= {"os.setgid/type", "os.setgid/range"}


def test_a_cell_that_passed_has_no_mark() -> None:
    cell = cell_of(SAVED_GID)
    lines = page(from_results(suite(), cell, results(record(cell)), PATH, ""))
    assert marked(lines) == []
    assert lines[-1] == "  host: pass"


def test_of_several_targets_it_is_the_one_that_did_not_pass_or_the_one_that_is_named() -> None:
    good, bad = cell_of(SAVED_GID, "model"), cell_of(SAVED_GID)
    both = results(record(good), record(bad, KEEPS_SAVED))
    assert marked(page(from_results(suite(), bad, both, PATH, "")))
    assert page(from_results(suite(), bad, both, PATH, "model"))[-1] == "  model: pass"
    with pytest.raises(CredstoneError, match=r"has no cell .* of mars") as raised:
        from_results(suite(), bad, both, PATH, "mars")
    assert raised.value.hint == "It has cells of model, host."


def test_the_facts_of_the_target_decide_what_is_expected() -> None:
    cell = cell_of(SAVED_GID)
    found = results(record(cell))
    libc = {"host:native": replace(FACTS, kernel="4.4.0", libc="musl 1.2.2")}
    old = replace(found, header=replace(found.header, facts=libc))
    assert any("host: kernel 4.4.0, musl 1.2.2" in line for line in page(from_results(suite(), cell, old, PATH, "")))


def test_what_a_reader_must_know_of_the_file() -> None:
    cell = cell_of(SAVED_GID)
    cut_off = replace(results(record(cell), of="another"), footer=None)
    lines = page(from_results(suite(), cell, cut_off, PATH, ""))
    assert "  The suite has changed since that run." in lines
    assert "  results.jsonl was cut off." in lines


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": "setreuid.2/saved/another@three-gids:libc"}, "has no cell"),
        ({"steps": (("setregid(-1, 7)", "0"),)}, "with other lines than the suite has them now"),
    ],
)
def test_a_file_that_does_not_fit_is_one_sentence(change: dict[str, object], sentence: str) -> None:
    cell = cell_of(SAVED_GID)
    with pytest.raises(CredstoneError, match=sentence) as raised:
        from_results(suite(), cell, results(replace(record(cell), **change)), PATH, "")
    assert raised.value.hint


@pytest.mark.parametrize(
    "facts", [{"uid_map": "a b"}, {"gid_map": "0 0"}, {"last_capability": 1 << 80}, {"uid_map": "0 0 -5\n0 x"}]
)
def test_facts_that_are_none_are_one_sentence(facts: dict[str, object]) -> None:
    cell = cell_of(SAVED_GID)
    found = results(record(cell))
    broken = replace(found, header=replace(found.header, facts={"host:native": replace(FACTS, **facts)}))
    with pytest.raises(CredstoneError, match="are not the facts of a target"):
        from_results(suite(), cell, broken, PATH, "")


def test_a_file_with_anything_in_it_is_a_page_or_one_sentence(tmp_path: Path) -> None:
    cell, path, chance = cell_of(SAVED_GID), tmp_path / "results.jsonl", random.Random(7)
    found = results(record(cell, KEEPS_SAVED))
    lines = [msgspec.json.encode(each) for each in (found.header, *found.records, found.footer)]
    whole = b"\n".join([*lines, b""])
    came_to: set[int] = set()
    for _ in range(200):
        text = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            text[chance.randrange(len(text))] = chance.choice(b'0123456789 "abc,[]{}:-\x00')
        path.write_bytes(text[: chance.choice((len(text), chance.randrange(len(text))))])
        try:
            came_to.add(bool(page(from_results(suite(), cell, read_results(path), path, ""))))
        except CredstoneError as error:
            came_to.add(error.status)
    assert came_to == {True, 2}


def test_where_it_does_not_apply_it_is_explained_on_a_machine_of_the_model() -> None:
    cell = cell_of("container-start/ids/the-user-that-was-asked-for")
    unsupported = replace(record(cell_of(SAVED_GID)), id=cell.id, verdict="unsupported", reason="because", steps=())
    lines = page(from_results(suite(), cell, results(unsupported), PATH, ""))
    assert "  It does not apply to host: because." in lines
    assert "  Explained on the model's machine." in lines
    assert any("begins with container-start/uid" in line for line in lines)


def test_on_the_spot_in_the_model() -> None:
    lines = page(on_the_spot(suite(), cell_of(SAVED_GID, "model")))
    assert lines[-1] == "  model: pass"
    assert any(line.endswith("= EPERM            model: EPERM") for line in lines)


def test_every_page_fits_and_no_scenario_is_too_much_for_it() -> None:
    """A spread of the cells, but for those of long lists; ids, and other words that cannot be broken, stay whole."""
    for number, scenario in enumerate(suite().scenarios[::127]):
        cells = cells_of(scenario, suite().actors, ["model"])
        if as_asked(scenario, FACTS.asked)[1] or scenario.load or "limits" in scenario.id:
            continue
        lines = [*explain_scenario(suite(), scenario), *page(on_the_spot(suite(), cells[number % len(cells)]))]
        assert [line for line in lines if len(line) > WIDTH and max(map(len, line.split())) < WIDTH - 20] == []


SOMETIMES = """\
# A second scenario of the clause, and a family.
scenario anybody-may-look
  cites stays-open
  as    root
  with  gid in 5, 6, 7

  setgid($gid)                     = 0
"""


def test_a_clause_with_its_place_and_its_scenarios(tmp_path: Path) -> None:
    small = make_suite(tmp_path / "suites", hinges=SOMETIMES)
    clause = replace(small.clauses["opendoor(2)/stays-open"], since="Linux 2.0", erratum="It does not.")
    assert list(explain_clause(small, clause)) == [
        "opendoor(2)/stays-open",
        "  What was opened stays open.",
        "",
        "  page      opendoor(2)   suites/doors.2",
        "  section   DESCRIPTION",
        "  level     man",
        "  since     Linux 2.0",
        "  erratum   It does not.",
        "",
        "  scenario  doors.2/hinges/anybody-may-look   3 values",
    ]


def test_a_scenario_with_words_is_one_for_each_of_them(tmp_path: Path) -> None:
    text = SOMETIMES.replace("  with", "  for   id in uid, gid\n  with").replace("setgid", "set$id")
    small = make_suite(tmp_path / "suites", hinges=text)
    lines = list(explain_clause(small, small.clauses["opendoor(2)/stays-open"]))
    assert lines[-2:] == [
        f"  scenario  doors.2/hinges/anybody-may-look[id={word}]   3 values" for word in ("uid", "gid")
    ]
    assert any(line.split() == ["setgid($gid)", "=", "0"] for line in explain_scenario(small, small.scenarios[-1]))


def test_a_clause_with_the_mutants_that_its_scenarios_catch() -> None:
    lines = list(explain_clause(suite(), suite().clauses["setregid(2)/saved-follows-effective"]))
    told = " ".join(line.strip() for line in lines)
    assert "The saved gid does not follow the effective one (kernels without saved ids). Caught by" in told
    assert "No scenario of this clause catches it" not in told


def test_a_scenario_has_its_clauses_with_their_places() -> None:
    lines = list(explain_scenario(suite(), cell_of(SAVED_GID).scenario))
    assert "  setregid(2)/EPERM   setregid(2), ERRORS" in lines
    assert "    setregid(-1, 2000)               = 0" in lines
