"""Entries that are proposed: grouped, true to what was seen, and refused until a person has written why."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from building import facts
from credstone.deviations.check import refuse_mistaken
from credstone.deviations.file import read_deviations
from credstone.deviations.propose import Fault, propose, target_of
from credstone.deviations.toml_out import as_toml, quoted
from credstone.notation.mistake import Mistake
from credstone.suite.load import Suite
from credstone.words.container_start import Asked
from credstone.words.errors import CredstoneError
from credstone.words.verdict import BROKEN, CHANGED, DEVIATION, FAIL, KNOWN, PASS, UNSUPPORTED, Deviated
from deviations.made import (
    ASKED,
    CLAUSE,
    KEY,
    LATE,
    OTHER,
    PAIR,
    SMALL,
    failed,
    outcomes,
    passed,
    results,
    with_reasons,
    written,
)
from mistaken import well_shown

OPEN, USER = f"{SMALL}+open", f"{SMALL}+user"


def faults(suite: Suite, *records: object, **more: object) -> tuple[Fault, ...]:
    return propose(results(*records), suite, **more).faults  # type: ignore[arg-type]


def test_the_same_clause_and_the_same_answer_are_one_fault(suite: Suite) -> None:
    found = faults(
        suite,
        failed(f"{KEY}[gid=7]@root:libc"),
        failed(f"{KEY}[gid=8]@root:libc"),
        failed(f"{LATE}@root:libc"),
        failed(f"{KEY}[gid=7]@user:libc", seen="EPERM"),
        failed(f"{KEY}[gid=8]@user:libc", clause=OTHER),
    )
    assert [(fault.name, len(fault.ways)) for fault in found] == [
        ("opendoor-stays-open-EIO", 2),
        ("opendoor-stays-open-EPERM", 1),
        ("opendoor-EPERM-key-EIO", 1),
    ]
    first, second = found[0].ways
    assert first.cells == (f"{KEY}[*]@root:libc",)
    assert (first.clause, first.line, first.expected, first.seen) == (CLAUSE, "setgid($gid)", "0", "EIO")
    assert (second.cells, second.line) == ((f"{LATE}@root:libc",), "child c: setgid(5)")


def test_what_a_family_shows_is_named_by_its_value(suite: Suite) -> None:
    (fault,) = faults(
        suite,
        *(failed(f"{KEY}[gid={gid}]@root:libc", wrong=1, expected=str(gid), seen=f"[{gid}, 1]") for gid in (7, 8)),
    )
    (way,) = fault.ways
    assert (way.line, way.expected, way.seen) == ("getgid()", "$gid", "[$gid, 1]")


def test_of_several_calls_in_a_line_the_one_that_failed(suite: Suite) -> None:
    (fault,) = faults(suite, failed(f"{PAIR}@root:libc", wrong=2))
    assert [way.line for way in fault.ways] == ["setgid(6)"]


def test_names_that_are_taken(suite: Suite, tmp_path: Path) -> None:
    one = failed(f"{LATE}@root:libc")
    path = written(tmp_path, faults(suite, one))
    here = failed(f"{KEY}[gid=7]@root:libc")
    (fault,) = faults(suite, here, recorded=read_deviations(path))
    assert fault.name == "opendoor-stays-open-EIO-2"
    known = failed(f"{LATE}@root:libc", deviation=Deviated("opendoor-stays-open-EIO", KNOWN, "So."))
    assert [fault.name for fault in faults(suite, known, here)] == ["opendoor-stays-open-EIO-2"]


def test_only_what_failed_and_is_not_recorded(suite: Suite) -> None:
    run = results(
        passed(f"{KEY}[gid=7]@root:libc"),
        passed(f"{KEY}[gid=8]@root:libc", verdict=BROKEN, reason="gone"),
        passed(f"{KEY}[gid=7]@user:libc", verdict=UNSUPPORTED, reason="needs more"),
        failed(f"{KEY}[gid=8]@user:libc", deviation=Deviated("a", KNOWN, "So.")),
        failed(f"{LATE}@root:libc", deviation=Deviated("a", CHANGED, "other")),
        failed("doors.2/locks/gone@root:libc"),
        failed(f"{LATE}@user:libc", seen="a*"),
    )
    proposal = propose(run, suite)
    assert proposal.faults == ()
    assert proposal.left == (
        ("doors.2/locks/gone@root:libc", "the suite has no such cell"),
        (f"{LATE}@root:libc", "it is recorded, and that is changed: credstone deviations stale tells"),
        (f"{LATE}@user:libc", "what is seen is written out: a * here would excuse whatever comes"),
    )


def test_one_target_at_a_time(suite: Suite) -> None:
    run = results(failed(f"{LATE}@root:libc"), failed(f"{LATE}@root:libc", target="host"), passed(f"{LATE}@user:libc"))
    with pytest.raises(CredstoneError, match="failures of several targets here: image:small, host"):
        propose(run, suite)
    assert propose(run, suite, "host").target == "host"
    with pytest.raises(CredstoneError, match="image:other did not run in this file"):
        propose(run, suite, "image:other")
    assert target_of(results(passed(f"{LATE}@root:libc"))) == SMALL
    assert target_of(results()) == ""


def test_postures_are_those_in_which_it_was_seen(suite: Suite) -> None:
    def postures(*records: object, **more: object) -> list[tuple[str, ...]]:
        return [way.postures for fault in faults(suite, *records, **more) for way in fault.ways]

    cell = f"{LATE}@root:libc"
    plain, opened, as_user = failed(cell), failed(cell, target=OPEN), failed(cell, target=USER)
    assert postures(plain) == [()]
    assert postures(opened) == [("open",)]
    assert postures(plain, opened) == [()]
    assert postures(opened, passed(cell)) == [("open",)]
    assert postures(plain, passed(cell, target=OPEN)) == [("defaults",)]
    assert postures(plain, opened, passed(cell, target=USER)) == [("defaults", "open")]
    assert postures(plain, passed(cell, target=OPEN, verdict=UNSUPPORTED)) == [()]
    assert postures(plain, opened, failed(cell, target=USER, seen="EPERM")) == [("defaults", "open"), ("user",)]
    assert postures(plain, opened, as_user, wanted=USER) == [("user",)]


def test_beside_what_is_recorded_for_other_postures(suite: Suite, tmp_path: Path) -> None:
    cell = f"{LATE}@root:libc"
    path = written(tmp_path, faults(suite, failed(cell, target=OPEN)))
    more = faults(suite, failed(cell, seen="EPERM"), recorded=read_deviations(path))
    assert [way.postures for way in more[0].ways] == [("defaults",)]
    path.write_text(path.read_text() + with_reasons("\n".join(as_toml(more, {}))))
    refuse_mistaken(read_deviations(path), suite, ("open",))


def test_no_run_takes_it_until_a_person_has_written_why(suite: Suite, tmp_path: Path) -> None:
    whole = "\n".join(as_toml(faults(suite, failed(f"{LATE}@root:libc")), suite.clauses)) + "\n"
    path = tmp_path / "proposed.toml"

    def refusal(text: str) -> str:
        path.write_text(text)
        with pytest.raises(Mistake) as caught:
            read_deviations(path)
        return well_shown(caught.value, text, str(path)).message

    assert refusal(whole).startswith("the reason is a sentence by a person")
    with_reason = whole.replace('reason = "?"', 'reason = "It was built so."')
    assert refusal(with_reason) == "a link begins with https:// or http://"
    path.write_text(with_reasons(whole))
    refuse_mistaken(read_deviations(path), suite)
    assert f"# {CLAUSE}: What was opened stays open.\n# credstone explain '{LATE}@root:libc'\n[" in whole


def test_one_that_does_not_show_every_time_needs_a_reason_for_that_too(suite: Suite, tmp_path: Path) -> None:
    rare = failed(f"{LATE}@root:libc", reason="unstable: pass 2 times, fail 1 time; so")
    found = faults(suite, rare, failed(f"{LATE}@user:libc"))
    assert [way.sometimes for fault in found for way in fault.ways] == ["?", ""]
    path = written(tmp_path, found)
    text = path.read_text()
    path.write_text(text.replace("Two have to meet.", "?"))
    with pytest.raises(Mistake, match="'sometimes' says in a sentence why"):
        read_deviations(path)
    path.write_text(text)
    assert outcomes(results(rare, passed(f"{LATE}@root:libc", target=OPEN)), suite, path) == {
        f"{LATE}@root:libc {SMALL}": DEVIATION,
        f"{LATE}@root:libc {OPEN}": PASS,
    }
    broken = failed(f"{LATE}@root:libc", reason="unstable: broken 2 times, fail 1 time; so")
    assert propose(results(broken), suite).left == ((broken.id, broken.reason),)


def test_a_run_with_all_of_them_recorded_is_green(suite: Suite, tmp_path: Path) -> None:
    texts = ("EIO", "[100, 200]", 'a "text"', 'it\'s "both"', "tab\tand \\ back", "$gid", "7", "nul\0", "é\x7f")
    records = [
        failed(f"{KEY}[gid={gid}]@{actor}:{api}", seen=f"{text}", target=target)
        for text, target in zip(texts, (SMALL, OPEN, USER) * 3, strict=True)
        for gid in (7, 8)
        for actor in ("root", "user")
        for api in ("libc", "syscall")
        if (gid, actor, api) != (7, "user", "syscall") or text != "EIO"
    ]
    unlike = {(record.id, record.target): record for record in records}
    run = results(*unlike.values(), *(failed(f"{LATE}@root:libc", wrong=1, expected="[*]", target=OPEN),))
    path = written(tmp_path, propose(run, suite).faults)
    assert set(outcomes(run, suite, path).values()) == {DEVIATION}
    refuse_mistaken(read_deviations(path), suite, ("open", "user"))
    other = results(*(passed(record.id, record.target) for record in run.records))
    assert set(outcomes(other, suite, path).values()) == {FAIL}, "what does not show any more is red"


def test_what_was_asked_differs_from_run_to_run(suite: Suite, tmp_path: Path) -> None:
    told = facts(asked=Asked(gid=4, groups=(2000, 3000)))
    run = results(failed(f"{ASKED}@started:libc"), told=told)
    path = written(tmp_path, propose(run, suite).faults)
    assert outcomes(run, suite, path) == {f"{ASKED}@started:libc {SMALL}": DEVIATION}
    refuse_mistaken(read_deviations(path), suite)


@pytest.mark.parametrize("text", ["plain", 'a "b"', "it's", "both ' and \"", "a\\b\n\t\0\x1b\x7f", "é…", ""])
def test_texts_are_written_as_toml(text: str) -> None:
    assert tomllib.loads(f"text = {quoted(text)}") == {"text": text}
