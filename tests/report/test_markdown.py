"""Markdown for the summary of a job: short, and as a reader of Markdown takes it."""

from __future__ import annotations

import re
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from credstone.report.failure import failure_in
from credstone.report.markdown import render_markdown
from credstone.report.markdown_text import code
from credstone.words.verdict import BROKEN, DEVIATION, FAIL, OUTCOMES
from report.outcomes import HOST, IMAGE, NASTY, PASSED, STRANGE, cell, changed, results

READER = MarkdownIt("gfm-like", {"linkify": False})


def blocks(text: str) -> list[Token]:
    return READER.parse(text)


def rows(text: str) -> list[list[str]]:
    """The cells of the only table, as text."""
    found: list[list[str]] = []
    told = blocks(text)
    for before, token in pairwise(told):
        if before.type == "tr_open":
            found.append([])
        if before.type in ("th_open", "td_open"):
            found[-1].append(plain(token))
    return found


def plain(token: Token) -> str:
    return "".join(child.content for child in token.children or () if child.type in ("text", "text_special"))


def test_the_first_line_tells_it() -> None:
    def first(*records: object, whole: bool = True) -> str:
        return render_markdown(results(*records, whole=whole)).splitlines()[0]  # type: ignore[arg-type]

    assert first() == "### ❌ Credstone: 6 fail, 2 broken, 2 pass, 2 deviation, 3 unsupported"
    assert first(PASSED) == "### ✅ Credstone: 1 pass"
    assert first(PASSED, cell("a:libc", DEVIATION)) == "### ✅ Credstone: 1 pass, 1 deviation"
    assert first(PASSED, cell("a:libc", BROKEN)) == "### ❌ Credstone: 1 broken, 1 pass"
    assert first(PASSED, whole=False) == "### ⚠️ Credstone: 1 pass"
    assert "\n⚠️ The results file was cut off: it has no footer" in render_markdown(results(PASSED, whole=False))


def test_a_row_for_each_target() -> None:
    assert rows(render_markdown(results())) == [
        ["target", "system", "cells", "pass", "fail", "deviation", "unsupported", "broken"],
        [HOST, "kernel 6.18.1, glibc 2.36, x86_64", "6", "1", "1", "1", "2", "1"],
        [IMAGE, "kernel 6.18.1, musl 1.2.5, x86_64", "9", "1", "5", "1", "1", "1"],
    ]
    assert rows(render_markdown(results(PASSED)))[0] == ["target", "system", "cells", "pass", "fail"]


def test_what_comes_from_outside_breaks_nothing() -> None:
    found = [changed(STRANGE, target=NASTY, id=f"{NASTY}@{n}", clause=NASTY) if n else PASSED for n in range(2)]
    text = render_markdown(results(*found))
    assert [len(row) for row in rows(text)] == [5, 5, 5]
    assert rows(text)[2][0] == r"a | b `c` ``` <d> & ]]> \x00\x1b[31m\x85\ufffe # SKIP *e* _f_ @g"
    assert sum(block.type == "fence" for block in blocks(text)) == 1
    assert not re.search("[*_@]", code(NASTY))


def test_a_failure_is_folded_and_whole() -> None:
    record = cell("root:libc", FAIL)
    found = results(record, STRANGE)
    (first, *_) = [block for block in blocks(render_markdown(found)) if block.type == "fence"]
    assert first.content == failure_in(found, record).replace("\x1b", "\\x1b") + "\n"
    html = [block.content for block in blocks(render_markdown(found)) if block.type == "html_block"]
    assert [block.strip().partition(">")[0] for block in html] == ["<details", "</details"] * (len(html) // 2)


def test_one_of_each_kind_is_shown_the_most_frequent_first_and_the_rest_counted() -> None:
    many = [cell(f"a{n}-{m}:libc", FAIL, clause=f"doors(2)/{n}") for n in range(9) for m in range(9 - n)]
    text = render_markdown(results(*many, cell("b:libc", BROKEN)))
    assert re.findall(r"<summary><code>(.*?)</code>: (\d+) cells", text) == [
        (f"doors(2)/{n}", str(9 - n)) for n in range(5)
    ]
    assert text.splitlines()[-1] == "41 more, those of 5 other kinds among them: the results file has them all."
    assert "more" not in render_markdown(results(many[0]))


def test_what_is_broken_is_one_kind_for_one_cause() -> None:
    same = [cell(f"a{n}:libc", BROKEN, reason=f"no answer after {n} seconds") for n in range(1, 4)]
    text = render_markdown(results(*same, cell("b:libc", BROKEN)))
    assert text.count("<details>") == 2
    assert "<code>broken: no answer after 1 seconds</code>: 3 cells" in text


def test_in_what_targets_differ_is_a_line() -> None:
    text = render_markdown(results(PASSED, changed(cell("root:libc", FAIL), target=IMAGE, seen="0")))
    assert (
        "The targets differ in 1 of 1 cell that ran on several of them: <code>opendoor(2)/EPERM-key</code> (1)" in text
    )
    assert "The targets differ in 0 of 1 cell that ran on several of them." in render_markdown(
        results(PASSED, changed(PASSED, target=IMAGE))
    )
    assert "differ" not in render_markdown(results(PASSED))


def test_it_stays_short_whatever_there_is() -> None:
    monster = "0123456789 | `x` " * 2_000
    steps = tuple((monster, monster) for _ in range(50))
    many = [
        cell(
            f"a{n}:libc",
            OUTCOMES[n % 5] if n % 5 != 3 else FAIL,
            f"image:{n}",
            clause=f"{monster}{n}",
            steps=steps,
            reason=monster,
        )
        for n in range(200)
    ]
    text = render_markdown(results(*many))
    assert len(text.encode()) < 2**16
    assert len(render_markdown(results()).splitlines()) < 100
