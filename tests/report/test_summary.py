"""The end of a run: each thing once, with the targets that it holds for, and nothing over a hundred columns."""

from __future__ import annotations

from collections import Counter

from building import credential, facts
from credstone.report.choices import show_choices
from credstone.report.facts import show_facts
from credstone.report.reasons import group
from credstone.report.summary import show_summary
from credstone.report.targets import who
from credstone.report.terminal import show_file, show_run
from credstone.results.record import Record
from credstone.text.wrap import WIDTH, fitted
from credstone.words.verdict import BROKEN, DEVIATION, FAIL, KNOWN, PASS, UNSUPPORTED, Deviated
from report.outcomes import PASSED, cell, changed, results

A, B, C, D = (f"image:{name}+open" for name in ("a", "b", "c", "d"))


def on(record: Record, *targets: str) -> list[Record]:
    """The same cell on several targets."""
    return [changed(record, target=target) for target in targets]


def told(*records: Record) -> list[str]:
    return list(show_summary(records))


# one target


def test_one_target_has_its_counts_first() -> None:
    assert told(PASSED, cell("a:libc", FAIL), cell("b:libc", DEVIATION))[:3] == [
        "host: 3 cells, 1 pass, 1 fail, 1 deviation, 0 unsupported, 0 broken",
        "  fail           1  opendoor(2)/EPERM-key",
        "  deviation      1  The hinge is known to be rusty.",
    ]


def test_a_deviation_is_told_once_with_what_was_seen_where() -> None:
    known = Deviated("x", KNOWN, "It is known. " * 12)
    cells = [cell(f"{n}:libc", DEVIATION, deviation=known, clause=f"x(2)/{n % 3}", seen=str(n % 2)) for n in range(6)]
    (first, *_), last = told(*cells)[1:3], told(*cells)[-1]
    assert first.startswith("  deviation      6  It is known. It is known.")
    assert last.strip() == "0, 1 at x(2)/0, x(2)/2; 1, 0 at x(2)/1"


def test_reasons_of_one_kind_are_one() -> None:
    def lacks(*reasons: str) -> list[str]:
        return told(*(cell(f"{n}:libc", UNSUPPORTED, reason=reason) for n, reason in enumerate(reasons)))[1:]

    assert lacks(
        "no CAP_A to take groups [1, 2], gid 5", "no CAP_A to take groups []", "no CAP_A to take groups []"
    ) == ["  unsupported    3  no CAP_A to take groups [] (and 1 more like this)"]
    assert lacks("needs CAP_A", "needs CAP_B") == ["  unsupported    1  needs CAP_A", "  unsupported    1  needs CAP_B"]
    assert lacks("one; other", "one", "other") == [
        "  unsupported    2  one",
        "  unsupported    2  other",
        "  unsupported    3  in all: a cell that lacks several things is counted for each",
    ]


def test_of_one_target_all_reasons_are_told() -> None:
    cells = [cell(f"{n}:libc", UNSUPPORTED, reason=f"lacks {chr(65 + n) * 3}") for n in range(26)]
    assert len(told(*cells)) == 1 + 26


def test_what_is_broken_is_told_by_its_first_line() -> None:
    assert told(cell("a:libc", BROKEN), cell("b:libc", BROKEN))[1:] == ["  broken         2  The agent is gone."]


def test_choices_and_errata_of_one_target_are_counted() -> None:
    records = [
        changed(PASSED, choices=(("x(2)/a", "0"), ("x(2)/b", "0")), errata=(("y(2)/e", "Linux"),)),
        changed(
            PASSED, id="other", choices=(("x(2)/a", "0"), ("x(2)/c", "[]"), ("x(2)/c", "EINVAL"), ("x(2)/c", "[]"))
        ),
    ]
    assert list(show_choices(records)) == [
        "  chosen     0 at x(2)/a (2), x(2)/b (1)",
        "  chosen     [] (2), EINVAL (1) at x(2)/c",
        "  errata     as Linux has it: y(2)/e (1)",
    ]


# several targets


def test_what_is_the_same_on_all_targets_is_said_once() -> None:
    chosen = changed(PASSED, choices=(("x(2)/a", "0"),), errata=(("y(2)/e", "Linux"),))
    lacking = cell("u:libc", UNSUPPORTED)
    assert told(*on(chosen, A, B, C), *on(lacking, A, B, C)) == [
        "  unsupported    1  needs root: uid 1000 has no CAP_SETGID   on all 3 targets",
        "  chosen     0 at x(2)/a",
        "  errata     as Linux has it: y(2)/e",
    ]


def test_what_differs_is_said_with_who() -> None:
    here, there = (changed(PASSED, choices=(("x(2)/a", answer),), errata=(("y(2)/e", side),)) for answer, side in (
        ("0", "Linux"), ("EINVAL", "the page")))  # fmt: skip
    assert told(*on(here, A, B, C), *on(there, D)) == [
        "  chosen     x(2)/a: EINVAL on d+open; 0 on the others",
        "  errata     y(2)/e: as the page has it: on d+open; as Linux has it: on the others",
    ]
    assert told(*on(here, A), *on(there, B)) == [
        "  chosen     x(2)/a: 0 on a+open; EINVAL on b+open",
        "  errata     y(2)/e: as Linux has it: on a+open; as the page has it: on b+open",
    ]


def test_a_target_that_was_not_asked_makes_no_difference() -> None:
    both = changed(PASSED, choices=(("x(2)/a", "0"),))
    other = changed(PASSED, id="other", choices=(("x(2)/a", "EINVAL"),))
    assert told(*on(both, A, B), *on(other, B), *on(PASSED, C)) == ["  chosen     0, EINVAL at x(2)/a"]


def test_fails_and_deviations_name_their_targets() -> None:
    lines = told(*on(PASSED, D), *on(cell("a:libc", FAIL), A), *on(cell("b:libc", DEVIATION), A, B, C),
                 *on(cell("c:libc", DEVIATION), A))  # fmt: skip
    assert lines == [
        "  fail           1  opendoor(2)/EPERM-key   on a+open",
        "  deviation    1-2  The hinge is known to be rusty.",
        "                    0 at opendoor(2)/EPERM-key",
        "                    on all but d+open",
    ]


def test_an_image_in_a_reason_is_no_difference() -> None:
    cells = [cell("u:python", UNSUPPORTED, f"image:{name}", reason=f"There is no python3 in {name}.") for name in "xyz"]
    assert told(*cells) == ["  unsupported    1  There is no python3 in x. (and 2 more like this)   on all 3 targets"]


def test_of_several_targets_the_reasons_that_matter_are_told() -> None:
    cells = [
        cell(f"{n}-{m}:libc", UNSUPPORTED, target, reason=f"lacks {chr(65 + n) * 3}")
        for target in (A, B)
        for n in range(26)
        for m in range(26 - n)
    ]
    assert len(told(*cells)) == 13
    assert told(*cells)[-1] == "  unsupported   14  or fewer, for each of 14 more reasons"


def test_who() -> None:
    assert who([A], [A]) == A
    assert who([A, B], [A, B]) == "both targets"
    assert who([A, B, C, D], [A, B, C, D]) == "all 4 targets"
    assert who([A, B, C], [A, B, C, D]) == "all but d+open"
    assert who([D, A], [A, B, C, D]) == "a+open, d+open"


def test_alike_is_what_differs_in_numbers_paths_and_clauses_alone() -> None:
    def kinds(*reasons: str) -> list[Counter[str]]:
        return [reason.cells for reason in group((A, reason) for reason in reasons)]

    assert len(kinds("uid 0 has none", "uid 1000 has none")) == 1
    assert len(kinds("where x(2)/a asks", "where python.os/b asks")) == 1
    assert len(kinds("maps '0 1 2'", "maps '7 8 9'")) == 1
    assert len(kinds("needs CAP_SETGID", "needs CAP_SETUID")) == 2


# facts


def test_the_facts_of_one_target_are_a_line() -> None:
    known = {"host:native": facts(), "host:python": facts(python="CPython 3.11.2"), "host:i386": facts(abi="i386")}
    assert list(show_facts(known, {})) == [
        "host: kernel 6.18.1, glibc 2.36, CPython 3.11.2, x86_64 and i386, run as uid 0 and gid 0"
    ]


def test_agents_that_do_not_agree_are_told_apart() -> None:
    known = {"host:native": facts(libc="static glibc 2.36"), "host:python": facts(python="CPython 3.11.2")}
    assert list(show_facts(known, {})) == [
        "both targets: kernel 6.18.1, x86_64, run as uid 0 and gid 0",
        "host:native: static glibc 2.36",
        "host:python: glibc 2.36, CPython 3.11.2",
    ]


def test_what_all_targets_have_is_said_once_and_equal_ones_stand_together() -> None:
    known = {f"{A}:native": facts(), f"{B}:native": facts(), f"{C}:native": facts(credential(7, 8), seccomp=2)}
    assert list(
        show_facts(known, {f"{name}:i386": f"There is no agent for i386 in {name[6]}." for name in (A, C)})
    ) == [
        "all 3 targets: kernel 6.18.1, glibc 2.36, x86_64",
        "a+open, b+open: run as uid 0 and gid 0",
        "c+open: run as uid 7 and gid 8, a seccomp filter is active",
        "a+open, c+open, i386: There is no agent for i386 in a. (and 1 more like this)",
    ]


# the whole


def test_nothing_is_wider_than_a_terminal() -> None:
    targets = [f"image:a-distribution-with-a-name-{number}+open+crun" for number in range(12)]
    long = " ".join(["a-word"] * 60)
    records = [
        record
        for target in targets
        for record in (
            cell("f:libc", FAIL, target, clause="x(2)/" + "y" * 40),
            cell("d:libc", DEVIATION, target, deviation=Deviated("x", KNOWN, long), seen="9" * 120),
            *(cell(f"u{n}:libc", UNSUPPORTED, target, reason=f"{long}; lacks {n} {chr(65 + n)}") for n in range(20)),
            cell("b:libc", BROKEN, target, reason=long),
            changed(PASSED, target=target, choices=((f"x(2)/{'z' * 60}", f"{target} {'8' * 200}"),)),
        )
    ]
    known = {f"{target}:native": facts(engine="E" * 30, libc=f"glibc {target}") for target in targets}
    for some in (targets, targets[:1]):
        shown = list(show_run(
            [record for record in records if record.target in some],
            {key: each for key, each in known.items() if key.removesuffix(":native") in some},
        ))  # fmt: skip
        assert max(map(len, shown)) <= WIDTH, max(shown, key=len)


def test_a_no_break_space_keeps_its_neighbours_together() -> None:
    assert fitted("a " * 48 + "bcd\u00a0(2)") == ["a " * 47 + "a", "  bcd (2)"]


def test_a_file_says_what_run_it_is_of() -> None:
    shown = list(show_file(results(PASSED)))
    assert shown[:2] == [
        "credstone run",
        "credstone 0.1.0, suite 15ca, judged by linux; 2026-01-02T03:04:05+00:00, 2 s",
    ]
    assert "host: 1 cell, 1 pass, 0 fail, 0 unsupported, 0 broken" in shown
    assert "2 s" not in "".join(list(show_file(results(PASSED, whole=False)))[:2])
    assert PASS in shown[-1]
