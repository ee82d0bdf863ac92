"""``credstone merge`` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.command import credstone, refused
from credstone.results.file import read_results


@pytest.fixture
def shards(suite: Path, tmp_path: Path) -> list[Path]:
    """The results of three machines, each with its shard."""
    paths = [tmp_path / f"{number}.jsonl" for number in (1, 2, 3)]
    for number, path in enumerate(paths, 1):
        done = credstone("run", "--target", "model", "--shard", f"{number}/3", "--results", path, "--suites", suite)
        assert done.status == 0, done.out
    return paths


def test_shards_are_joined(shards: list[Path], suite: Path, tmp_path: Path) -> None:
    out = tmp_path / "made" / "whole.jsonl"
    done = credstone("merge", *shards, "-o", out)
    assert (done.status, done.err) == (0, "")
    assert done.out == f"results: {out}, 10 cells\n"
    assert credstone("run", "--target", "model", "--results", tmp_path / "one.jsonl", "--suites", suite).status == 0
    merged, one = read_results(out), read_results(tmp_path / "one.jsonl")
    assert {record.id for record in merged.records} == {record.id for record in one.records}
    assert merged.footer is not None
    assert one.footer is not None
    assert (merged.footer.counts, merged.footer.selected) == (one.footer.counts, one.footer.selected)
    assert [part[-6:-4] for part in merged.header.parts] == [("--shard", f"{number}/3") for number in (1, 2, 3)]
    assert merged.header.command[1:] == ("merge", *map(str, shards), "-o", str(out))


def test_a_missing_shard_is_named(shards: list[Path], tmp_path: Path) -> None:
    done = credstone("merge", shards[0], shards[2], "-o", tmp_path / "part.jsonl")
    assert done.status == 1
    assert done.out.splitlines()[0] == "of model shard 2/3 is missing"
    done = credstone("merge", tmp_path / "part.jsonl", shards[1], "-o", tmp_path / "whole.jsonl")
    assert done.status == 0


def test_a_part_that_was_cut_off_is_named(shards: list[Path], tmp_path: Path) -> None:
    shards[1].write_bytes(shards[1].read_bytes()[:-40])
    out = tmp_path / "whole.jsonl"
    done = credstone("merge", *shards, "-o", out)
    assert done.status == 1
    assert done.out.splitlines()[0].startswith(f"{shards[1]} is cut off after ")
    assert done.out.splitlines()[-1].endswith("cells, without a footer")
    assert json.loads(out.read_text().splitlines()[-1])["type"] == "cell"


def test_what_does_not_belong_together_writes_nothing(shards: list[Path], suite: Path, tmp_path: Path) -> None:
    script = suite / "doors.2" / "looks.scn"
    script.write_text(f"# Another one.\n{script.read_text()}")
    path, out = tmp_path / "other.jsonl", tmp_path / "whole.jsonl"
    assert credstone("run", "--target", "model", "--results", path, "--suites", suite).status == 0
    said = refused("merge", shards[0], path, "-o", out)
    assert said.startswith(f"credstone: {shards[0]} and {path} do not belong together: their suites are ")
    assert not out.exists()


def test_mistakes(shards: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "whole.jsonl"
    assert "No results file was given." in refused("merge", "-o", out)
    assert "-o" in refused("merge", shards[0])
    assert f"{shards[0]} is one of the files to join." in refused("merge", *shards, "-o", shards[0])
    assert "none.jsonl cannot be read: No such file" in refused("merge", shards[0], tmp_path / "none.jsonl", "-o", out)
    assert f"{shards[0]} and {shards[0]} both have shard 1/3 of model." in refused(
        "merge", shards[0], shards[0], "-o", out
    )
    assert not out.exists()
    assert "cannot be written: Is a directory" in credstone("merge", *shards, "-o", tmp_path).err
    assert credstone("merge", *shards, "-o", tmp_path).status == 3
