"""The HTML report of a real run in a real browser: by mouse, by keyboard alone, by night, on paper, on a phone."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from cli.command import mutated
from credstone.report.html import render_html
from credstone.results.file import read_results
from report.browser import Browser, browser
from report.pages import cell, failed, results

BROKEN_TARGET = "mutant:initgroups-32"
TOO_MANY = "initgroups.3/members/more-groups-than-32@root-in-groups:libc"
ENTER, ESCAPE, TAB, LEFT, RIGHT, DOWN, SPACE = "\ue007", "\ue00c", "\ue004", "\ue012", "\ue014", "\ue015", " "


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The report of a run of the model and of one of its mutants."""
    folder = tmp_path_factory.mktemp("report")
    done = mutated(
        "run", "initgroups.3/members", "getgroups.2/membership", "container-start", "--target", "model", "--target",
        BROKEN_TARGET, "--results", str(folder / "results.jsonl"), beside=folder,
    )  # fmt: skip
    assert done.status == 1, done.err
    page = folder / "report.html"
    page.write_text(render_html(read_results(folder / "results.jsonl")), encoding="utf-8")
    with browser(page, folder) as it:
        yield it


@pytest.fixture
def report(opened: Browser) -> Iterator[Browser]:
    """It, as one finds it; whatever a test does, the console stays empty and nothing is asked for."""
    opened.requested()
    opened.open()
    yield opened
    assert opened.complaints() == []
    assert opened.requested() == []
    opened.emulate()
    opened.resize(1280)


def square(page: str, target: str) -> str:
    return f'.square[data-page="{page}"][data-target="{target}"]'


def test_from_a_square_to_the_transcript_of_a_cell(report: Browser) -> None:
    assert report.one(square("initgroups.3", "model")).get_attribute("class") == "square pass"
    red = report.one(square("initgroups.3", BROKEN_TARGET))
    assert red.get_attribute("class") == "square fail"
    assert red.text.startswith("✗")
    red.click()
    assert report.fragment == f"#page=initgroups.3&target={BROKEN_TARGET}"
    assert report.texts("#view-title") == [f"initgroups.3 on {BROKEN_TARGET}"]
    assert "What failed, by clause" not in report.texts("h2")
    first = report.all("#view details summary")[0]
    assert "initgroups(3)/all-groups-of-user" in first.text
    first.click()
    assert "members/more-groups-than-32" in " ".join(report.texts("#view h4"))
    report.click("#view .cells a", "root-in-groups:libc")
    shown = report.one("#view").text
    for part in (
        "getgroups() = [1000, 3000..3039] [1000, 3000..3030]", "broken initgroups(3)/all-groups-of-user", "kernel model",
        "CAP_SETGID and CAP_SETUID effective", "[1000, 3000..3039] on model", "1 of ",
        f"credstone explain '{TOO_MANY}'", f"credstone repro '{TOO_MANY}'", "suites/initgroups.3/members.scn:",
    ):  # fmt: skip
        assert part in shown.replace("\n", " "), part
    (wrong,) = report.all("#view tr.wrong")
    assert 'initgroups("alice", 1000)' in wrong.text
    assert wrong.find_element("css selector", "[aria-label=wrong]").text == "✗"


def test_a_command_can_be_copied(report: Browser) -> None:
    report.open(f"#cell={TOO_MANY}&on={BROKEN_TARGET}")
    report.click("#view .command button")
    report.run("return new Promise((done) => setTimeout(done, 50))")
    assert report.texts("#view .command button") == ["Copied", "Copy"]


def test_any_view_can_be_linked(report: Browser) -> None:
    views = [f"#cell={TOO_MANY}&on={BROKEN_TARGET}", "#api=libc&actor=root&q=initgroups(", "#verdict=fail,pass&page=initgroups.3",
             "#clause=initgroups(3)/all-groups-of-user", "#differs=1", "#by=script&target=model"]  # fmt: skip
    for view in views:
        report.open(view)
        title, text = report.texts("#view-title"), report.one("#view").text
        assert "No cell is like that" not in text, view
        address = report.run("return location.href")
        report.driver.get("about:blank")
        report.driver.get(address)
        assert (report.texts("#view-title"), report.one("#view").text) == (title, text)


def test_a_search_is_linked_whatever_its_signs_are(report: Browser) -> None:
    searched = "a&verdict=pass #%41 +/é"
    report.one("#filters [name=q]").send_keys(searched)
    address = report.run("return location.href")
    report.driver.get("about:blank")
    report.driver.get(address)
    assert report.one("#filters [name=q]").get_attribute("value") == searched
    assert not report.driver.find_elements("css selector", "input[name=verdict]:checked")


def test_another_cell_and_another_target_are_a_link_away(report: Browser) -> None:
    report.open(f"#verdict=fail&cell={TOO_MANY}&on={BROKEN_TARGET}")
    before = report.one("#view").text
    report.click("#view .steps a")
    assert "fail on" in report.one(".verdict").text
    assert report.one("#view").text != before
    report.open(f"#cell={TOO_MANY}&on={BROKEN_TARGET}")
    report.click("#view .chip", "model")
    assert "pass on model" in report.one(".verdict").text


def test_filters(report: Browser) -> None:
    report.click("#filters label", "fail")
    assert report.fragment == "#verdict=fail"
    assert report.one(square("initgroups.3", "model")).text == "·"
    failing = report.texts("#view p.tally")[0]
    assert "fail" in failing
    assert "pass" not in failing
    report.click("#filters label", "libc")
    report.click("#filters label", "mutant")
    report.one("#filters [name=q]").send_keys("three-thousand NEVER said")
    assert "No cell is like that" in report.one("#view").text
    report.click("#clear")
    assert report.fragment == ""
    assert report.one("#filters [name=q]").get_attribute("value") == ""
    assert report.one(square("initgroups.3", "model")).get_attribute("class") == "square pass"
    assert report.all("#failures")


@pytest.mark.parametrize(
    ("searched", "found"),
    [
        ("more-groups-than-32", "members/more-groups-than-32"),  # a scenario
        ('initgroups("alice" LIBC', "members/"),  # a call, and an API
        ("[1000, 3000..3030]", "members/more-groups-than-32"),  # an answer
        ("nobody asked a runtime", "container-start"),  # a reason
        ("every group of the user", "initgroups(3)/"),  # a clause
    ],
)
def test_search(report: Browser, searched: str, found: str) -> None:
    report.one("#filters [name=q]").send_keys(searched)
    for summary in report.all("#view details:not([open]) > summary"):
        summary.click()
    assert found in report.one("#view").text


def test_cells_that_differ(report: Browser) -> None:
    report.click("#filters label", "only where targets differ")
    assert report.fragment == "#differs=1"
    assert "initgroups(3)/all-groups-of-user" in report.one("#view").text
    assert report.one(square("container-start", "model")).text == "·"


def test_the_keyboard_alone(report: Browser) -> None:
    for _ in range(60):
        report.press(TAB)
        if "square" in report.focused("className"):
            break
    assert report.focused("ariaLabel").startswith("container-start on model")
    report.press(DOWN, DOWN, RIGHT, LEFT, RIGHT)
    assert report.focused("ariaLabel").startswith(f"initgroups.3 on {BROKEN_TARGET}: ")
    report.press(ENTER)
    assert report.focused() == f"initgroups.3 on {BROKEN_TARGET}"
    for _ in range(9):
        report.press(TAB)
        if report.focused("tagName") == "SUMMARY":
            break
    report.press(ENTER, TAB)
    way = report.focused()
    assert way.startswith("✗")
    report.press(ENTER)
    assert report.focused().startswith("members/")
    report.press(ESCAPE)
    assert report.focused() == way
    report.press(ESCAPE)
    assert report.focused("ariaLabel").startswith(f"initgroups.3 on {BROKEN_TARGET}: ")
    assert report.fragment == ""


def test_the_focus_can_be_seen(report: Browser) -> None:
    report.press(TAB, TAB)
    assert report.run("return getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_it_stands_on(report: Browser, scheme: str) -> None:
    report.emulate(prefers_color_scheme=scheme)
    for view in (
        "",
        f"#page=initgroups.3&target={BROKEN_TARGET}",
        f"#cell={TOO_MANY}&on={BROKEN_TARGET}",
        "#verdict=fail",
    ):
        report.open(view)
        report.run("for (const each of document.querySelectorAll('details')) each.open = true")
        assert report.too_faint() == []
    paper = report.run("return getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(20, 24, 27)") == (scheme == "dark")


@pytest.mark.parametrize(
    "view", ["", f"#page=initgroups.3&target={BROKEN_TARGET}", f"#cell={TOO_MANY}&on={BROKEN_TARGET}"]
)
def test_a_phone(report: Browser, view: str) -> None:
    report.resize(400, 800)
    report.open(view)
    report.run("for (const each of document.querySelectorAll('details')) each.open = true")
    assert report.run("return document.documentElement.scrollWidth") <= 400
    assert report.all(square("initgroups.3", "model"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper(report: Browser, scheme: str) -> None:
    report.open(f"#cell={TOO_MANY}&on={BROKEN_TARGET}")
    report.emulate(media="print", prefers_color_scheme=scheme)
    assert report.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert report.too_faint() == []
    assert not report.all("#filters")
    assert {"Pages and targets", "What failed, by clause", "Facts"} < set(report.texts("h2"))
    printed = report.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})["data"]
    assert len(printed) > 10_000
    assert len(report.all("#facts details[open]")) == 2


def test_without_a_script_the_matrix_and_the_failures_stand_there(report: Browser) -> None:
    report.scripts(on=False)
    try:
        report.open()
        assert report.one(square("initgroups.3", BROKEN_TARGET)).text.startswith("✗")
        assert "[1000, 3000..3039]" in report.one("#failures").text
        assert not report.all("#filters")
        assert "Arrow keys" not in report.one("#matrix").text
        report.one(square("initgroups.3", BROKEN_TARGET)).click()
        assert report.driver.current_url.endswith("#failures")
    finally:
        report.scripts(on=True)


@pytest.mark.parametrize(
    "fragment", ["#cell=nobody", "#page=%", "#=&&a=b=c", "#verdict=&q=", "#facts", "#target=x,y", "#clause=no"]
)
def test_a_fragment_that_says_nothing_is_no_error(report: Browser, fragment: str) -> None:
    report.open(fragment)
    assert report.all("#matrix")
    assert len(report.all("#view, #failures")) == 1


def test_a_cell_that_is_unstable_says_so_and_its_commands_can_be_pasted(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("odd")  # short: chromium has a socket in it
    reason = "unstable: pass 2 times, fail 1 time of 3; getgid() = 7 expected, EPERM seen"
    odd = failed("kernel:/a b", reason=reason)
    page = folder / "report.html"
    page.write_text(render_html(results(odd, cell("kernel:/a b", api="syscall"), suites="it's mine")), encoding="utf-8")
    with browser(page, folder) as it:
        it.open()
        assert "(1 unstable)" in it.one("#run").text
        it.open(f"#cell={odd.id}")
        assert "unstable: pass 2 times, fail 1 time of 3" in it.texts("#view .reason")
        explain = next(text for text in it.texts("#view code") if text.startswith("credstone explain"))
        assert shlex.split(explain) == [
            "credstone", "explain", odd.id, "--target", "kernel:/a b", "--suites", "it's mine",
        ]  # fmt: skip
        assert it.complaints() == []
