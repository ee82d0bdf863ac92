"""What changed between two runs, as it is shown: on a terminal, to programs, and in the summary of a CI job."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from msgspec.structs import replace

from building import facts
from credstone.report.diff.json import changes_json
from credstone.report.diff.markdown import changes_markdown
from credstone.report.diff.terminal import show_changes
from credstone.results.diff import Changes, compare_runs
from credstone.results.file import Results
from credstone.results.record import Record, Shards
from credstone.text.wrap import WIDTH
from runs import broken, deviating, failed, header, passed, run, runs, scenario_line, unsupported

TARGETS = ("host", "image:a")
LONG = "x" * 150


def changes(old: Sequence[Record], new: Sequence[Record], **other: Any) -> Changes:
    return compare_runs(run(*old, path="old.jsonl"), run(*new, path="new.jsonl", **other))


def shown(old: Sequence[Record], new: Sequence[Record], **other: Any) -> list[str]:
    return list(show_changes(changes(old, new, **other)))


def test_nothing_changed() -> None:
    assert shown([passed()], [passed()]) == [
        "old  old.jsonl, of 2026-01-02T03:04:05+00:00",
        "new  new.jsonl, of 2026-01-02T03:04:05+00:00",
        "of  host",
        "",
        "0 changed facts, 0 regressions, 0 fixes, 0 changed answers, 0 changed verdicts, 0 new cells, 0",
        "  vanished, 1 cell compared",
    ]


def test_a_regression_has_its_transcript() -> None:
    lines = shown([passed("a"), passed("b")], [failed("a", "7"), failed("b", "7")])
    assert lines[4:-3] == [
        "regressions: 2 cells",
        "",
        "opendoor(2)/EPERM-key  2 cells",
        "  doors.2/hinges/a@root:libc   and 1 more",
        "    ✗ setgid(7)                            = 7            0 before",
        "      getgid()                             = 7",
    ]
    assert "2 regressions, 0 fixes" in lines[-2]


def test_a_credential_stands_beside_its_line() -> None:
    lines = shown([passed()], [failed("looks", "0", expected="saved gid 7")])
    assert "    ✗ setgid(7)                            = 0            saved gid 7 expected, 0 seen" in lines
    lines = shown([failed("looks", "0", expected="saved gid 7")], [passed()])
    assert "    > setgid(7)                            = 0            0 (saved gid 7 expected) before" in lines


def test_what_was_expected_and_neither_was_nor_is() -> None:
    lines = shown([failed("looks", "7", expected="EPERM")], [failed("looks", "8", expected="EPERM")])
    assert "    > setgid(7)                            = 8            7 before, EPERM expected" in lines


def test_only_some_lines_before_are_shown() -> None:
    steps = tuple((f"setgid({number})", "0") for number in range(20))
    lines = shown([passed(steps=steps)], [passed(steps=(*steps[:15], ("setgid(15)", "7"), *steps[16:]))])
    assert "      … 9 lines" in lines
    assert [line.split("=")[0].strip() for line in lines if "setgid(" in line] == [
        *(f"setgid({number})" for number in range(9, 15)), "> setgid(15)", "setgid(16)",
    ]  # fmt: skip


def test_a_cell_that_came_to_an_end() -> None:
    hanging = replace(failed(seen="none", expected="an answer", wrong=1), steps=(("setgid(7)", "0"),))
    lines = shown([passed()], [hanging])
    assert "    ✗ getgid()                             = none         7 before" in lines


def test_what_is_broken_says_why() -> None:
    lines = shown([passed()], [broken(reason="the agent has gone\nand left nothing")])
    assert "    ✗ pass -> broken: the agent has gone" in lines


def test_facts_come_first_and_once() -> None:
    both = [passed(target=target) for target in ("image:a", "image:b")]
    old, new = header(["image:a", "image:b"], facts(kernel="6.1")), header(["image:a", "image:b"], facts(kernel="6.12"))
    python = replace(new, facts={**new.facts, "image:b:native": facts(kernel="6.12", libc="musl 1.2.5")})
    lines = list(show_changes(compare_runs(run(*both, head=old), run(*both, head=python))))
    assert lines[lines.index("facts") + 1 :][:3] == [
        "  kernel: 6.1 -> 6.12",
        "  libc: glibc 2.36 -> musl 1.2.5   [b]",
        "",
    ]


def test_targets_are_named_where_there_are_several() -> None:
    both = [passed(target=target) for target in ("image:a", "image:b")]
    lines = shown(both, [failed(target=target) for target in ("image:a", "image:b")])
    assert "opendoor(2)/EPERM-key  2 cells: 1 on a, 1 on b" in lines
    assert "  doors.2/hinges/looks@root:libc   [a]   and 1 more" in lines
    lines = shown(both, [both[0], failed(target="image:b")])
    assert "opendoor(2)/EPERM-key  1 cell on b" in lines


def test_changed_verdicts_have_their_reasons() -> None:
    old = [passed("c"), unsupported("d"), failed("e")]
    new = [deviating("c"), failed("d"), unsupported("e", "needs a door")]
    lines = shown(old, new)
    at = lines.index("changed verdicts: 3 cells")
    assert lines[at + 1 : -3] == [
        "  pass -> deviation",
        "       1  opendoor(2)/EPERM-key: The hinge is stiff., such as doors.2/hinges/c@root:libc",
        "  unsupported -> fail",
        "       1  opendoor(2)/EPERM-key, such as doors.2/hinges/d@root:libc",
        "  fail -> unsupported",
        "       1  needs a door",
    ]


def test_lost_cells_have_a_line_for_each_reason() -> None:
    old = [passed("a"), passed("b"), passed("c"), passed("d")]
    new = [unsupported("a"), unsupported("b"), unsupported("c", "needs a door; needs root"), passed("d")]
    lines = shown(old, new)
    at = lines.index("lost: 3 cells that passed before and did not run now")
    assert lines[at + 1 : at + 4] == [
        "     3  needs root",
        "     1  needs a door",
        "     3  in all: a cell that lacks several things is counted for each",
    ]
    assert "0 regressions, 3 lost cells, 0 fixes" in lines[-2]
    assert "lost" not in " ".join(shown(old, old))


def test_what_could_not_run_has_one_line_however_many_cells_there_are() -> None:
    names = [f"n{number}" for number in range(30)]
    lost = [broken(name, "There is no compiler; none at all.\n  Install one.", not_run=True) for name in names]
    old = [passed(names[0]), *(failed(name) for name in names[1:])]
    lines = shown(old, lost)
    at = lines.index("lost: 30 cells that ran before and did not run now")
    assert lines[at + 1 : at + 3] == ["    30  There is no compiler; none at all.", ""]


def test_lost_cells_of_several_targets() -> None:
    both = [passed(target=target) for target in TARGETS]
    lines = shown(both, [unsupported(target=target) for target in TARGETS])
    assert "     2  needs root   [host, image:a]" in lines


def test_what_a_run_did_not_come_to_was_not_left_out_by_choice() -> None:
    whole, part = run(passed(), passed("b")), run(passed(), whole=False)
    for old, new, label in ((whole, part, "new"), (part, whole, "old")):
        text = " ".join(" ".join(show_changes(compare_runs(old, new))).split())
        assert f"not compared: 1 cell that the {label} run did not come to: it was cut off; 1 pass" in text
        assert "0 new cells, 0 vanished, 1 not compared, 1 cell compared" in text
        assert "select" not in text


def test_another_shard_is_no_other_selection() -> None:
    whole, part = run(passed(), passed("b")), run(passed(), shards={"host": Shards((1,), 2)})
    text = " ".join(" ".join(show_changes(compare_runs(whole, part))).split())
    assert "vanished: 1 cell, in other shards than those of the new run, or not selected there; 1 pass" in text


def test_new_and_vanished_cells_stand_by_their_scripts() -> None:
    lines = shown([passed(), passed("gone")], [passed(), passed("a"), failed("b")], suite="def")
    assert "  doors.2/hinges  2 cells: 1 pass, 1 fail" in lines
    text = " ".join(" ".join(lines).split())
    assert "new: 2 cells, which the old run did not select, or which its suite does not have; 1 pass, 1 fail" in text
    assert "vanished: 1 cell, which the new run did not select, or which its suite does not have; 1 pass" in text


def test_in_the_same_suite_they_were_not_selected() -> None:
    lines = " ".join(line.strip() for line in shown([passed(), passed("gone")], [passed()]))
    assert "vanished: 1 cell, which the new run did not select: the suite is the same; 1 pass" in lines


def test_another_suite_is_said_with_what_changed_in_it() -> None:
    new = run(passed(), failed("b"), suite="def")
    line = scenario_line("doors.2/hinges/b", 3, "= EPERM")
    found = compare_runs(run(passed(), passed("b")), replace(new, scenarios={**new.scenarios, line.id: line}))
    lines = list(show_changes(found))
    said = "the suites differ: cells are compared whose scenario is the same in both; 1 cell left out"
    assert f"     {said}" in lines
    assert "     scenarios that changed: doors.2/hinges/b" in lines
    assert "  suite: abc -> def" in lines
    assert lines[-1].endswith("1 cell compared")


def test_what_a_run_lacks_is_said() -> None:
    old = run(passed(), path="old.jsonl", whole=False)
    new = run(passed(), head=header(shards={"host": Shards((1, 3), 4)}))
    lines = list(show_changes(compare_runs(old, new)))
    assert "     the old run is cut off after 1 cell: it has no footer" in lines
    assert "     the new run has only shard 1 and 3 of 4 of host" in lines
    assert lines[2].startswith("new  this run, of ")


def test_it_fits_into_a_hundred_columns() -> None:
    targets = [f"image:a-distribution-with-a-name-{number}+open+crun" for number in range(12)]
    many = "[" + ", ".join(map(str, range(100))) + "]"
    long = {"steps": ((f"setgroups({many})", many), ("getgroups()", many))}
    names = ["looks-" * 8 + "[gid=7]", "y" * 60]
    old = [passed(name, target=target, **long) for target in targets for name in names]
    new = [failed(name, f"{many}2", target=target, expected=many) for target in targets for name in names]
    found = compare_runs(
        run(*old, unsupported("z"), unsupported("q"), path=f"/{LONG}/old.jsonl"),
        run(*new, deviating("z"), failed("q", reason=LONG), suite="def", found=facts(libc=many, uid_map=LONG)),
    )
    found = replace(found, scenarios=tuple(f"doors.2/hinges/{name}" for name in names * 20))
    longest = max((line for line in show_changes(found) if len(line.split()) > 1), key=len)  # no word is taken apart
    assert len(longest) <= WIDTH, longest


@given(runs(TARGETS), runs(TARGETS, suite="def"))
def test_whatever_changed_can_be_shown(old: Results, new: Results) -> None:
    found = compare_runs(old, new)
    assert all(len(line) <= WIDTH for line in show_changes(found))
    lines = [json.loads(line) for line in changes_json(found)]
    assert [line["type"] for line in (lines[0], lines[-1])] == ["runs", "counts"]
    assert changes_markdown(found).startswith("### ")


# for programs


def test_json_has_a_line_for_each_thing() -> None:
    old, new = [passed("a"), failed("b"), passed("gone")], [failed("a"), passed("b"), unsupported("more")]
    lines = [json.loads(line) for line in changes_json(changes(old, new, found=facts(kernel="6.18.7")))]
    assert [line["type"] for line in lines] == ["runs", "fact", "regression", "fix", "new", "vanished", "counts"]
    runs_line, fact, regression, *_, counts = lines
    assert (runs_line["old"]["file"], runs_line["targets"]) == ("old.jsonl", [["host", "host"]])
    assert (fact["fact"], fact["before"], fact["after"]) == ("kernel", "6.18.1", "6.18.7")
    assert (regression["id"], regression["clause"]) == ("doors.2/hinges/a@root:libc", "opendoor(2)/EPERM-key")
    assert (regression["line"], regression["was"], regression["now"]) == ("setgid(7)", "0", "EPERM")
    assert (regression["before"]["verdict"], regression["after"]["outcome"]) == ("pass", "fail")
    assert counts == {
        "type": "counts", "facts": 1, "regression": 1, "lost": 0, "fix": 1, "answer": 0, "verdict": 0, "new": 1,
        "vanished": 1, "cut_off": 0, "compared": 2, "left_out": 0,
    }  # fmt: skip


def test_json_says_what_is_lost_and_why_a_cell_is_not_there() -> None:
    found = compare_runs(run(passed(), passed("b")), run(unsupported(), whole=False))
    lines = [json.loads(line) for line in changes_json(found)]
    assert [line["type"] for line in lines] == ["runs", "lost", "vanished", "counts"]
    assert lines[1]["after"]["reason"] == "needs root"
    assert lines[2]["why"] == "cut off"
    assert (lines[3]["lost"], lines[3]["vanished"], lines[3]["cut_off"]) == (1, 0, 1)


# for the summary of a CI job


def test_markdown_says_first_whether_it_is_worse() -> None:
    assert changes_markdown(changes([passed()], [passed()])).startswith("### ✅ Credstone: no regressions\n")
    text = changes_markdown(changes([passed()], [failed()], found=facts(kernel="6.12")))
    assert text.startswith("### ❌ Credstone: 1 regression\n")
    assert "- <code>kernel: 6.18.1 -&#62; 6.12</code>" in text
    assert "<summary><code>opendoor(2)/EPERM-key</code>: 1 cell</summary>" in text
    assert "✗ setgid(7)                            = EPERM        0 before" in text


def test_markdown_says_what_is_lost_and_what_was_cut_off() -> None:
    text = changes_markdown(changes([passed("a"), passed("b")], [unsupported("a"), unsupported("b")]))
    assert text.startswith("### ❌ Credstone: no regressions, 2 cells lost\n")
    assert "**Lost**: 2 cells that passed before and did not run now\n\n- 2 cells: <code>needs root</code>" in text
    text = changes_markdown(compare_runs(run(passed(), passed("b")), run(passed(), whole=False)))
    assert text.startswith("### ❌ Credstone: no regressions\n")
    assert "⚠️ not compared: 1 cell that the new run did not come to: it was cut off." in text


def test_markdown_is_not_broken_by_what_it_shows() -> None:
    evil = "```</details>|*x*"
    text = changes_markdown(changes([passed("a"), passed("b")], [failed("a", evil), unsupported("b", evil)]))
    opened = [line.removesuffix("text") for line in text.splitlines() if line.startswith("```")]
    assert opened == ["````"] * 2
    assert text.replace(evil, "").count("</details>") == text.count("<details")
    assert "|" not in text.replace(evil, "")
    assert "&#42;x&#42;" in text


def test_markdown_is_short() -> None:
    old = [passed(f"n{number}") for number in range(300)]
    new = [failed(f"n{number}", clause=f"opendoor(2)/clause-{number}") for number in range(300)]
    text = changes_markdown(changes(old, new))
    assert text.count("<details") == 10
    assert "And 290 more clauses." in text
    assert len(text) < 10_000
