"""Rules of the kernel that one of two runs has, and the changes that come from them."""

from __future__ import annotations

from building import facts
from credstone.model.since import MAPS_OF_ROOT, PROCESSES_BY_NAMESPACE
from credstone.report.diff.json import changes_json
from credstone.report.diff.markdown import changes_markdown
from credstone.report.diff.terminal import show_changes
from credstone.results.diff import Changes, compare_runs, rule_of
from credstone.results.record import Record
from runs import passed, run

ABOUT_MAPS = passed("a", clauses=("user_namespaces(7)/root-map-from-inside",))
REFUSED = passed("a", "EPERM", clauses=("user_namespaces(7)/root-map-from-inside",))


def between(old: str, new: str, *cells: tuple[Record, Record]) -> Changes:
    """What changed between two kernels."""
    before, after = zip(*cells or [(passed(), passed())], strict=True)
    return compare_runs(run(*before, found=facts(kernel=old)), run(*after, found=facts(kernel=new)))


def rules(old: str, new: str) -> list[tuple[str, str, bool]]:
    return [(rule.what, rule.since, rule.came) for rule in between(old, new).rules]


def test_rules_that_came_and_rules_that_went() -> None:
    came = (MAPS_OF_ROOT.what, "Linux 5.12", True)
    assert rules("5.11.3", "5.13.2") == [came]
    assert rules("5.13.2", "5.11.3") == [(*came[:2], False)]
    assert (PROCESSES_BY_NAMESPACE.what, "Linux 5.17", True) in rules("5.10.223", "6.12.1")


def test_an_update_brings_a_rule_as_well() -> None:
    assert rules("5.10.34", "5.10.35") == [(MAPS_OF_ROOT.what, "Linux 5.12", True)]
    assert rules("5.10.35", "5.13.1") == []


def test_between_like_kernels_there_are_none() -> None:
    assert rules("6.12.1", "6.12.90") == []
    assert rules("6.12.1", "6.12.1") == []


def test_of_a_rule_that_cannot_be_told_nothing_is_said() -> None:
    assert (MAPS_OF_ROOT.what, "Linux 5.12", True) not in rules("5.10.0-7", "6.12.1")


def test_a_change_comes_from_the_rule_about_its_clause() -> None:
    changes = between("5.11.3", "5.13.2", (ABOUT_MAPS, REFUSED), (passed("b"), passed("b", "7")))
    explained = {change.id: rule_of(change, changes.rules) for change in changes.cells}
    assert explained == {
        "doors.2/hinges/a@root:libc": changes.rules[0],
        "doors.2/hinges/b@root:libc": None,
    }


def test_at_stake_is_a_clause_of_the_rule() -> None:
    clauses = ("doors(2)/hinges", "user_namespaces(7)/root-map-from-inside")
    before, after = passed("a", clauses=clauses), passed("a", "EPERM", clauses=clauses)
    assert [change.clause for change in between("5.11.3", "5.13.2", (before, after)).cells] == [clauses[1]]
    assert [change.clause for change in between("5.13.2", "5.13.3", (before, after)).cells] == [clauses[0]]


def test_a_rule_without_clauses() -> None:
    assert "  there are time namespaces, since Linux 5.6" in show_changes(between("5.5.3", "5.6.1"))


def test_it_is_shown() -> None:
    changes = between("5.11.3", "5.13.2", (ABOUT_MAPS, REFUSED))
    lines = list(show_changes(changes))
    at = lines.index("rules of the kernel")
    assert lines[at + 1].startswith("  to map user 0 takes CAP_SETFCAP, since Linux 5.12: user_namespaces(7)/root-map-")
    assert "changed answers: 1 cell, all of them by this rule" in lines
    assert "- <code>to map user 0 takes CAP&#95;SETFCAP, since Linux 5.12: " in changes_markdown(changes)
    told = list(changes_json(changes))
    assert any('"type":"rule"' in line and '"since":"Linux 5.12"' in line for line in told)
    assert any('"type":"answer"' in line and '"rule":"to map user 0' in line for line in told)


def test_a_change_that_no_rule_explains_is_counted() -> None:
    changes = between("5.13.2", "5.11.3", (ABOUT_MAPS, REFUSED), (passed("b"), passed("b", "7")))
    text = "\n".join(show_changes(changes))
    assert "no longer: to map user 0 takes CAP_SETFCAP" in text
    assert "changed answers: 2 cells, 1 of them not by this rule" in text
