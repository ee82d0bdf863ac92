"""Two runs side by side: targets that belong together, cells that can be compared, and what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from msgspec.structs import replace

from building import credential, facts
from credstone.results.diff import ANSWER, FIX, LOST, REGRESSION, VERDICT, CellChange, Changes, Why, compare_runs
from credstone.results.diff.cells import standing
from credstone.results.file import Results, footer_of
from credstone.results.record import Record, Shards
from credstone.words.errors import CredstoneError
from credstone.words.verdict import BROKEN, DEVIATION, FAIL, PASS, UNSUPPORTED
from runs import broken, failed, passed, run, runs, scenario_line, unsupported

TARGETS = ("host", "image:a")


def kinds(changes: Changes) -> dict[str, str]:
    return {change.id: change.kind for change in changes.cells}


@given(runs(TARGETS))
def test_a_run_and_itself(one: Results) -> None:
    found = compare_runs(one, one)
    assert (found.facts, found.cells, found.appeared, found.vanished) == ((), (), (), ())
    assert found.compared == len(one.records)


@given(runs(TARGETS), runs(TARGETS))
def test_the_way_back(old: Results, new: Results) -> None:
    """The same cells changed, with what was and what is in each other's place; what is worse one way is better the other."""
    there, back = compare_runs(old, new), compare_runs(new, old)
    assert {(one.target, one.id): (one.before, one.after) for one in there.cells} == {
        (one.target, one.id): (one.after, one.before) for one in back.cells
    }
    assert set(there.appeared) == set(back.vanished)
    assert set(there.vanished) == set(back.appeared)
    other_way = {(one.target, one.id): one for one in back.cells}
    for one in there.cells:
        assert (
            MIRRORED[one.kind] == other_way[one.target, one.id].kind
            or _has_no_opposite(one)
            or _has_no_opposite(other_way[one.target, one.id])
        )


MIRRORED = {REGRESSION: FIX, FIX: REGRESSION, ANSWER: ANSWER, VERDICT: VERDICT, LOST: VERDICT}


def _has_no_opposite(change: CellChange) -> bool:
    """What is broken, or recorded, and then fails or cannot apply is not mended by that; what passed and now fails as it is
    recorded is not worse by that; what applies now and did not is not lost on the way back alone."""
    was, now = standing(change.before), standing(change.after)
    return (was, now) in ((PASS, DEVIATION), (UNSUPPORTED, PASS)) or (was in (BROKEN, FAIL) and now not in (was, PASS))


@given(runs(TARGETS), runs(TARGETS))
def test_every_cell_is_accounted_for(old: Results, new: Results) -> None:
    found = compare_runs(old, new)
    assert found.compared + len(found.vanished) == len(old.records)
    assert found.compared + len(found.appeared) == len(new.records)
    counts = found.counts()
    assert sum(counts[kind] for kind in (REGRESSION, LOST, FIX, ANSWER, VERDICT)) == len(found.cells) <= found.compared


def test_targets_of_one_name_belong_together() -> None:
    old = run(passed(target="host"), passed(target="image:a"))
    new = run(failed(target="host"), failed(target="image:b"))
    found = compare_runs(old, new)
    assert (found.pairs, found.only_old, found.only_new) == ((("host", "host"),), ("image:a",), ("image:b",))
    assert [change.target for change in found.cells] == ["host"]


def test_others_do_where_it_is_said() -> None:
    old = run(passed(target="host"), passed(target="image:a"))
    new = run(failed(target="host"), failed(target="image:b"))
    found = compare_runs(old, new, [("image:a", "image:b")])
    assert ([change.target for change in found.cells], found.only_old, found.only_new) == (["image:b"], (), ())


def test_two_targets_of_one_run() -> None:
    both = run(passed(target="image:a"), failed(target="image:b"))
    assert compare_runs(both, both, [("image:a", "image:b")]).counts()[REGRESSION] == 1


def test_no_target_is_in_both() -> None:
    old, new = run(passed(target="image:a"), path="old.jsonl"), run(passed(target="image:b"), path="new.jsonl")
    with pytest.raises(CredstoneError) as refused:
        compare_runs(old, new)
    assert refused.value.what == "No target is in both: old.jsonl has image:a, new.jsonl has image:b."
    assert "--target image:a=image:b" in refused.value.hint


@pytest.mark.parametrize("pair", [("image:a", "host"), ("host", "image:a")])
def test_a_target_that_a_run_does_not_have(pair: tuple[str, str]) -> None:
    one = run(passed(), path="one.jsonl")
    with pytest.raises(CredstoneError, match=r"one\.jsonl has no target image:a"):
        compare_runs(one, one, [pair])


def test_what_was_judged_otherwise_cannot_be_compared() -> None:
    old, new = run(passed(), path="old.jsonl"), run(passed(), path="new.jsonl", spec="man")
    with pytest.raises(CredstoneError, match=r"old\.jsonl was judged with --spec linux, new\.jsonl with --spec man"):
        compare_runs(old, new)


def suites(*, setup: str = "", expected: str = "= 0", actor: str = "User 0.", number: int = 3) -> Changes:
    """A regression of a cell in another suite, whose scenario or actor may be another one."""
    old, new = run(passed()), run(failed(), suite="def", actors={"root": actor})
    line = scenario_line("doors.2/hinges/looks", number, expected, setup=setup)
    return compare_runs(old, replace(new, scenarios={line.id: line}))


def test_in_another_suite_the_same_scenario_is_compared() -> None:
    for same in (suites(), suites(number=99)):
        assert (kinds(same), same.same_suite, same.scenarios, same.left_out) == (
            {"doors.2/hinges/looks@root:libc": REGRESSION}, False, (), 0,
        )  # fmt: skip


def test_in_another_suite_another_scenario_is_left_out() -> None:
    for other in (suites(expected="= EPERM"), suites(setup="abcd")):
        assert (other.cells, other.scenarios) == ((), ("doors.2/hinges/looks",))
        assert (other.compared, other.left_out, other.counts()["compared"]) == (1, 1, 0)


def test_an_actor_that_is_another_one_is_left_out() -> None:
    other = suites(actor="User 0 without much.")
    assert (other.cells, other.actors, other.left_out) == ((), ("root",), 1)


def test_in_the_same_suite_a_scenario_is_itself() -> None:
    """What a runtime was asked for may stand in the lines of one run and not of another."""
    new = run(failed())
    line = scenario_line("doors.2/hinges/looks", 3, "= EPERM")
    assert kinds(compare_runs(run(passed()), replace(new, scenarios={line.id: line})))


# cells that one of the runs does not have


def stopped(*records: Record) -> Results:
    """A run that was to have one cell more."""
    whole = run(*records)
    return replace(whole, footer=footer_of(records, 1, {"host": len(records) + 1}))


FIRST, SECOND = passed("a"), passed("b")
SHARD = run(FIRST, shards={"host": Shards((1,), 2)})


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (run(FIRST, whole=False), Why.CUT_OFF),
        (stopped(FIRST), Why.STOPPED),
        (SHARD, Why.OTHER_SHARD),
        (run(FIRST), Why.NOT_SELECTED),
        (run(FIRST, suite="def"), Why.OTHER_SUITE),
    ],
)
def test_why_a_run_does_not_have_a_cell(part: Results, why: Why) -> None:
    whole = run(FIRST, SECOND)
    assert compare_runs(whole, part).vanished == ((SECOND, why),)
    assert compare_runs(part, whole).appeared == ((SECOND, why),)
    not_reached = why in (Why.CUT_OFF, Why.STOPPED)
    for found in (compare_runs(whole, part), compare_runs(part, whole)):
        counts = found.counts()
        assert (counts["new"] + counts["vanished"], counts["cut off"]) == ((0, 1) if not_reached else (1, 0))
        assert found.worse == bool(found.incomplete) == not_reached


def test_both_were_cut_off() -> None:
    found = compare_runs(run(FIRST, whole=False), run(SECOND, whole=False))
    assert (found.vanished, found.appeared) == (((FIRST, Why.CUT_OFF),), ((SECOND, Why.CUT_OFF),))
    assert [line.split(" is ")[0] for line in found.incomplete] == ["the old run", "the new run"]


def test_a_run_that_was_cut_off_has_nothing_to_hide_and_is_not_relied_upon() -> None:
    """Even if all cells that it has are as they were."""
    assert compare_runs(run(FIRST), run(FIRST, whole=False)).worse


def test_a_target_that_is_not_compared_may_have_been_stopped() -> None:
    both = run(passed(target="host"), passed(target="image:a"))
    other = replace(both, footer=footer_of(both.records, 1, {"host": 1, "image:a": 9}))
    assert compare_runs(both, other).worse
    assert not compare_runs(both, other, [("host", "host")]).worse


def test_what_is_worse() -> None:
    for before, after, worse in (
        (passed(), failed(), True),
        (passed(), unsupported(), True),
        (passed(), broken(not_run=True), True),
        (failed(), unsupported(), False),
        (unsupported(), failed(), False),
        (failed(), passed(), False),
    ):
        assert compare_runs(run(before), run(after)).worse == worse


def test_capabilities_that_only_one_of_the_systems_has_are_no_answer() -> None:
    """Masks are held against each other as far as all agents of both systems may have them."""
    own = credential()
    poorer = replace(own, capabilities=replace(own.capabilities, bounding=1))
    old, new = (passed(steps=(("status(self, CapEff)", mask),)) for mask in ("3", "1"))
    assert not compare_runs(run(old), run(new, found=facts(poorer))).cells
    assert not compare_runs(run(old, found=facts(poorer)), run(new)).cells
    assert compare_runs(run(old), run(new)).cells
