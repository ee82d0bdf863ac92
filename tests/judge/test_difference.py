"""What differs between two credentials, by the name of the field."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from building import credential, facts
from credstone.judge.difference import as_told, differences
from credstone.words.capability import CAP_KILL, CAP_SETGID, CAP_SETUID
from credstone.words.credential import Capabilities, Credential, Ids

ROOT = credential(capabilities=CAP_SETGID | CAP_SETUID)


def changed(**fields: object) -> list[tuple[str, str, str]]:
    return list(differences(ROOT, msgspec.structs.replace(ROOT, **fields)))


def test_the_same_differs_in_nothing() -> None:
    assert changed() == []


def test_ids_by_their_name() -> None:
    assert changed(uid=Ids(0, 5, 0, 5)) == [("effective uid", "0", "5"), ("filesystem uid", "0", "5")]
    assert changed(gid=Ids(1, 0, 2, 0)) == [("real gid", "0", "1"), ("saved gid", "0", "2")]


def test_groups_as_lists() -> None:
    assert changed(groups=(1, 2, 3, 4, 9)) == [("groups", "[]", "[1..4, 9]")]


def test_of_capabilities_only_what_differs() -> None:
    sets = msgspec.structs.replace(ROOT.capabilities, effective=CAP_SETUID | CAP_KILL, ambient=1 << 63)
    assert changed(capabilities=sets) == [
        ("effective capabilities", "CAP_SETGID", "not in the set"),
        ("effective capabilities", "no CAP_KILL", "in the set"),
        ("ambient capabilities", "no CAP_63", "in the set"),
    ]


def test_flags_as_numbers() -> None:
    assert changed(securebits=5, no_new_privs=True, keep_caps=True, dumpable=0, parent_death_signal=9) == [
        ("securebits", "0", "SECBIT_NOROOT|SECBIT_NO_SETUID_FIXUP"),
        ("no_new_privs", "0", "1"),
        ("keep_caps", "0", "1"),
        ("dumpable", "1", "0"),
        ("parent_death_signal", "0", "9"),
    ]


small = st.integers(0, 2)
four = st.builds(Ids, small, small, small, small)
credentials = st.builds(
    Credential,
    four,
    four,
    st.lists(small, max_size=2).map(tuple),
    st.builds(Capabilities, small, small, small, small, small),
    small,
    st.booleans(),
    st.booleans(),
    small,
    small,
)


@given(credentials, credentials)
def test_what_is_not_the_same_differs_in_something(expected: Credential, seen: Credential) -> None:
    assert bool(list(differences(expected, seen))) == (expected != seen)


def test_of_what_is_pretended_ids_and_groups_are_looked_at() -> None:
    told = facts(pretends_to="libc", groups_kept=False)
    seen = Credential(Ids(0, 5, 0, 9), Ids(0, 0, 0, 9), (7,), Capabilities(), dumpable=0)
    assert list(differences(ROOT, as_told(ROOT, seen, told))) == [("effective uid", "0", "5")]
    assert ("groups", "[]", "[7]") in differences(ROOT, as_told(ROOT, seen, told, grouped=True))
    assert ("groups", "[]", "[7]") in differences(ROOT, as_told(ROOT, seen, facts(pretends_to="libc")))
    assert as_told(ROOT, seen, facts()) == seen
