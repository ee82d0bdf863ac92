"""Joining runs: what comes of it, and each way in which files do not belong together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from building import facts
from credstone.plan.shards import shards_of
from credstone.results.completeness import lacking
from credstone.results.diff import compare_runs
from credstone.results.file import Results, read_results, write_results
from credstone.results.merge import merge, missing_from
from credstone.results.record import Record, Shards
from credstone.words.errors import CredstoneError
from runs import failed, header, passed, records, run

TARGETS = ("host", "image:a")
CELLS = st.lists(records(targets=TARGETS), max_size=16, unique_by=lambda record: (record.target, record.id))


def sharded(cells: list[Record], of: int) -> list[Results]:
    """The same run, once for each of its shards."""
    sizes: dict[str, int] = {}
    for record in cells:
        sizes[record.scenario] = sizes.get(record.scenario, 0) + 1
    found = shards_of(sizes, of)
    whole = {target: sum(record.target == target for record in cells) for target in TARGETS}
    return [
        run(
            *(record for record in cells if found[record.scenario] == number),
            head=header(TARGETS, shards={target: Shards((number,), of) for target in TARGETS}),
            path=f"shard-{number}.jsonl",
            all_shards=whole,
        )
        for number in range(1, of + 1)
    ]


def shard(number: int, of: int = 3, *cells: Record, whole: int = 3, **other: Any) -> Results:
    head = header(shards={"host": Shards((number,), of)}, **other)
    return run(*(cells or [passed(f"s{number}")]), head=head, path=f"{number}.jsonl", all_shards={"host": whole})


@given(CELLS, st.integers(1, 5), st.randoms())
def test_the_shards_of_a_run_are_the_run(cells: list[Record], of: int, chance: Any) -> None:
    whole, parts = run(*cells, head=header(TARGETS)), sharded(cells, of)
    chance.shuffle(parts)
    merged = merge(parts)
    assert sorted(merged.records, key=repr) == sorted(whole.records, key=repr)
    assert merged.footer is not None
    assert whole.footer is not None
    assert merged.footer.counts == whole.footer.counts
    assert merged.footer.seconds_of == pytest.approx(
        {name: whole.footer.seconds_of.get(name, 0) for name in merged.footer.seconds_of}
    )
    assert (merged.header.facts, merged.header.shards, merged.footer.whole) == (whole.header.facts, {}, {})
    assert merged.scenarios.keys() == whole.scenarios.keys()
    changes = compare_runs(whole, merged)
    assert (changes.cells, changes.facts, changes.appeared, changes.vanished) == ((), (), (), ())
    assert not list(lacking(merged))


@given(CELLS, st.integers(2, 5), st.data())
def test_in_two_steps_it_is_the_same(cells: list[Record], of: int, data: st.DataObject) -> None:
    parts = sharded(cells, of)
    cut = data.draw(st.integers(1, of - 1))
    first = merge(parts[:cut])
    assert first.header.shards == {target: Shards(tuple(range(1, cut + 1)), of) for target in TARGETS}
    at_once, twice = merge(parts), merge([first, *parts[cut:]])
    assert set(at_once.records) == set(twice.records)
    assert (at_once.header, at_once.footer) == (twice.header, twice.footer)


@given(CELLS)
def test_what_was_joined_is_written_and_read_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[Record]
) -> None:
    path = tmp_path_factory.mktemp("joined") / "r.jsonl"
    merged = merge(sharded(cells, 3))
    write_results(path, merged)
    assert read_results(path) == replace(merged, path=str(path), clauses=read_results(path).clauses)


def test_runs_on_different_targets() -> None:
    host, image = run(passed(), path="a"), run(failed(target="image:a"), path="b")
    merged = merge([host, image], ("credstone", "merge"))
    assert [record.target for record in merged.records] == ["host", "image:a"]
    assert merged.header.facts.keys() == {"host:native", "image:a:native"}
    assert merged.footer is not None
    assert merged.footer.counts == {"pass": 1, "fail": 1, "deviation": 0, "unsupported": 0, "broken": 0}
    assert merged.footer.seconds == pytest.approx(0.5)
    assert merged.footer.selected == {"host": 1, "image:a": 1}
    assert merged.header.command == ("credstone", "merge")
    assert merged.header.parts == (("credstone", "run"), ("credstone", "run"))
    again = merge([merged, run(passed(target="model"))])
    assert len(again.header.parts) == 3


def test_the_earliest_beginning_is_that_of_all() -> None:
    late = run(passed(target="image:a"), started="2026-01-02T03:04:06+00:00")
    assert merge([late, run(passed())]).header.started == "2026-01-02T03:04:05+00:00"


def test_cells_stand_as_their_scripts_have_them() -> None:
    one, other = run(passed("b"), passed("d")), run(passed("c", target="image:a"), passed("a", target="image:a"))
    lines = {
        name: replace(line, number=ord(name[-1])) for each in (one, other) for name, line in each.scenarios.items()
    }
    merged = merge([replace(each, scenarios=lines) for each in (one, other)])
    assert [record.scenario[-1] for record in merged.records] == ["a", "b", "c", "d"]


# what is missing


def test_missing_shards_are_named() -> None:
    parts = [shard(2, 5), shard(4, 5)]
    merged = merge(parts)
    assert list(missing_from(parts, merged)) == ["of host shards 1/5, 3/5, 5/5 are missing"]
    assert list(lacking(merged)) == ["has only shard 2 and 4 of 5 of host"]
    assert merged.footer is not None
    assert merged.footer.whole == {"host": 3}
    parts = [shard(1, 2)]
    assert list(missing_from(parts, merge(parts))) == ["of host shard 2/2 is missing"]


def test_a_part_that_was_cut_off_is_named_and_leaves_no_footer() -> None:
    parts = [run(passed(), path="a.jsonl"), run(passed(target="image:a"), path="b.jsonl", whole=False)]
    merged = merge(parts)
    assert merged.footer is None
    assert list(missing_from(parts, merged)) == ["b.jsonl is cut off after 1 cell: it has no footer"]
    assert len(merged.records) == 2


def test_a_part_that_was_stopped_is_named() -> None:
    one = run(passed(), path="a.jsonl")
    assert one.footer is not None
    one = replace(one, footer=replace(one.footer, selected={"host": 7}))
    assert list(missing_from([one], merge([one]))) == ["a.jsonl has 1 of 7 cells of host: the run was stopped"]
    assert list(lacking(merge([one]))) == ["has 1 of 7 cells of host: the run was stopped"]


# what does not belong together


def other_header(**other: Any) -> Callable[[], list[Results]]:
    return lambda: [run(passed("one"), path="a.jsonl"), run(passed("two", target="image:a"), path="b.jsonl", **other)]


def same_target(was: dict[str, Any], now: dict[str, Any]) -> Callable[[], list[Results]]:
    return lambda: [
        run(passed("one"), path="a.jsonl", **was), run(passed("two"), path="b.jsonl", **now),
    ]  # fmt: skip


UNREACHABLE = {"facts": {}, "unreachable": {"host:native": "There is no compiler."}}


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (other_header(suite="def"), "a.jsonl and b.jsonl do not belong together: their suites are abc and def."),
        (
            other_header(credstone="0.2.0"),
            "a.jsonl and b.jsonl do not belong together: they were made by Credstone 0.1.0 and 0.2.0.",
        ),
        (
            other_header(spec="man"),
            "a.jsonl and b.jsonl do not belong together: they were judged with --spec linux and man.",
        ),
        (
            same_target({"found": facts(kernel="6.1")}, {"found": facts(kernel="6.12", umask=0o077)}),
            "a.jsonl and b.jsonl have two different systems as host:native: kernel 6.1 and 6.12, umask 0022 and 0077.",
        ),
        (
            same_target({"found": facts()}, {"found": facts(kernel="1", libc="2", uid_map="3", gid_map="4")}),
            "host:native: kernel 6.18.1 and 1, libc glibc 2.36 and 2, uid map 0 0 4294967295 and 3, and 1 more.",
        ),
        (
            same_target({}, UNREACHABLE),
            "a.jsonl and b.jsonl have two different systems as host:native: the second could not",
        ),
        (
            same_target(UNREACHABLE, {}),
            "b.jsonl and a.jsonl have two different systems as host:native: the second could not",
        ),
        (
            lambda: [run(passed(), path="a.jsonl"), run(passed(), path="b.jsonl")],
            "a.jsonl and b.jsonl both have doors.2/hinges/looks@root:libc on host.",
        ),
        (lambda: [shard(1), shard(1, 3, passed("other"))], "1.jsonl and 1.jsonl both have shard 1/3 of host."),
        (
            lambda: [shard(1, 3), shard(2, 4)],
            "1.jsonl and 2.jsonl are of runs on host that were cut differently, into 3 and into 4 shards.",
        ),
        (
            lambda: [shard(1), shard(2, whole=7)],
            "1.jsonl and 2.jsonl are shards of different selections: of host the first has 3 cells in all, and the second 7",
        ),
        (
            lambda: [shard(1), run(passed("s1"), path="b.jsonl")],
            "1.jsonl and b.jsonl both have doors.2/hinges/s1@root:libc",
        ),
    ],
)
def test_what_does_not_belong_together(parts: Callable[[], list[Results]], told: str) -> None:
    with pytest.raises(CredstoneError) as refused:
        merge(parts())
    assert told in refused.value.what
    assert refused.value.hint
    assert refused.value.status == 2


def test_what_is_of_one_run_alone_does_not_keep_them_apart() -> None:
    merge([shard(1, found=facts(pid=17)), shard(2, found=facts(pid=18, process_limit=96000))])


def test_an_agent_that_one_shard_did_not_need_does_not_keep_them_apart() -> None:
    one = shard(1, facts={"host:native": facts(), "host:i386": facts(abi="i386")})
    assert merge([one, shard(2)]).header.facts.keys() == {"host:native", "host:i386"}


def test_a_file_that_is_written_stands_on_its_own(tmp_path: Path) -> None:
    """Clauses and scenarios stand before the first cell that speaks of them."""
    path = tmp_path / "r.jsonl"
    write_results(path, merge([run(failed("b")), run(failed("a", target="image:a"))]))
    kinds = [line.split('"')[3] for line in path.read_text().splitlines()]
    assert kinds == ["header", "scenario", "clause", "cell", "scenario", "cell", "footer"]
