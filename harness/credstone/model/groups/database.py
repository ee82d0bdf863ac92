"""The user and group database of a cell: passwd(5) and group(5) lines, and the calls that look things up in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from credstone.model.arguments import NotModelled
from credstone.model.caller import Moment
from credstone.model.rules import Outcome
from credstone.words.scenario import Database


class Group(msgspec.Struct, frozen=True):
    """One line of group(5)."""

    name: str
    gid: int
    members: tuple[str, ...]


class User(msgspec.Struct, frozen=True):
    """One line of passwd(5)."""

    name: str
    uid: int
    gid: int


def database_of(now: Moment) -> Database:
    """The files of the cell; NotModelled where it uses the target's own, which the model does not know."""
    if now.world.database is None:
        raise NotModelled("the scenario brings no user and group database of its own (headers passwd and group)")
    return now.world.database


@lru_cache(maxsize=64)
def groups_in(database: Database) -> tuple[Group, ...]:
    """The groups of the database in the order of the file; none if the file is missing."""
    return tuple(_groups(database.group or ()))


@lru_cache(maxsize=64)
def users_in(database: Database) -> tuple[User, ...]:
    """The users of the database in the order of the file; none if the file is missing."""
    return tuple(_users(database.passwd or ()))


def _groups(lines: tuple[str, ...]) -> Iterator[Group]:
    for line in lines:
        fields = line.split(":")
        if len(fields) == 4 and fields[2].isdigit():
            members = tuple(member.strip() for member in fields[3].split(",") if member.strip())
            yield Group(fields[0], int(fields[2]), members)


def _users(lines: tuple[str, ...]) -> Iterator[User]:
    for line in lines:
        fields = line.split(":")
        if len(fields) == 7 and fields[2].isdigit() and fields[3].isdigit():
            yield User(fields[0], int(fields[2]), int(fields[3]))


def getpwnam(now: Moment, name: str) -> Outcome:
    """struct passwd *getpwnam(const char *name): its uid and gid."""
    found = next(((user.uid, user.gid) for user in users_in(database_of(now)) if user.name == name), None)
    now.reject("KeyError", "pwd.getpwnam/unknown", found is None and now.api == "python")
    return now.answers(now.rule(found, "getpwnam(3)/finds", of="answer"))


def getgrnam(now: Moment, name: str) -> Outcome:
    """struct group *getgrnam(const char *name): its gid."""
    found = next((group.gid for group in groups_in(database_of(now)) if group.name == name), None)
    now.reject("KeyError", "grp.getgrnam/unknown", found is None and now.api == "python")
    return now.answers(now.rule(found, "getgrnam(3)/finds", of="answer"))


def getgrgid(now: Moment, gid: int) -> Outcome:
    """struct group *getgrgid(gid_t gid): its gid."""
    found = next((group.gid for group in groups_in(database_of(now)) if group.gid == gid), None)
    now.reject("KeyError", "grp.getgrgid/unknown", found is None and now.api == "python")
    return now.answers(now.rule(found, "getgrnam(3)/finds", of="answer"))
