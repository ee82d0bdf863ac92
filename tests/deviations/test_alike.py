"""What failures have in common, and that no pattern claims a cell that was not meant."""

from __future__ import annotations

import pytest

from credstone.deviations.check import SuiteCells
from credstone.deviations.known import with_values
from credstone.deviations.patterns import (
    by_name,
    by_name_where_it_helps,
    in_common,
    patterns_for,
    shape_of_expected,
    shape_of_line,
)
from credstone.suite.load import Suite
from deviations.made import KEY, LATE


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("getgroups()", "getgroups(*)"),
        ('initgroups("alice", 1000)', "initgroups(*)"),
        ("child c: setgid(5)", "child c: setgid(*)"),
        ("read(3) <unfinished ...>", "read(*) <unfinished ...>"),
        ("<... read resumed>", "<... read resumed>"),
        ("subprocess(extra_groups=[]) child getgroups()", "subprocess(*)"),
        ('write("/proc/self/uid_map", "0 (1) 2")', "write(*)"),
    ],
)
def test_a_call_without_its_arguments(line: str, shape: str) -> None:
    assert shape_of_line(line) == shape


@pytest.mark.parametrize(
    ("expected", "shape"),
    [
        ("0", "0"),
        ("-1", "-1"),
        ("EPERM", "EPERM"),
        ("[100, 200]", "[*]"),
        ("groups [1000, 3000..3039]", "groups [*]"),
        ("{5, 7}", "{*}"),
        ("saved gid 2000", "saved gid *"),
        ("1000 2000 -1", "* * *"),
        ("contains 7", "contains *"),
        ("0 or EPERM", "* or EPERM"),
    ],
)
def test_the_kind_of_an_expectation(expected: str, shape: str) -> None:
    assert shape_of_expected(expected) == shape


@pytest.mark.parametrize("text", ["[7, 8]", "7", "17 -7 7", "gid7 7..70 0x7", "$gid 7"])
def test_a_value_stands_for_itself(text: str) -> None:
    values = {"gid": 7, "uid": 8}
    assert with_values(by_name(text, values), {"gid": 7, "uid": 8}) == text.replace("$gid", "7")


def test_only_whole_numbers_are_values() -> None:
    assert by_name("[7, 17, -7, 70, 3..7]", {"gid": 7}) == "[$gid, 17, -7, 70, 3..7]"


def test_what_is_the_same_needs_no_pattern() -> None:
    assert in_common([("setgid(7)", {"gid": 7}), ("setgid(7)", {})], shape_of_line) == "setgid(7)"
    assert in_common([("setgid(7)", {"gid": 7}), ("setgid(8)", {"gid": 8})], shape_of_line) == "setgid($gid)"
    assert in_common([("setgid(7)", {"gid": 7}), ("setgid(8)", {})], shape_of_line) == "setgid(*)"


def test_values_are_named_where_that_makes_things_the_same() -> None:
    assert by_name_where_it_helps([("[7]", {"gid": 7}), ("[8]", {"gid": 8})]) == ["[$gid]", "[$gid]"]
    assert by_name_where_it_helps([("7", {"gid": 7}), ("7", {"gid": 8})]) == ["7", "7"]
    assert by_name_where_it_helps([("7", {"gid": 7})]) == ["7"]


def every(cells: SuiteCells, pattern: str) -> list[str]:
    return list(cells.matching(pattern))


def test_a_pattern_for_all_actors_and_all_values(suite: Suite) -> None:
    cells = SuiteCells(suite)
    of_libc = every(cells, f"{KEY}*@*:libc")
    assert patterns_for(of_libc, cells) == (f"{KEY}[*]@*:libc",)
    assert patterns_for([*of_libc, *every(cells, f"{LATE}@*:libc")], cells) == (f"{KEY}[*]@*:libc", f"{LATE}@*:libc")
    assert patterns_for(every(cells, f"{KEY}*@root:libc"), cells) == (f"{KEY}[*]@root:libc",)
    assert patterns_for(every(cells, f"{KEY}[gid=7]@*:libc"), cells) == (f"{KEY}[gid=7]@*:libc",)


def test_no_pattern_claims_more_than_what_was_seen(suite: Suite) -> None:
    cells = SuiteCells(suite)
    for pattern in (f"{KEY}*@*:libc", f"{KEY}*@*:*", "doors.2/*@*:*"):
        whole = every(cells, pattern)
        for missing in whole:
            wanted = {each for each in whole if each != missing}
            found = patterns_for(wanted, cells)
            assert {name for each in found for name in cells.matching(each)} == wanted
