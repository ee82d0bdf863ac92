"""What was not tested: said once in every report, with its reason, and never as a success."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from credstone.report.gaps import faults
from credstone.report.html import render_html
from credstone.report.junit import render_junit
from credstone.report.ktap import render_ktap
from credstone.report.markdown import render_markdown
from credstone.report.terminal import show_file
from credstone.results.file import Results, footer_of
from credstone.results.gaps import untested
from credstone.results.record import Header, Record, Shards
from runs import broken, failed, header, passed, run, unsupported

REASON = "There is no C compiler: 'cc' is not to be found.\n  Install one, or name one in CC."


def not_run(name: str = "looks", reason: str = REASON, **other: object) -> Record:
    """A cell whose agent cannot be had."""
    return broken(name, reason, not_run=True, **other)


def of(*records: Record, head: Header | None = None, selected: dict[str, int] | None = None) -> Results:
    """A run with these cells, of which so many were selected."""
    found = run(*records, head=head)
    return Results(
        found.header, found.records, footer_of(records, 1, selected or {}), found.clauses, found.scenarios, found.path
    )


MANY = [not_run(f"a{number}") for number in range(40)]


# which targets


@pytest.mark.parametrize("one", [passed(), failed(), broken()])
def test_a_target_of_which_a_cell_ran_is_tested(one: Record) -> None:
    assert untested(run(one, unsupported("other"))) == []


def test_a_target_of_which_nothing_applies_is_not() -> None:
    assert untested(run(unsupported(), unsupported("other"))) == ["host"]
    assert untested(run(passed(target="host"), unsupported(target="image:a"))) == ["image:a"]


def test_a_target_for_which_nothing_was_selected_is_not() -> None:
    both = header(["host", "image:a"])
    assert untested(of(passed(), head=both, selected={"host": 1, "image:a": 0})) == ["image:a"]
    assert untested(of(passed(), head=both)) == [], "a file that does not say what was selected"


def test_what_was_cut_off_or_stopped_says_nothing() -> None:
    assert untested(run(unsupported(), whole=False)) == []
    assert untested(of(unsupported(), selected={"host": 2})) == []


def test_a_shard_says_nothing_of_the_others() -> None:
    head = header(shards={"host": Shards((1,), 2)})
    assert untested(run(unsupported(), head=head)) == []
    assert untested(run(unsupported(), head=head), {"host"}) == ["host"]


# in words


def test_what_was_not_begun_is_said_once_with_its_count() -> None:
    (fault,) = faults(run(*MANY))
    assert fault.what == "40 cells of host did not run: There is no C compiler: 'cc' is not to be found."
    assert fault.hint == "Install one, or name one in CC."
    assert fault.names == ["every-cell-of-host-runs"]


def test_several_targets_with_one_reason_are_one() -> None:
    (fault,) = faults(run(not_run(target="image:a"), not_run(target="image:b"), passed(target="host")))
    assert fault.what.startswith("2 cells of image:a and image:b did not run: ")
    assert fault.names == ["every-cell-of-image:a-runs", "every-cell-of-image:b-runs"]
    (fault,) = faults(run(not_run(target="image:a"), not_run(target="image:b")))
    assert fault.what.startswith("2 cells of both targets did not run: ")


def test_a_reason_without_a_remedy_gets_one() -> None:
    (fault,) = faults(run(not_run(reason="The agent does not start.")))
    assert "credstone doctor" in fault.hint


def test_why_nothing_applies_is_said_by_the_most_frequent_reasons() -> None:
    reasons = [f"needs {letter}" for letter in "AAABBCDE"]
    (fault,) = faults(run(*(unsupported(f"a{number}", reason) for number, reason in enumerate(reasons))))
    assert fault.what == (
        "No cell of host ran, because none applies: needs A (3 cells); needs B (2 cells); needs C (1 cell); "
        "and 2 more reasons."
    )
    (fault,) = faults(run(unsupported(reason="needs A; needs B\n  Get it.")))
    assert "needs A (1 cell); needs B (1 cell)." in fault.what


def test_nothing_is_the_matter_with_a_whole_run() -> None:
    assert faults(run(passed(), failed("other"), unsupported("third"))) == []


# in reports


def test_the_terminal_says_it_once() -> None:
    shown = "\n".join(show_file(run(*MANY, passed())))
    assert shown.count("There is no C compiler") == 1
    assert "host: 41 cells, 1 pass, 0 fail, 0 unsupported, 40 broken" in shown


def test_junit_has_one_error_for_it_and_the_cells_are_skipped() -> None:
    root = ET.fromstring(render_junit(run(*MANY, passed())))
    assert (root.get("tests"), root.get("errors")) == ("42", "1")
    assert [suite.get("skipped") for suite in root.iter("testsuite")] == ["40", "0"]
    (error,) = root.iter("error")
    assert "There is no C compiler" in (error.get("message") or "")
    assert render_junit(run(*MANY)).count("There is no C compiler") == 2, "as a message and as a text"
    for nothing in (run(unsupported()), run(*MANY)):
        assert ET.fromstring(render_junit(nothing)).get("errors") == "1"


def test_ktap_has_one_test_for_it_and_the_cells_are_skipped() -> None:
    text = render_ktap(run(*MANY, passed()))
    assert text.count("There is no C compiler") == 1
    assert "\nnot ok 2 every-cell-of-host-runs # ERROR 40 cells of host did not run: " in text
    assert text.count(" # SKIP not run") == 40


def test_an_agent_that_could_not_be_had_is_not_said_twice() -> None:
    head = header(unreachable={"host:native": REASON, "host:python": REASON, "host:i386": "There is no room."})
    text = render_ktap(run(*MANY, passed(), head=head))
    assert (text.count("There is no C compiler"), text.count("There is no room")) == (1, 1)
    assert "\n".join(show_file(run(*MANY, head=head))).count("There is no C compiler") == 1


def test_markdown_warns_of_it() -> None:
    text = render_markdown(run(*MANY, passed()))
    assert text.startswith("### ❌ Credstone: 40 broken, 1 pass\n")
    assert text.count("There is no C compiler") == 1
    assert "<details>" not in text
    assert render_markdown(run(unsupported())).startswith("### ⚠️ Credstone: 1 unsupported\n")
    assert "No cell of host ran" in render_markdown(run(unsupported()))


def test_html_says_it_at_its_head() -> None:
    page = render_html(run(*MANY, passed(), head=header(unreachable={"host:native": REASON})))
    body, _, data = page.partition('<script type="application/json"')
    assert body.count("There is no C compiler") == data.count("There is no C compiler") == 1
    assert "<strong>Not tested:</strong> 40 cells of host did not run: " in page
    assert "none failed or broke besides 40 cells that did not run" in page
    assert "<strong>Not tested:</strong> No cell of host ran" in render_html(run(unsupported()))
    assert "Not tested" not in render_html(run(passed()))
