"""Scenarios on what a runtime was asked for: the numbers of a target in place of the words."""

from __future__ import annotations

import pytest

from building import parse
from credstone.plan.container_start import NO_GROUPS, as_asked
from credstone.words.call import Call, Items
from credstone.words.container_start import Asked
from credstone.words.scenario import Contains, Is, Lacks, Line, Scenario, Unordered, Within

ASKED = Asked(uid=1000, gid=50, groups=(2000, 3000), capabilities=0x80, uid_map="0 100000 65536")
HEAD = "scenario something\n  cites stays-open\n  as started\n"


def scenario(body: str) -> Scenario:
    return parse(HEAD + body)[0]


def lines(body: str, asked: Asked = ASKED) -> tuple[Line, ...]:
    resolved, missing = as_asked(scenario(body), asked)
    assert missing == ()
    return resolved.lines


def missing(body: str, asked: Asked) -> tuple[str, ...]:
    whole = scenario(body)
    resolved, reasons = as_asked(whole, asked)
    assert resolved is whole
    return reasons


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("= $asked-uid", Is(1000)),
        ("= $asked-uid 0 $asked-gid", Is((1000, 0, 50))),
        ("= [$asked-gid]", Is((50,))),
        ("= {$asked-gid, $asked-groups}", Unordered((50, 2000, 3000))),
        ("within {$asked-gid, 7}", Within((7, 50))),
        ("contains $asked-gid", Contains(50)),
        ("lacks $asked-gid", Lacks(50)),
        ("= $asked-bounding", Is(0x80)),
        ("= $asked-permitted", Is(0)),
        ("= $asked-ambient", Is(0)),
        ("= $asked-no-new-privs", Is(0)),
        ("= $asked-umask", Is(0o022)),
        ("= $asked-uid-map", Is("         0     100000      65536")),
    ],
)
def test_each_word_has_its_number(written: str, expected: object) -> None:
    (line,) = lines(f"  getgroups() {written}\n")
    assert line.expected == (expected,)


def test_a_group_that_is_asked_for_twice_is_one() -> None:
    (line,) = lines("  getgroups() = {$asked-gid, $asked-groups}\n", Asked(gid=5, groups=(5, 6, 6)))
    assert line.expected == (Unordered((5, 6)),)


def test_root_uses_what_it_may_have() -> None:
    (line,) = lines("  status($pid, CapPrm) = $asked-permitted\n", Asked(capabilities=0x80, ambient=0x40))
    assert line.expected == (Is(0x80),)
    (line,) = lines("  status($pid, CapPrm) = $asked-permitted\n", Asked(uid=1, capabilities=0x80, ambient=0x40))
    assert line.expected == (Is(0x40),)


def test_each_additional_group_has_a_line_of_its_own() -> None:
    assert [line.expected for line in lines("  getgroups() contains $asked-groups\n")] == [
        (Contains(2000),),
        (Contains(3000),),
    ]
    assert [line.call for line in lines("  setgid($asked-groups) = 0\n")] == [
        Call("setgid", (2000,)),
        Call("setgid", (3000,)),
    ]


def test_arguments() -> None:
    (line,) = lines("  setresuid($asked-uid, 0, $asked-gid) = 0\n")
    assert line.call.arguments == (1000, 0, 50)
    (line,) = lines("  setgroups([1, $asked-groups]) = 0\n")
    assert line.call.arguments == (Items((1, 2000, 3000)),)


def test_a_file_of_the_primary_group() -> None:
    resolved, _ = as_asked(scenario("  file door owner 0:$asked-gid mode 0705\n  getuid() = 0\n"), ASKED)
    assert [(file.owner, file.group) for file in resolved.files] == [(0, 50)]


def test_nothing_changes_where_nothing_was_asked_for() -> None:
    plain = scenario("  getuid() = 0\n")
    assert as_asked(plain, None) == (plain, ())
    assert as_asked(plain, ASKED)[0] is plain


def test_the_name_stays() -> None:
    whole = scenario("  getuid() = $asked-uid\n")
    assert as_asked(whole, ASKED)[0].id == whole.id


def test_what_nobody_spoke_of_is_no_fault() -> None:
    assert missing("  status($pid, CapBnd) = $asked-bounding\n", Asked()) == (
        "nobody said which capabilities the process is to have",
    )
    assert missing('  read("/proc/self/gid_map") = $asked-gid-map\n', ASKED) == ("no user namespace was asked for",)
    assert missing("  getgroups() contains $asked-groups\n", Asked()) == (NO_GROUPS,)


@pytest.mark.parametrize(
    ("condition", "fits"),
    [("root", Asked()), ("user", Asked(uid=1)), ("mapped-groups", Asked(gid_map="0 100000 1\n1 100001 9"))],
)
def test_conditions(condition: str, fits: Asked) -> None:
    body = f"  asked {condition}\n  getuid() = $asked-uid\n"
    assert as_asked(scenario(body), fits)[1] == ()
    assert len(missing(body, Asked(uid=int(fits.uid == 0), gid_map="0 100000 1"))) == 1
