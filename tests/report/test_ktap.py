"""KTAP: what stands in it, and that others read it: tap.py, and the kernel's own reader where its sources are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tap.line import Plan, Result
from tap.parser import Parser

from credstone.report.ktap import render_ktap
from credstone.words.verdict import FAIL, PASS, UNSUPPORTED
from report.outcomes import ELSEWHERE, HOST, IMAGE, PASSED, RECORDS, STRANGE, cell, changed, results

LINUX = "CREDSTONE_LINUX"
"""The variable that names the sources of a kernel."""


def lines(*records: object, whole: bool = True) -> list[str]:
    return render_ktap(results(*records, whole=whole)).splitlines()  # type: ignore[arg-type]


def line(name: str, *records: object) -> str:
    (only,) = [
        each.strip() for each in lines(*records) if f" hinges/looks[gid=7]@{name}:libc" in f"{each} ".split(" #")[0]
    ]
    return only


def test_targets_hold_pages_and_pages_hold_cells() -> None:
    *whole, last = lines(PASSED, ELSEWHERE, changed(cell("user:libc", UNSUPPORTED), target=IMAGE))
    assert last.startswith(f"not ok 3 a-cell-of-{IMAGE}-runs # ERROR No cell of {IMAGE} ran, because none applies: ")
    assert whole == [
        "KTAP version 1",
        "1..3",
        "# credstone 0.1.0, suite 15ca, judged by linux, started 2026-01-02T03:04:05+00:00",
        "  KTAP version 1",
        "  1..2",
        "  # host: kernel 6.18.1, glibc 2.36, CPython 3.11.2, x86_64, run as uid 0 and gid 0",
        "    KTAP version 1",
        "    1..1",
        "    ok 1 hinges/looks[gid=7]@root:libc",
        "  ok 1 doors.2",
        "    KTAP version 1",
        "    1..1",
        "    ok 1 leave/for-good@user:python # SKIP needs root: uid 1000 has no CAP_SETGID",
        "  ok 2 recipes # SKIP nothing of it applies here",
        "ok 1 host",
        "  KTAP version 1",
        "  1..1",
        "  # image:musl-1.2.5+open: kernel 6.18.1, musl 1.2.5, x86_64, run as uid 0 and gid 0",
        "  # image:musl-1.2.5+open, python: There is no python3 in musl-1.2.5.",
        "  # kernel 6.18.1 is that of the machine on which Docker 20.10.24 runs: an image changes the C library,",
        "  # Python and the ABI, its runtime the capabilities, the seccomp filter and the namespaces",
        "    KTAP version 1",
        "    1..1",
        "    ok 1 hinges/looks[gid=7]@user:libc # SKIP needs root: uid 1000 has no CAP_SETGID",
        "  ok 1 doors.2 # SKIP nothing of it applies here",
        "ok 2 image:musl-1.2.5+open # SKIP nothing of it applies here",
    ]


def test_what_failed_is_told_before_its_result() -> None:
    assert lines(cell("root:libc", FAIL))[6:] == [
        "    KTAP version 1",
        "    1..1",
        "    # FAIL suites/doors.2/hinges.scn:8  looks[gid=7]   [host · libc · root]",
        "    #",
        "    #     setgid(7)                                = 0",
        "    #   ✗ getgid()                                 = 0           7 expected",
        "    #     getuid()                                 = 0",
        "    #",
        r"    #   opendoor(2)/EPERM-key: Opening takes a <key> & a \x1bhinge.",
        "    #   kernel 6.18.1, glibc 2.36, x86_64; CAP_SETGID effective",
        "    #   credstone explain 'doors.2/hinges/looks[gid=7]@root:libc'",
        "    #   credstone repro 'doors.2/hinges/looks[gid=7]@root:libc'",
        "    not ok 1 hinges/looks[gid=7]@root:libc",
        "  not ok 1 doors.2",
        "not ok 1 host",
    ]


def test_the_words_for_what_is_neither() -> None:
    image = [record for record in RECORDS if record.target == IMAGE]
    assert line("deviation", *image).endswith("libc # XFAIL The hinge is known to be rusty.")
    assert line("deviation", *image).startswith("ok ")
    assert line("broken", *image).endswith("libc # ERROR The agent is gone. Start it again.")
    assert line("hangs", *image).endswith("libc # TIMEOUT hang: getgid() did not return in time")
    assert all(line(name, *image).startswith("not ok ") for name in ("broken", "hangs", "gone", "other", "strange"))


def test_a_name_has_no_sign_of_a_directive_and_is_one_line() -> None:
    strange = changed(STRANGE, id="a # SKIP b\n\x1b@c", page="p#q", target="t#\nu")
    assert [each for each in lines(strange) if "ok 1" in each] == [
        r"    not ok 1 a %23 SKIP b \x1b@c", "  not ok 1 p%23q", "not ok 1 t%23 u",
    ]  # fmt: skip
    assert all(each.isprintable() for each in lines(strange))


def test_a_file_that_was_cut_off_does_not_pass() -> None:
    found = lines(PASSED, whole=False)
    assert found[1] == "1..2"
    assert found[-1].startswith("not ok 2 the-results-file-is-whole # ERROR the results file was cut off: ")


def level(text: str, depth: int) -> list[str]:
    """The documents that are indented this often, for a reader that knows no nesting."""
    indent = "  " * depth
    own = [each.removeprefix(indent) for each in text.splitlines() if each.startswith(indent)]
    flat = [each for each in own if not each.startswith(" ")]
    return [f"TAP version 13\n{part}" for part in "\n".join(flat).split("KTAP version 1\n")[1:]]


def read(text: str, depth: int) -> list[tuple[bool, bool, str]]:
    """The results at one level, as tap.py reads them: the plan is kept and the numbers follow each other."""
    found = []
    for document in level(text, depth):
        told = list(Parser().parse_text(document))
        own = [each for each in told if isinstance(each, Result)]
        (plan,) = [each for each in told if isinstance(each, Plan)]
        assert plan.expected_tests == len(own)
        assert [each.number for each in own] == [*range(1, len(own) + 1)]
        found += [(each.ok, each.skip, each.description) for each in own]
    return found


def test_a_reader_of_tap_reads_each_level() -> None:
    text = render_ktap(results())
    assert read(text, 0) == [(False, False, HOST), (False, False, IMAGE)]
    assert read(text, 1) == [(False, False, "doors.2"), (True, True, "recipes"), (False, False, "doors.2")]
    cells = read(text, 2)
    expected = {PASS: (True, False), FAIL: (False, False), UNSUPPORTED: (True, True), "deviation": (True, False)}
    by_target = sorted(RECORDS, key=lambda record: (record.target, record.page))
    assert [(ok, skip) for ok, skip, _ in cells] == [
        expected.get(record.outcome, (False, False)) for record in by_target
    ]
    assert [name for _, _, name in cells] == [record.id.removeprefix(f"{record.page}/") for record in by_target]


def test_the_kernels_own_reader_reads_it(tmp_path: Path) -> None:
    sources = os.environ.get(LINUX)
    if not sources:
        pytest.skip(f"needs the sources of a kernel, named by {LINUX}")
    path = tmp_path / "results.ktap"
    path.write_text(render_ktap(results()))
    tool = Path(sources) / "tools" / "testing" / "kunit" / "kunit.py"
    done = subprocess.run([sys.executable, tool, "parse", path], capture_output=True, text=True, check=False)
    assert "Ran 15 tests: passed: 4, failed: 8, skipped: 3" in done.stdout
    assert "[ERROR]" not in done.stdout
