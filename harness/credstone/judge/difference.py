"""What differs between two credentials, in words that name the field: ``saved gid 2000 expected, 0 seen``."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from credstone.model.subjects import CAPABILITIES, FLAGS, GIDS, UIDS, Subject
from credstone.notation.show import show_numbers, show_securebits
from credstone.words.capability import names
from credstone.words.credential import Credential
from credstone.words.facts import Facts

_IDS = ("real", "effective", "saved", "filesystem")
_SETS = ("inheritable", "permitted", "effective", "bounding", "ambient")


def as_told(expected: Credential, seen: Credential, facts: Facts, *, grouped: bool = False) -> Credential:
    """What was seen, as far as this target can tell it; of the rest, what is expected.

    A program that pretends ids tells the real, effective and saved ones and the groups; where it does not keep the groups,
    that shows where they were just set (``grouped``), and not in each line again.
    """
    if not facts.pretends_to:
        return seen
    uid = replace(seen.uid, filesystem=expected.uid.filesystem)
    gid = replace(seen.gid, filesystem=expected.gid.filesystem)
    groups = seen.groups if facts.groups_kept or grouped else expected.groups
    return replace(expected, uid=uid, gid=gid, groups=groups)


def differences(expected: Credential, seen: Credential) -> Iterator[tuple[Subject, str, str]]:
    """The fields in which two credentials differ: name, expected value, seen value."""
    for kind, subjects in (("uid", UIDS), ("gid", GIDS)):
        ours, theirs = getattr(expected, kind), getattr(seen, kind)
        for name, subject in zip(_IDS, subjects, strict=True):
            if getattr(ours, name) != getattr(theirs, name):
                yield subject, str(getattr(ours, name)), str(getattr(theirs, name))
    if expected.groups != seen.groups:
        yield "groups", show_numbers(expected.groups), show_numbers(seen.groups)
    for name, subject in zip(_SETS, CAPABILITIES, strict=True):
        ours, theirs = getattr(expected.capabilities, name), getattr(seen.capabilities, name)
        if ours != theirs:
            yield from _sets(subject, ours, theirs)
    for flag in FLAGS:
        if getattr(expected, flag) != getattr(seen, flag):
            show = show_securebits if flag == "securebits" else str
            yield flag, show(int(getattr(expected, flag))), show(int(getattr(seen, flag)))


def _sets(subject: Subject, expected: int, seen: int) -> Iterator[tuple[Subject, str, str]]:
    """Two capability sets: only what differs is worth reading."""
    missing, extra = expected & ~seen, seen & ~expected
    if missing:
        yield subject, ", ".join(names(missing)), "not in the set"
    if extra:
        yield subject, f"no {', '.join(names(extra))}", "in the set"
