"""The clause that a wrong credential is blamed on: one that determines what changed, and one that a reader can look up."""

from __future__ import annotations

from building import facts
from credstone.judge.blame import Evidence, blamed
from credstone.model.rules import Decision, Outcome, Performed, Refusal, Rule
from credstone.model.start import start
from credstone.model.subjects import CREDENTIAL, GIDS, Subjects
from credstone.words.answer import Answer

CITES = ("access(2)/real-ids",)


def performed(*applied: Rule) -> Performed:
    """A call that applied these rules."""
    return Performed(Outcome(Answer(), start((), facts())), (Answer(),), applied, applied[-1].clause)


def decision(clause: str, of: Subjects) -> Decision:
    return Decision(clause, 0, of)


SETTER = performed(
    Refusal("EINVAL", "setgid(2)/EINVAL", False),
    Refusal("EPERM", "setgid(2)/EPERM", False),
    decision("setgid(2)/every-id-is-an-id", ("answer", *GIDS)),
    decision("setgid(2)/sets-effective", "effective gid"),
    decision("setgid(2)/linux/nothing-else", CREDENTIAL),
    decision("setgid(2)/returns-zero", "answer"),
)


def test_the_decision_about_a_field_is_blamed() -> None:
    assert blamed(SETTER, CITES, "effective gid") == "setgid(2)/sets-effective"


def test_of_a_field_without_its_own_decision_the_one_about_everything() -> None:
    assert blamed(SETTER, CITES, "groups") == "setgid(2)/linux/nothing-else"


def test_what_the_scenario_cites_comes_first_if_it_determines_the_field() -> None:
    assert blamed(SETTER, ("setgid(2)/every-id-is-an-id",), "effective gid") == "setgid(2)/every-id-is-an-id"
    assert blamed(SETTER, ("setgid(2)/returns-zero",), "effective gid") == "setgid(2)/sets-effective"


def test_a_wrong_errno_is_the_refusal_that_answers_it() -> None:
    assert blamed(SETTER, CITES, "answer", Evidence(Answer("EPERM", -1))) == "setgid(2)/EPERM"
    assert blamed(SETTER, CITES, "answer", Evidence(Answer("EINVAL", -1))) == "setgid(2)/EINVAL"
    assert blamed(SETTER, CITES, "answer", Evidence(Answer("", 1))) == "setgid(2)/returns-zero"


def test_the_spelling_of_an_id_says_nothing() -> None:
    misleading = performed(decision("setgid(2)/saved-list-of-real-names", "dumpable"), decision("x(2)/y", "groups"))
    assert blamed(misleading, CITES, "groups") == "x(2)/y"


def test_a_page_without_a_list_of_clauses_is_not_named() -> None:
    assert blamed(performed(decision("stat(2)/owner-and-mode", "answer")), CITES) == CITES[0]


def test_a_clause_that_explains_all_comes_before_one_that_determines_the_same() -> None:
    evidence = Evidence(suspected=("setgid(2)/every-id-is-an-id",))
    assert blamed(SETTER, CITES, "effective gid", evidence) == "setgid(2)/every-id-is-an-id"


def test_what_an_earlier_line_left_behind_is_blamed_if_the_scenario_cites_it() -> None:
    evidence = Evidence(before=("chmod(2)/sets-the-mode",))
    assert blamed(SETTER, ("chmod(2)/sets-the-mode",), "answer", evidence) == "chmod(2)/sets-the-mode"
    assert blamed(SETTER, CITES, "answer", evidence) == "setgid(2)/returns-zero"
