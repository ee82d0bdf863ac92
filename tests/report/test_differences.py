"""Several targets side by side: what counts as a difference, and how it is shown."""

from __future__ import annotations

from pathlib import Path

import msgspec

from building import credential, facts
from cli.command import mutated
from credstone.report.differences import Difference, compare, show_differences
from credstone.report.facts import show_facts
from credstone.report.targets import short_names, show_targets
from credstone.results.record import Record
from credstone.text.wrap import WIDTH
from credstone.words.capability import CAP_SETGID, CAP_SETUID
from credstone.words.verdict import BROKEN, FAIL, KNOWN, PASS, UNSUPPORTED, Deviated

RECORD = Record(
    id="doors.2/hinges/looks@root:libc",
    scenario="doors.2/hinges/looks",
    page="doors.2",
    clauses=("opendoor(2)/stays-open", "opendoor(2)/EPERM-key"),
    actor="root",
    api="libc",
    target="host",
    verdict=PASS,
    steps=(("setgid(7)", "0"), ("getgid()", "7")),
)


def record(target: str, *answers: str, **other: object) -> Record:
    lines = [line for line, _ in RECORD.steps]
    steps = tuple(zip(lines, answers, strict=False)) if answers else RECORD.steps
    return msgspec.structs.replace(RECORD, target=target, **({"steps": steps} | other))


def failed(target: str, *answers: str, **other: object) -> Record:
    wrong: dict[str, object] = {
        "verdict": FAIL, "wrong": 0, "expected": "0", "seen": "-1", "clause": "opendoor(2)/EPERM-key",
    }  # fmt: skip
    return record(target, *answers, **(wrong | other))


def differences(*records: Record) -> tuple[Difference, ...]:
    return compare(records).differences


def only(*records: Record) -> Difference:
    (found,) = differences(*records)
    return found


def table(*records: Record) -> list[str]:
    return list(show_differences(records))


# what counts


def test_the_same_answers_are_no_difference() -> None:
    assert differences(record("a"), record("b"), record("c")) == ()


def test_another_answer_in_the_first_line_where_it_is_so() -> None:
    found = only(record("a"), failed("b", "-1", "0"), record("c"))
    assert found == Difference(RECORD.id, "opendoor(2)/EPERM-key", "setgid(7)", (("0", ("a", "c")), ("-1", ("b",))))


def test_two_passes_that_chose_differently() -> None:
    found = only(
        record("a", "0", "7", choices=(("opendoor(2)/stays-open", "7"),)),
        record("b", "0", "EPERM", choices=(("opendoor(2)/stays-open", "EPERM"),)),
    )
    assert (found.clause, found.line) == ("opendoor(2)/stays-open", "getgid()")


def test_without_a_fail_or_a_choice_it_is_the_first_clause_that_is_cited() -> None:
    assert only(record("a"), record("b", "0", "8")).clause == "opendoor(2)/stays-open"


def test_a_credential_that_no_line_shows() -> None:
    found = only(record("a"), failed("b", expected="saved gid 7", seen="0", clause="opendoor(2)/stays-open"))
    assert (found.line, found.answers) == (
        "setgid(7)", (("as expected", ("a",)), ("0 (saved gid 7 expected)", ("b",))),
    )  # fmt: skip


def test_two_that_are_wrong_in_different_ways() -> None:
    ways = [failed(name, expected=f"{kind} gid 7", seen="0") for name, kind in (("a", "saved"), ("b", "real"))]
    assert len(only(*ways).answers) == 2
    assert differences(ways[0], msgspec.structs.replace(ways[0], target="b")) == ()


def test_sides_of_an_erratum() -> None:
    found = only(record("a", errata=(("x(2)/y", "the page"),)), record("b", errata=(("x(2)/y", "Linux"),)))
    assert (found.clause, found.line) == ("x(2)/y", "x(2)/y")
    assert found.answers == (("as the page has it", ("a",)), ("as Linux has it", ("b",)))
    assert differences(record("a", errata=(("x(2)/y", "the page"),)), record("b")) == ()


def test_a_cell_that_came_to_an_end() -> None:
    hanging = failed("b", "0", wrong=1, expected="an answer", seen="none")
    assert only(record("a"), hanging).answers == (("7", ("a",)), ("none", ("b",)))
    killed = record("b", "0", choices=(("opendoor(2)/stays-open", "killed by SIGABRT"),))
    assert only(record("a"), killed).answers == (("7", ("a",)), ("killed", ("b",)))


def test_the_number_of_a_process_is_none() -> None:
    lines = ("getpid()", "thread t: getpid()")
    for line in lines:
        one, other = (record(name, steps=((line, number),)) for name, number in (("a", "17"), ("b", "18")))
        assert differences(one, other) == ()
        assert differences(one, record("b", steps=((line, "EPERM"),))) != ()


def test_capabilities_that_not_all_targets_have_are_none() -> None:
    def status(target: str, bits: int) -> Record:
        return record(target, steps=(("status(self, CapEff)", str(bits)),))

    whole, part = CAP_SETUID | CAP_SETGID, CAP_SETUID
    poorer = msgspec.structs.replace(credential(), capabilities=credential(capabilities=part).capabilities)
    poorer = msgspec.structs.replace(poorer, capabilities=msgspec.structs.replace(poorer.capabilities, bounding=part))
    known = {"a:native": facts(), "b:native": facts(poorer)}
    assert compare([status("a", whole), status("b", part)], known).differences == ()
    assert compare([status("a", whole), status("b", 0)], known).differences != ()
    assert compare([status("a", whole), status("b", part)], {"a:native": facts()}).differences != ()


def test_what_did_not_run_on_several_targets_is_counted() -> None:
    other = msgspec.structs.replace(RECORD, id="doors.2/hinges/other@root:libc")
    compared = compare([
        record("a"), record("b", verdict=UNSUPPORTED, steps=()), record("c", verdict=BROKEN, steps=()),
        other, msgspec.structs.replace(other, target="b"),
    ])  # fmt: skip
    assert (compared.cells, compared.alone, compared.incomplete, compared.differences) == (1, 1, 1, ())


# how it is shown


def test_one_target_has_no_table() -> None:
    assert table(record("a"), failed("a", "-1")) == []
    assert list(show_targets([record("a")])) == []


def test_targets_with_equal_answers_stand_together() -> None:
    shown = table(
        *(record(f"image:debian-{n}") for n in range(3)), *(failed(f"image:musl-{n}", "-1", "0") for n in "12")
    )
    assert shown == [
        "",
        "differences: 1 of 1 cell that ran on several targets",
        "",
        "opendoor(2)/EPERM-key  1 cell",
        "  setgid(7)",
        "    musl-1, musl-2: -1 | others: 0",
        "    doors.2/hinges/looks@root:libc",
    ]


def test_two_targets_are_both_named() -> None:
    assert "    b: -1 | a: 0" in table(record("a"), failed("b", "-1", "0"))


def test_cells_of_one_kind_have_one_example() -> None:
    def both(number: int) -> list[Record]:
        found = [record("a"), failed("b", "-1", "0")]
        return [msgspec.structs.replace(each, id=f"doors.2/hinges/looks[gid={number}]@root:libc") for each in found]

    shown = table(*both(1), *both(2), *both(3))
    assert "opendoor(2)/EPERM-key  3 cells" in shown
    assert shown[-1] == "    doors.2/hinges/looks[gid=1]@root:libc   and 2 more"


def test_what_could_not_be_compared_is_one_line() -> None:
    alone = msgspec.structs.replace(RECORD, id="doors.2/hinges/other@root:libc")
    shown = table(record("a"), record("b"), record("c", verdict=UNSUPPORTED), alone)
    assert " ".join(line.strip() for line in shown[1:]) == (
        "differences: 0 of 1 cell that ran on several targets; 1 ran on one target alone; "
        "1 on some of them, and are unsupported or broken on others"
    )


def test_it_fits_into_a_hundred_columns_with_twelve_targets() -> None:
    targets = [f"image:a-distribution-with-a-name-{number}+open+crun" for number in range(12)]
    answer = str(list(range(1000, 1200, 2)))
    name = f"doors.2/{'h' * 20}/{'looks-' * 8}[gid=7]@root-without-CAP_SETGID:libc"
    lines = (("setgroups(" + ", ".join(map(str, range(60))) + ")", "0"),)
    for answers in ([*["0"] * 6, *[answer] * 6], [f"[{number}, {answer}" for number in range(12)]):
        records = [
            msgspec.structs.replace(record(target), id=name, steps=((lines[0][0], each),))
            for target, each in zip(targets, answers, strict=True)
        ]
        shown = [*table(*records), *show_targets(records, dict.fromkeys(targets, 12.5))]
        assert max(map(len, shown)) <= WIDTH, max(shown, key=len)
        assert all(any(target[6:] in line for line in shown) for target in targets)


def test_an_image_loses_its_kind_where_that_leaves_no_doubt() -> None:
    assert short_names(["image:a", "host"]) == {"image:a": "a", "host": "host"}
    assert short_names(["image:host", "host"]) == {"image:host": "image:host", "host": "host"}


def test_a_line_for_each_target() -> None:
    known = Deviated("x", KNOWN, "So it is.")
    records = [record("host"), failed("image:a"), failed("image:a", deviation=known), record("image:a", verdict=BROKEN)]
    assert list(show_targets(records, {"host": 1.25})) == [
        "",
        "target  cells  pass  fail  deviation  unsupported  broken  seconds",
        "host        1     1                                            1.2",
        "a           3           1          1                    1      0.0",
    ]
    assert list(show_targets(records))[1].endswith("broken")


def test_images_share_the_kernel_and_the_report_says_so() -> None:
    found = facts(engine="Docker 20.10.24")
    shown = list(show_facts({"image:a:native": found, "image:b:native": found, "host:native": facts()}, {}))
    assert shown[-2].startswith("kernel 6.18.1 is that of the machine on which Docker 20.10.24 runs: an image changes")
    assert sum("runs: an image changes" in line for line in shown) == 1
    assert not any("an image" in line for line in show_facts({"host:native": facts()}, {}))


def test_a_runtime_with_a_kernel_of_its_own() -> None:
    own = facts(engine="Docker 20.10.24", runtime="runsc", host_kernel="6.1.0-9", kernel="4.19.0-gvisor")
    shared = facts(engine="Docker 20.10.24", runtime="runc", host_kernel="6.18.1")
    *_, theirs, ours, _ = show_facts({"image:a+runsc:native": own, "image:a:native": shared}, {})
    assert theirs == "kernel 4.19.0-gvisor is that of runsc: the machine on which Docker 20.10.24 runs has 6.1.0-9"
    assert ours.startswith("kernel 6.18.1 is that of the machine on which Docker 20.10.24 runs")
    assert "an image changes" not in " ".join(show_facts({"image:a+runsc:native": own}, {}))


def test_a_run_ends_with_both(tmp_path: Path) -> None:
    targets = ("model", "mutant:initgroups-32", "mutant:initgroups-no-groups")
    named = [word for target in targets for word in ("--target", target)]
    done = mutated("run", "initgroups.3/members", *named, beside=tmp_path)
    shown = done.out.split("\n\ndifferences: ")[1].splitlines()
    assert "  getgroups()" in shown
    assert "    mutant:initgroups-no-groups: [1000] | model, mutant:initgroups-32: [500, 502, 1000]" in shown
    assert "    mutant:initgroups-32: [1000, 3000..3030]" in " ".join(shown).replace(" |", "\n")
    assert [line.split()[0] for line in shown if line.startswith(("model ", "mutant:"))] == list(targets)
