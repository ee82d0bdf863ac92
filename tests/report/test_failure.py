"""A failure as it is shown, from the lines of a results file."""

from __future__ import annotations

import shlex

import msgspec

from building import credential, facts, scenario
from credstone.judge.difference import differences
from credstone.report.failure import show_failure, show_system, ways_on
from credstone.results.record import ClauseLine, record_of, scenario_line
from credstone.words.actor import Actor
from credstone.words.answer import Answer, refused
from credstone.words.cell import Cell
from credstone.words.transcript import Step, Transcript
from credstone.words.verdict import BROKEN, FAIL, Finding, Verdict

SCENARIO = scenario("  setgid(7) = 0\n  getgid() = 7\n  getuid() = 0\n  getegid() = 7")
CELL = Cell(SCENARIO, Actor(about="", name="root"), "libc", "host")
CLAUSE = ClauseLine("setgid(2)/sets", "setgid.2", "DESCRIPTION", "The group id is set.", erratum="Not on Sundays.")
DONE = Step(Answer(), {"main": credential()})
DENIED = Step(refused("EPERM"), {"main": credential()})
START = {"main": credential()}


def shown(verdict: Verdict) -> list[str]:
    return show_failure(
        record_of(CELL, verdict, facts()), scenario_line(SCENARIO), CLAUSE if verdict.finding else None, facts()
    ).splitlines()


def test_the_wrong_line_is_marked_and_one_more_is_shown() -> None:
    finding = Finding(1, "7", "EPERM", CLAUSE.id)
    lines = shown(Verdict(FAIL, "", finding, transcript=Transcript(1, "done", "", START, (DONE, DENIED, DONE, DONE))))
    number = SCENARIO.lines[1].number
    assert lines == [
        f"FAIL doors.2/hinges.scn:{number}  something   [host · libc · root]",
        "",
        "    setgid(7)                                = 0",
        "  ✗ getgid()                                 = EPERM       7 expected",
        "    getuid()                                 = 0",
        "",
        "  setgid(2)/sets: The group id is set.",
        "  erratum: Not on Sundays.",
        "  kernel 6.18.1, glibc 2.36, x86_64; CAP_SETGID and CAP_SETUID effective",
        "  credstone explain 'doors.2/hinges/something@root:libc'",
        "  credstone repro 'doors.2/hinges/something@root:libc'",
    ]


def test_the_commands_have_the_target_and_the_suite_quoted_for_a_shell() -> None:
    """What a shell makes of them is what was meant, whatever is in the names."""
    scenario = scenario_line(msgspec.structs.replace(SCENARIO, speaks_of_asked=True))
    record = record_of(CELL, Verdict(BROKEN, "gone"), facts())
    record = msgspec.structs.replace(record, id="a.2/b/c[text=it's; $HOME]@root:libc", target="kernel:/a b")
    for verb, command in zip(("explain", "repro"), ways_on(record, scenario, "my suites"), strict=True):
        assert shlex.split(command) == [
            "credstone", verb, record.id, "--target", "kernel:/a b", "--suites", "my suites",
        ]  # fmt: skip


def test_a_field_is_told_also_where_it_is_what_the_call_answered() -> None:
    finding = Finding(0, "saved gid 7", "0", CLAUSE.id)
    lines = shown(Verdict(FAIL, "", finding, transcript=Transcript(1, "done", "", START, (DONE, DONE, DONE, DONE))))
    assert lines[2] == "  ✗ setgid(7)                                = 0           saved gid 7 expected, 0 seen"


def test_an_answer_and_what_was_expected_stay_apart_where_there_is_no_room() -> None:
    seen = "5000 5000 06777 and more of it"
    finding = Finding(1, "5000 5000 0777", seen, CLAUSE.id)
    verdict = Verdict(FAIL, "", finding, transcript=Transcript(1, "done", "", START, (DONE, Step(Answer(seen), START))))
    assert shown(verdict)[3].endswith(f"= {seen}   5000 5000 0777 expected")


def test_every_field_of_a_credential_is_told_from_an_answer() -> None:
    whole = msgspec.structs.asdict(credential())
    other = credential(
        7, 7, (7,), 0, securebits=1, no_new_privs=True, keep_caps=True, dumpable=0, parent_death_signal=9
    )
    assert len(whole) == 9
    fields = [f"{field} {expected}" for field, expected, _ in differences(credential(), other)]
    fields += [f"{field} {expected}" for field, expected, _ in differences(other, credential())]
    fields += [f"child c: {each}" for each in fields] + [f"thread t: {each}" for each in fields]
    answers = [
        "7",
        "EPERM",
        "contains 7",
        '"groups 5 "',
        "0 or EPERM",
        "1000 0 0",
        "[7]",
        "killed by SIGABRT",
        "success",
    ]
    cell = record_of(CELL, Verdict(FAIL))
    assert [each for each in fields if not msgspec.structs.replace(cell, expected=each).of_credential] == []
    assert [each for each in answers if msgspec.structs.replace(cell, expected=each).of_credential] == []


def test_a_line_that_was_not_performed_is_marked_without_an_answer() -> None:
    hang = Verdict(
        FAIL,
        "hang: getgid() did not return",
        Finding(1, "", "", ""),
        transcript=Transcript(1, "hang", "", START, (DONE,)),
    )
    assert shown(hang)[2:7] == [
        "    setgid(7)                                = 0",
        "  ✗ getgid()",
        "    getuid()",
        "",
        "  hang: getgid() did not return",
    ]


def test_a_set_up_that_is_wrong_is_told_before_the_first_line() -> None:
    wrong = Verdict(
        FAIL, "", Finding(-1, "7", "0", CLAUSE.id), transcript=Transcript(1, "done", "", START, (DONE, DONE))
    )
    assert shown(wrong)[:3] == [
        f"FAIL doors.2/hinges.scn:{SCENARIO.lines[0].number}  something   [host · libc · root]",
        "",
        "    setgid(7)                                = 0",
    ]


def test_what_is_broken_has_its_cause_alone() -> None:
    lines = shown(Verdict(BROKEN, "the agent is gone"))
    assert lines[:3] == [
        f"BROKEN doors.2/hinges.scn:{SCENARIO.number}  something   [host · libc · root]",
        "",
        "  the agent is gone",
    ]
    assert not [line for line in lines if "✗" in line]


def test_a_kernel_is_told_with_the_level_that_its_release_leaves_out() -> None:
    debian = facts(kernel="6.1.0-50-cloud-amd64", kernel_version="#1 SMP Debian 6.1.176-1 (2026-08-02)")
    assert show_system(debian).startswith("kernel 6.1.0-50-cloud-amd64 (6.1.176), ")
    assert show_system(facts(kernel="6.18.44")).startswith("kernel 6.18.44, ")
    assert show_system(facts(kernel="6.1.0-50-amd64")).startswith("kernel 6.1.0-50-amd64, ")
