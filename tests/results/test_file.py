"""Results files: written, read back, and read as far as they go."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from building import credential, facts, scenario
from credstone.results.file import ResultsWriter, footer_of, read_results
from credstone.results.record import Footer, Header, Record, clause_line, record_of, scenario_line
from credstone.words.actor import Actor
from credstone.words.answer import Answer, refused
from credstone.words.cell import Cell
from credstone.words.clause import Clause
from credstone.words.errors import CredstoneError, MachineError
from credstone.words.transcript import Step, Transcript
from credstone.words.verdict import FAIL, PASS, UNSUPPORTED, Finding, Verdict

HEADER = Header("0.1.0", "2026-01-02T03:04:05+00:00", "abc", ("run",), "linux", {"host:libc": facts()}, {"x": "gone"})
CELL = Cell(scenario("  setgid(7) = 0\n  getgid() = 7\n  getuid() = 0"), Actor(about="", name="root"), "libc", "host")
STEPS = (Step(Answer(), {"main": credential()}), Step(refused("EPERM"), {"main": credential()}))
FAILED = Verdict(
    FAIL,
    "it is not 7",
    Finding(1, "7", "EPERM", "a(2)/b"),
    (("a(2)/c", "[]"),),
    (),
    Transcript(1, "done", "", {}, STEPS),
)


def write(path: Path, *verdicts: Verdict) -> Path:
    writer = ResultsWriter(path, HEADER)
    records = [record_of(CELL, verdict) for verdict in verdicts]
    for record in records:
        writer.add(record)
    writer.close(footer_of(records, 1.23456))
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "results.jsonl", Verdict(PASS), FAILED, Verdict(UNSUPPORTED, "needs röot"))


def test_a_record_says_what_ran_and_what_was_wrong() -> None:
    assert record_of(CELL, FAILED) == Record(
        id="doors.2/hinges/something@root:libc",
        scenario="doors.2/hinges/something",
        page="doors.2",
        clauses=("opendoor(2)/stays-open",),
        actor="root",
        api="libc",
        target="host",
        verdict=FAIL,
        reason="it is not 7",
        steps=(("setgid(7)", "0"), ("getgid()", "EPERM")),
        wrong=1,
        line=CELL.scenario.lines[1].number,
        expected="7",
        seen="EPERM",
        clause="a(2)/b",
        choices=(("a(2)/c", "[]"),),
    )


def test_what_was_written_is_read_back(path: Path) -> None:
    results = read_results(path)
    assert results.header == HEADER
    assert [record.verdict for record in results.records] == [PASS, FAIL, UNSUPPORTED]
    assert results.records[1] == record_of(CELL, FAILED)
    assert results.footer == Footer(
        {"pass": 1, "fail": 1, "deviation": 0, "unsupported": 1, "broken": 0}, 1.235, {"host": 0.0}
    )


def test_each_line_is_json_with_its_type(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["type"] for line in lines] == ["header", "cell", "cell", "cell", "footer"]
    assert lines[2].keys() >= {
        "id", "scenario", "page", "clauses", "actor", "api", "target", "verdict", "reason", "steps",
    }  # fmt: skip


def test_lines_are_there_before_the_end(tmp_path: Path) -> None:
    writer = ResultsWriter(tmp_path / "results.jsonl", HEADER)
    writer.add(record_of(CELL, FAILED))
    assert read_results(writer.path).records == (record_of(CELL, FAILED),)
    assert read_results(writer.path).footer is None


def test_cut_off_anywhere_it_is_read_as_far_as_it_goes(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    cut = tmp_path / "cut.jsonl"
    for length in range(len(whole)):
        cut.write_bytes(whole[:length])
        complete = whole[:length].count(b"\n")
        if complete:
            results = read_results(cut)
            assert results.header == HEADER
            assert len(results.records) == min(complete - 1, 3)
            assert results.footer is None
        else:
            with pytest.raises(CredstoneError, match="does not begin with a header"):
                read_results(cut)


def test_what_follows_a_footer_makes_it_none(path: Path) -> None:
    whole = path.read_bytes()
    for more in (b'{"type":', whole.split(b"\n")[1] + b"\n"):
        path.write_bytes(whole + more)
        assert read_results(path).footer is None


def test_what_is_no_results_file(tmp_path: Path) -> None:
    path = tmp_path / "other"
    for content in (b"", b"\n", b"hello\n", b"{}\n", b'{"type":"footer"}\n', b"\xff\xfe\n", b"[1]\n", b"\x00" * 64):
        path.write_bytes(content)
        with pytest.raises(CredstoneError) as caught:
            read_results(path)
        assert str(path) in caught.value.what


def test_a_file_that_begins_with_a_cell_is_none(path: Path) -> None:
    path.write_bytes(path.read_bytes().split(b"\n", 1)[1])
    with pytest.raises(CredstoneError, match="does not begin with a header"):
        read_results(path)


def test_a_spoilt_line_is_named(path: Path) -> None:
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:2], b'{"type":"cell"}', *lines[3:]]))
    with pytest.raises(CredstoneError, match=r"results.jsonl:3: this is no line of a results file"):
        read_results(path)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(CredstoneError, match=f"cannot be read: {why}"):
            read_results(path)


def test_what_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "results.jsonl"):
        with pytest.raises(MachineError, match="cannot be written"):
            ResultsWriter(path, HEADER)


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with pytest.raises(MachineError, match="cannot be written: No space left on device"):
        write(Path("/dev/full"), Verdict(PASS))


def test_scenarios_and_clauses_stand_in_it_once(tmp_path: Path) -> None:
    clause = clause_line(Clause("opendoor(2)/stays-open", "doors.2", "DESCRIPTION", "It stays open."))
    writer = ResultsWriter(tmp_path / "results.jsonl", HEADER)
    for _ in range(2):
        writer.tell(clause)
        writer.tell(scenario_line(CELL.scenario))
        writer.add(record_of(CELL, Verdict(PASS)))
    writer.close(None)
    results = read_results(writer.path)
    assert results.clauses == {clause.id: clause}
    assert [line.call for line in results.scenarios[CELL.scenario.id].lines] == ["setgid(7)", "getgid()", "getuid()"]
    assert len(writer.path.read_text().splitlines()) == 1 + 2 + 2


@pytest.mark.parametrize(
    ("api", "abi", "agent"), [("libc", "", "native"), ("python", "", "python"), ("syscall", "i386", "i386")]
)
def test_a_record_names_the_agent_whose_facts_it_ran_under(api: str, abi: str, agent: str) -> None:
    cell = msgspec.structs.replace(CELL, api=api, abi=abi)
    assert record_of(cell, Verdict(PASS)).agent == cell.agent == agent


def test_two_scenarios_are_the_same_if_they_do_the_same() -> None:
    """Where they stand, what they cite and what is said of them is nothing; what is there before the first line is much."""
    body = "  file  door owner 0:500 mode 0705\n\n  setgid(7) = 0"
    line = scenario_line(scenario(body))
    moved = msgspec.structs.replace(
        scenario(body), number=99, about="It is said.", cites=("a(2)/b",), path="elsewhere.scn"
    )
    assert scenario_line(moved).script == line.script
    assert scenario_line(msgspec.structs.replace(moved, lines=scenario(f"\n\n{body}").lines)).script == line.script
    others = (
        body.replace("0705", "0700"), body.replace("= 0", "= EPERM"), body.replace("setgid(7)", "setgid(8)"),
        body.replace("  file  door owner 0:500 mode 0705\n", ""),
        body.replace("\n\n", "\n  while threads come and go, 5 at a time\n\n"),
    )  # fmt: skip
    scripts = [scenario_line(scenario(other)).script for other in others]
    assert line.script not in scripts
    assert len(set(scripts)) == len(scripts)
    assert (scenario_line(scenario("  setgid(7) = 0")).setup, len(line.setup)) == ("", 16)
