"""Shards: every scenario in one of them, always in the same, and none much longer than the others."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credstone.plan.cells import cells_of
from credstone.plan.shards import MOST, Shard, parse_shard, shards_of
from credstone.suite.load import default_folder, load_suite
from credstone.words.errors import CredstoneError

CELLS = st.dictionaries(st.text(st.sampled_from("abc/-[]=1"), min_size=1), st.integers(1, 20), max_size=40)
OF = st.integers(1, 12)


@given(CELLS, OF)
def test_each_scenario_is_in_one_of_them(cells: dict[str, int], of: int) -> None:
    found = shards_of(cells, of)
    assert found.keys() == cells.keys()
    assert set(found.values()) <= set(range(1, of + 1))


@given(CELLS, OF, st.randoms())
def test_the_order_does_not_matter(cells: dict[str, int], of: int, chance: object) -> None:
    shuffled = list(cells.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert shards_of(dict(shuffled), of) == shards_of(cells, of)


@given(CELLS, OF)
def test_none_is_longer_than_another_by_more_than_a_scenario(cells: dict[str, int], of: int) -> None:
    lengths = Counter(dict.fromkeys(range(1, of + 1), 0))
    for name, number in shards_of(cells, of).items():
        lengths[number] += cells[name]
    assert max(lengths.values()) - min(lengths.values()) <= max(cells.values(), default=0)


def test_the_split_is_the_same_on_every_machine() -> None:
    """Written down: whoever has another one cannot join shards with those who have this."""
    cells = {f"doors.2/hinges/looks[gid={number}]": 1 + number % 3 for number in range(9)}
    assert [shards_of(cells, 3)[name] for name in cells] == [2, 2, 1, 1, 3, 3, 3, 1, 2]


@pytest.mark.parametrize("of", [2, 5, 10])
def test_the_real_suite_is_cut_evenly(of: int) -> None:
    suite = load_suite(default_folder())
    cells = {each.id: len(cells_of(each, suite.actors, ["host"])) for each in suite.scenarios}
    cells = {name: count for name, count in cells.items() if count}
    lengths: Counter[int] = Counter()
    for name, number in shards_of(cells, of).items():
        lengths[number] += cells[name]
    assert sum(lengths.values()) == sum(cells.values())
    assert max(lengths.values()) - min(lengths.values()) <= 1
    pages = {
        number: {name.split("/")[0] for name, at in shards_of(cells, of).items() if at == number} for number in lengths
    }
    assert all(len(found) > len(suite.pages) / 2 for found in pages.values()), "no page is left to one of them"


def test_what_is_a_shard() -> None:
    assert parse_shard("2/5") == Shard(2, 5)
    assert str(Shard(2, 5)) == "2/5"
    assert parse_shard(f"{MOST}/{MOST}").of == MOST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "2/",
        "/5",
        "0/5",
        "6/5",
        "1/0",
        "-1/5",
        "1/5/2",
        "a/b",
        "1.0/5",
        " 1/5",
        "1/99999",
        "²/5",
        f"1/{MOST + 1}",
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(CredstoneError, match="--shard takes which one it is and how many there are"):
        parse_shard(text)
