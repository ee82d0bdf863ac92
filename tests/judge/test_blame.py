"""The clause that a wrong credential is blamed on: one about what changed, and one that a reader can look up."""

from __future__ import annotations

from building import facts
from credstone.judge.blame import blamed
from credstone.model.rules import Decision, Outcome, Performed
from credstone.model.start import start
from credstone.words.answer import Answer

CITES = ("access(2)/real-ids",)


def performed(*clauses: str) -> Performed:
    """A call that succeeded, decided by these clauses."""
    applied = tuple(Decision(clause, 0, "answer") for clause in clauses)
    return Performed(Outcome(Answer(), start((), facts())), (Answer(),), applied, clauses[-1])


def test_a_program_changes_effective_ids_by_its_bits() -> None:
    program = performed(
        "execve(2)/linux/set-group-ID-without-execution", "execve(2)/set-user-ID", "execve(2)/set-group-ID",
        "capabilities(7)/root-effective",
    )  # fmt: skip
    assert blamed(program, CITES, "effective uid") == "execve(2)/set-user-ID"
    assert blamed(program, CITES, "effective gid") == "execve(2)/set-group-ID"


def test_a_clause_on_an_error_changes_nothing() -> None:
    program = performed("execve(2)/ENOENT", "execve(2)/dumpable")
    assert blamed(program, CITES, "effective uid") == "execve(2)/dumpable"


def test_a_page_without_a_list_of_clauses_is_not_named() -> None:
    assert blamed(performed("stat(2)/owner-and-mode"), CITES) == CITES[0]
