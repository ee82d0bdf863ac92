"""JUnit XML, as Jenkins and GitLab read it: a suite for each page on each target, a case for each cell.

There is no standard but what its readers take.  What is written here is valid by the schema of Jenkins' xUnit plugin, the
strictest of them; so a case has no ``file``, which GitLab would show and that schema refuses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from credstone.report.characters import one_line, visible
from credstone.report.failure import failure_in, in_short
from credstone.report.gaps import every_cell_runs, faults
from credstone.report.pages import by_page
from credstone.report.truncation import CUT_OFF, cut_off
from credstone.results.by_target import of_target
from credstone.results.file import Results
from credstone.results.record import Header, Record
from credstone.words.facts import Facts
from credstone.words.verdict import BROKEN, DEVIATION, FAIL, PASS, UNSUPPORTED


def render_junit(results: Results) -> str:
    """The results as one XML document."""
    root = ET.Element("testsuites", name="credstone")
    started = _started(results.header)
    for target, pages in by_page(results.records).items():
        facts = list(_properties(results.header, target))
        for page, cells in pages.items():
            suite = ET.SubElement(
                root, "testsuite", {"name": one_line(f"{target} {page}"), **_counts(cells), **started}
            )
            properties = ET.SubElement(suite, "properties")
            for name, value in facts:
                ET.SubElement(properties, "property", name=name, value=one_line(value))
            for cell in cells:
                _case(suite, results, cell)
    wrong = [(CUT_OFF, cut_off(results))] if results.footer is None else []
    wrong += [(name, fault.text) for fault in faults(results) for name in fault.names]
    if wrong:
        _whole(root, wrong)
    _total(root)
    ET.indent(root, space="")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _counts(cells: list[Record]) -> dict[str, str]:
    counts = Counter(cell.outcome for cell in cells)
    not_run = sum(cell.not_run for cell in cells)
    return {
        "tests": str(len(cells)),
        "failures": str(counts[FAIL]),
        "errors": str(counts[BROKEN] - not_run),
        "skipped": str(counts[UNSUPPORTED] + counts[DEVIATION] + not_run),
        "time": f"{sum(cell.seconds for cell in cells):.3f}",
    }


def _total(root: ET.Element) -> None:
    suites = list(root)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in suites):.3f}")


def _started(header: Header) -> dict[str, str]:
    """UTC without its zone: older schemas know no other time."""
    try:
        when = datetime.fromisoformat(header.started).astimezone(UTC)
    except (ValueError, OverflowError):
        return {}
    return {"timestamp": when.replace(tzinfo=None).isoformat(timespec="seconds")}


def _case(suite: ET.Element, results: Results, cell: Record) -> None:
    # Jenkins takes what stands after the last dot for the class and all before it for the package: so the target is a
    # package and the page, without dots of its own, a class.  GitLab shows the class name as the suite, and knows a case
    # by class name and name: both are the same in every run.
    classname = f"{cell.target}.{cell.page.replace('.', '-')}"
    case = ET.SubElement(
        suite, "testcase", name=one_line(cell.id), classname=one_line(classname), time=f"{max(cell.seconds, 0):.4f}"
    )
    if cell.outcome != PASS:
        case.append(_told(results, cell))


def _told(results: Results, cell: Record) -> ET.Element:
    """What a reader is told of a cell that did not pass: Jenkins shows the message, GitLab the content."""
    if cell.not_run:
        return ET.Element("skipped", type="not run", message=one_line(f"not run: see {every_cell_runs(cell.target)}"))
    if cell.outcome == UNSUPPORTED:
        tag, kind, text = "skipped", UNSUPPORTED, in_short(cell)
    elif cell.outcome == DEVIATION:
        # JUnit has no word for a failure that is expected.  As a failure it would turn a job red that is to be green, as
        # a pass nobody would see it any more: a skipped case does neither, and has room for the reason.
        tag, kind, text = "skipped", DEVIATION, failure_in(results, cell)
    elif cell.outcome == BROKEN:
        tag, kind, text = "error", BROKEN, failure_in(results, cell)
    else:
        tag, kind, text = "failure", cell.clause or FAIL, failure_in(results, cell)
    told = ET.Element(tag, type=one_line(kind), message=one_line(in_short(cell)))
    told.text = visible(text)
    return told


def _whole(root: ET.Element, wrong: Sequence[tuple[str, str]]) -> None:
    """What is wrong with the run as a whole, each an error of its own: without it a run that was killed would look green."""
    count = str(len(wrong))
    suite = ET.SubElement(
        root, "testsuite", name="credstone", tests=count, failures="0", errors=count, skipped="0", time="0.000"
    )
    for name, why in wrong:
        case = ET.SubElement(suite, "testcase", name=one_line(name), classname="credstone", time="0.0000")
        error = ET.SubElement(case, "error", type=BROKEN, message=one_line(why))
        error.text = visible(why)


def _properties(header: Header, target: str) -> Iterator[tuple[str, str]]:
    """What was run and on what, by agent: ``native.libc``."""
    yield from (("credstone", header.credstone), ("suite", header.suite), ("spec", header.spec), ("target", target))
    for agent, found in of_target(header.facts, target).items():
        yield from ((f"{agent}.{what}", value) for what, value in _told_of(found) if value)
    for agent, reason in of_target(header.unreachable, target).items():
        yield f"{agent}.unreachable", reason.partition("\n")[0]


def _told_of(facts: Facts) -> Iterable[tuple[str, str]]:
    own = facts.credential
    return (
        ("kernel", facts.kernel),
        ("libc", facts.libc),
        ("libc.file", facts.libc_file),
        ("LD_PRELOAD", facts.ld_preload),
        ("LD_LIBRARY_PATH", facts.ld_library_path),
        ("not_used", " ".join(facts.not_used)),
        ("python", facts.python),
        ("abi", facts.abi),
        ("uid", str(own.uid.effective)),
        ("gid", str(own.gid.effective)),
        ("capabilities", f"{own.capabilities.effective:#x}"),
        ("seccomp", str(facts.seccomp or "")),
        ("engine", facts.engine),
        ("runtime", facts.runtime),
        ("image", facts.image),
        ("posture", facts.posture),
    )
