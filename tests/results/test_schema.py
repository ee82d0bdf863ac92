"""The JSON Schema of the results file: up to date, and true of the lines of real runs, by a validator that is not ours."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator, ValidationError

from building import facts
from cli.command import credstone, mutated
from containers.engine import why_not
from credstone.results.file import Line, read_results
from credstone.results.record import Footer, Shards
from credstone.results.schema import PATH, schema_text
from credstone.words.container_start import Asked
from credstone.words.errors import CredstoneError
from deviations.recorded import TARGET, write
from runs import broken, deviating, header, run, unsupported
from trial import make_suite, write_script

GIVES_WAY = """
scenario gives-way
  cites works
  as    me
  via   syscall

  open("/nowhere", O_RDONLY)
"""


def strict(part: Any) -> Any:
    """The schema without room for what it does not name: a field that is written and not described is a mistake here."""
    if isinstance(part, list):
        return [strict(each) for each in part]
    if not isinstance(part, dict):
        return part
    closed = {"additionalProperties": False} if "properties" in part and "additionalProperties" not in part else {}
    return {name: strict(each) for name, each in part.items()} | closed


SCHEMA = json.loads(PATH.read_text())
VALIDATOR = Draft202012Validator(strict(SCHEMA))


def validate(path: Path) -> list[dict[str, Any]]:
    """The lines of a file, each as the schema says."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        VALIDATOR.validate(line)
    return lines


def cells(lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (line for line in lines if line["type"] == "cell")


def test_it_is_not_stale() -> None:
    assert meaning(json.loads(schema_text())) == meaning(SCHEMA), "the types have changed: make schema"


def meaning(part: Any) -> Any:
    """A schema without what msgspec writes otherwise in some version: the order of types, the least length of a list."""
    if isinstance(part, list):
        return [meaning(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: sorted(map(meaning, each), key=json.dumps) if name == "anyOf" else meaning(each)
        for name, each in part.items()
        if name != "minItems"
    }


def test_it_is_a_schema_and_says_what_things_are() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for name in ("Header", "ClauseLine", "ScenarioLine", "Record", "Footer", "Facts", "Credential", "Asked", "Shards"):
        assert len(SCHEMA["$defs"][name]["description"]) > 40, name
    assert SCHEMA["$defs"]["Record"]["properties"]["verdict"] == {
        "type": "string", "enum": ["pass", "fail", "unsupported", "broken"],
    }  # fmt: skip


@pytest.fixture(scope="module")
def deviant(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A run on the model and on one that is wrong in a way that is recorded, and a shard of one that is not."""
    folder = tmp_path_factory.mktemp("runs")
    targets = ("--target", "model", "--target", TARGET, "--target", "mutant:initgroups-no-groups")
    write(folder)
    done = mutated("run", "initgroups", *targets, "--results", folder / "r.jsonl", beside=folder)
    assert done.status == 1, done.out
    return validate(folder / "r.jsonl")


def test_a_run_with_passes_fails_and_deviations(deviant: list[dict[str, Any]]) -> None:
    assert {line["type"] for line in deviant} == {"header", "clause", "scenario", "cell", "footer"}
    assert {line["verdict"] for line in cells(deviant)} >= {"pass", "fail"}
    assert {line["deviation"]["state"] for line in cells(deviant) if line["deviation"]} == {"known"}


def test_a_shard(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    assert credstone("run", "setgroups", "--target", "model", "--shard", "2/5", "--results", path).status == 0
    lines = validate(path)
    assert lines[0]["shards"] == {"model": {"numbers": [2], "of": 5}}
    assert lines[-1]["selected"]["model"] == len(list(cells(lines))) < lines[-1]["whole"]["model"]
    assert credstone("merge", path, "-o", tmp_path / "m.jsonl").status == 1
    validate(tmp_path / "m.jsonl")


def test_a_run_on_this_machine_with_what_is_unsupported_and_what_gives_way(tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler (cc)")
    suite = make_suite(tmp_path)
    actors = suite / "actors.toml"
    actors.write_text(f'{actors.read_text()}\n[started]\nabout = "As it was started."\nas_started = true\n')
    write_script(suite, GIVES_WAY, "\nscenario asked\n  cites works\n  as    started\n  asked root\n\n  getuid() = 0\n")
    results = tmp_path / "r.jsonl"
    done = credstone("run", "--target", "host", "--results", results, "--suites", suite)
    assert done.status == 1, done.out
    lines = validate(results)
    assert {line["verdict"] for line in cells(lines)} == {"pass", "unsupported", "broken"}
    assert lines[0]["facts"]["host:native"]["kernel"] == os.uname().release


def test_a_run_in_a_container(tmp_path: Path) -> None:
    if why := why_not():
        pytest.skip(why)
    results = tmp_path / "r.jsonl"
    done = credstone("run", "getgid", "--target", "image:scratch", "--results", results)
    lines = validate(results)
    told = lines[0]["facts"].get("image:scratch:native")
    if told is None:
        pytest.skip(f"needs an engine with images: {lines[0]['unreachable']}")
    assert done.status == 0, done.out
    assert told["asked"]["uid"] == 0
    assert told["engine"]


@pytest.mark.parametrize(
    "line",
    [
        header(["image:a"], facts(engine="Docker 20.10.24", runtime="runc 1.1.5", image="a", asked=Asked(groups=(5,)))),
        header(
            unreachable={"host:python": "There is no python3."}, shards={"host": Shards((1, 3), 5)}, parts=(("run",),)
        ),
        deviating(),
        unsupported(),
        broken(),
        Footer({"pass": 1}, 1.0, {"host": 1.0}, {"host": 1}, {"host": 2}),
        *run(broken()).scenarios.values(),
        *run(broken()).clauses.values(),
    ],
    ids=lambda line: type(line).__name__,
)
def test_a_line_that_no_run_here_has(line: Line) -> None:
    VALIDATOR.validate(json.loads(msgspec.json.encode(line)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", None), ("id", 7), ("verdict", "passed"), ("verdict", None), ("steps", [["one"]]), ("wrong", "1"),
        ("clauses", "one"), ("deviation", {"name": "x", "state": "perhaps", "says": ""}), ("type", "cells"), ("more", 1),
    ],
)  # fmt: skip
def test_what_is_no_line(field: str, value: Any) -> None:
    """None: the field is not there.  What the schema refuses is refused when it is read, except what is there besides."""
    line = json.loads(msgspec.json.encode(deviating())) | {field: value}
    if value is None:
        del line[field]
    with pytest.raises(ValidationError):
        VALIDATOR.validate(line)
    if field == "more":
        Draft202012Validator(SCHEMA).validate(line)


@pytest.mark.parametrize("verdict", ["passed", "pass\n", ""])
def test_a_word_that_is_none_is_refused_when_it_is_read(tmp_path: Path, verdict: str) -> None:
    path = tmp_path / "r.jsonl"
    cell = json.loads(msgspec.json.encode(deviating())) | {"verdict": verdict}
    path.write_text(msgspec.json.encode(header()).decode() + f"\n{json.dumps(cell)}\n")
    with pytest.raises(CredstoneError, match=r"r\.jsonl:2: this is no line of a results file"):
        read_results(path)
