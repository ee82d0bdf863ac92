"""One cell in two runs: what kind of change it is."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from credstone.results.diff import ANSWER, FIX, LOST, REGRESSION, VERDICT, CellChange
from credstone.results.diff.cells import cell_change
from credstone.results.record import Record
from credstone.words.verdict import AMBIGUOUS, CHANGED, GONE, Deviated
from runs import CLAUSE, broken, deviating, failed, passed, unsupported

EVERY = -1
NOT_RUN = broken(not_run=True)
GONE_NOW = passed(deviation=Deviated("stiff", GONE, "deviation gone: remove the entry"))


def change(before: Record, after: Record) -> CellChange | None:
    return cell_change(before, after, EVERY)


def kind(before: Record, after: Record) -> str:
    found = change(before, after)
    return found.kind if found else ""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (passed(), failed(), REGRESSION),
        (passed(), broken(), REGRESSION),
        (failed(), broken(), REGRESSION),
        (deviating(), broken(), REGRESSION),
        (unsupported(), broken(), REGRESSION),
        (deviating(), failed(seen="EINVAL"), REGRESSION),
        (deviating(), deviating(seen="EINVAL", state=CHANGED), REGRESSION),
        (failed(), passed(), FIX),
        (deviating(), passed(), FIX),
        (deviating(), GONE_NOW, FIX),
        (broken(), passed(), FIX),
        (passed(), passed("looks", "0", "8"), ANSWER),
        (failed(), failed(seen="EINVAL"), ANSWER),
        (deviating(), deviating(seen="EINVAL"), ANSWER),
        (passed(), unsupported(), LOST),
        (GONE_NOW, unsupported(), LOST),
        (passed(), deviating(), VERDICT),
        (deviating(), unsupported(), VERDICT),
        (failed(), unsupported(), VERDICT),
        (unsupported(), passed(), VERDICT),
        (unsupported(), failed(), VERDICT),
        (broken(), failed(), VERDICT),
        (broken(), unsupported(), VERDICT),
        (broken(), deviating(), VERDICT),
        # the answers are those of before: what is recorded changed, and no target
        (deviating(), failed(), VERDICT),
        (deviating(), deviating(state=AMBIGUOUS), VERDICT),
        (failed(), deviating(), VERDICT),
        (failed(), deviating(seen="EINVAL"), VERDICT),
        (passed(), GONE_NOW, ""),
        (GONE_NOW, passed(), ""),
        (passed(), passed(), ""),
        (failed(), failed(), ""),
        (broken(), broken(reason="another"), ""),
        (unsupported(), unsupported(reason="another"), ""),
        # what did not run says nothing about the target
        (passed(), NOT_RUN, LOST),
        (failed(), NOT_RUN, LOST),
        (deviating(), NOT_RUN, LOST),
        (unsupported(), NOT_RUN, VERDICT),
        (broken(), NOT_RUN, VERDICT),
        (NOT_RUN, passed(), VERDICT),
        (NOT_RUN, failed(), VERDICT),
        (NOT_RUN, broken(), VERDICT),
        (NOT_RUN, NOT_RUN, ""),
    ],
)
def test_the_kind_of_a_change(before: Record, after: Record, told: str) -> None:
    assert kind(before, after) == told


def test_an_answer_tells_it() -> None:
    found = change(passed(), failed())
    assert found is not None
    assert (found.clause, found.line, found.step, found.answered) == (CLAUSE, "setgid(7)", 0, True)
    assert (found.was, found.now) == ("0", "EPERM")


def test_a_credential_tells_it_before_an_answer_does() -> None:
    after = failed("looks", "0", expected="saved gid 7")
    after = replace(after, seen="1", steps=(*after.steps[:1], ("getgid()", "1"), *after.steps[2:]))
    found = change(passed(), after)
    assert found is not None
    assert (found.line, found.step, found.answered) == ("setgid(7)", 0, False)
    assert (found.was, found.now) == ("as expected", "1 (saved gid 7 expected)")
    back = change(after, passed())
    assert back is not None
    assert (back.kind, back.step, back.was, back.now) == (FIX, 0, found.now, found.was)


def test_a_cell_that_came_to_an_end() -> None:
    hanging = replace(failed(seen="none", expected="an answer", wrong=1), steps=(("setgid(7)", "0"),))
    found = change(passed(), hanging)
    assert found is not None
    assert (found.kind, found.line, found.step, found.was, found.now) == (REGRESSION, "getgid()", 1, "7", "none")


def test_where_no_line_tells_it_verdicts_do() -> None:
    found = change(passed(), unsupported(reason="needs root"))
    assert found is not None
    assert (found.line, found.step, found.was, found.now) == ("", None, "pass", "unsupported: needs root")
    found = change(unsupported(), deviating())
    assert found is not None
    assert found.now == "deviation: The hinge is stiff."


def test_a_damaged_record_may_name_a_line_that_it_does_not_have() -> None:
    damaged = replace(failed(), steps=())
    assert damaged.wrong == 0
    for other in (failed(expected="saved gid 7"), deviating()):
        for before, after in ((other, damaged), (damaged, other)):
            assert change(before, after) is not None


def test_the_number_of_a_process_is_no_answer() -> None:
    before, after = (replace(passed(), steps=(("getpid()", number),)) for number in ("17", "18"))
    assert change(before, after) is None


def test_capabilities_that_not_all_have_are_none() -> None:
    before, after = (replace(passed(), steps=(("status(self, CapEff)", number),)) for number in ("3", "1"))
    assert cell_change(before, after, 1) is None
    assert cell_change(before, after, 3) is not None


def test_a_side_of_an_erratum_is_a_changed_answer() -> None:
    before, after = (passed(errata=(("x(2)/y", side),)) for side in ("Linux", "the page"))
    found = change(before, after)
    assert found is not None
    assert (found.kind, found.clause, found.now) == (ANSWER, "x(2)/y", "as the page has it")
    assert change(before, passed()) is None, "not asked is no side"
