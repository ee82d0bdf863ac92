"""Ways to get initgroups(3) wrong."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.groups.database import groups_in
from credstone.model.rules import Context, Mutant
from credstone.proof.mutants.build import (
    answering,
    arguments,
    but_the_last,
    deciding,
    giving,
    mutant,
    never,
    only_caller,
    world_with,
)
from credstone.words.answer import Answer

PAGE = "initgroups(3)/"
LINUX = "initgroups(3)/linux/"


def _user(now: Context) -> str:
    first = arguments(now)[0]
    return str(first[0] if isinstance(first, tuple) else first)


def _by_prefix(now: Context, of_member: bool) -> list[int]:
    """The groups of all whose name begins with the user's, or with whose name the user's begins."""
    database, user = now.world.database, _user(now)
    if database is None:
        raise NotModelled("no database")
    return [
        group.gid
        for group in groups_in(database)
        if any(member.startswith(user) if of_member else user.startswith(member) for member in group.members)
    ]


def of_the_database(call: str, once: str) -> tuple[Mutant, ...]:
    """Ways to make the wrong list of the database; ``once`` is the clause on a given group that lists the user too."""
    page, linux = f"{call}(3)/", f"{call}(3)/linux/"
    everything, names, unknown = page + "all-groups-of-user", linux + "prefix-names", linux + "unknown-user"
    return (
        mutant(f"{call}-32", everything, deciding(lambda gids, now: gids[:31]),
               "Only 32 groups are found (WSL; musl's initgroups up to 1.2.5 fails there)."),
        mutant(f"{call}-64", everything, deciding(lambda gids, now: gids[:63]),
               "Only 64 groups are found (charliecloud, NixOS and others)."),
        mutant(f"{call}-10", everything, deciding(lambda gids, now: gids[:9]),
               "Only ten groups are found (NixOS' buffer)."),
        mutant(f"{call}-first-group-only", everything, deciding(lambda gids, now: gids[:1]),
               "Reading stops at the first group of the user (glibc's databases dropped groups)."),
        mutant(f"{call}-no-groups", everything, giving([]),
               "The database is not looked at."),
        mutant(f"{call}-without-the-group", page + "adds-group", deciding(lambda gids, now: gids[1:]),
               "The given group is left out."),
        mutant(f"{call}-group-twice", once, deciding(lambda gids, now: [*gids, *gids]),
               "Groups are in the list twice (glibc, bug 20262; musl with the given group)."),
        mutant(f"{call}-given-group-twice", once, deciding(lambda gids, now: [*gids, arguments(now)[1]]
                                                           if len(arguments(now)) > 1 else [*gids, *gids]),
               "The given group is in the list again where it lists the user (musl 1.2)."),
        mutant(f"{call}-unknown-user-keeps", unknown, deciding(lambda gids, now: [*now.credential.groups, 30]),
               "A user without groups gets those of the caller."),
        mutant(f"{call}-unknown-user-gets-all", unknown, deciding(_all_groups),
               "A user without groups gets all that the database has."),
        mutant(f"{call}-no-database-keeps", linux + "no-database",
               deciding(lambda gids, now: [*now.credential.groups, 30]),
               "Where the file is missing the user gets the groups of the caller."),
        mutant(f"{call}-prefix-of-member", names, deciding(lambda gids, now: _by_prefix(now, of_member=True)),
               "The groups of users count whose name begins with the user's."),
        mutant(f"{call}-prefix-of-user", names, deciding(lambda gids, now: _by_prefix(now, of_member=False)),
               "The groups of users count with whose name the user's begins."),
    )  # fmt: skip


def _all_groups(gids: list[int], now: Context) -> list[int]:
    return [group.gid for group in groups_in(now.world.database)] if now.world.database else gids


MUTANTS = (
    *of_the_database("initgroups", LINUX + "group-once"),
    mutant("initgroups-adds", PAGE + "replaces-list",
           deciding(lambda groups, now: tuple(sorted((*now.credential.groups, *groups)))),
           "The old groups stay in the list."),
    mutant("initgroups-does-nothing", PAGE + "replaces-list", deciding(lambda groups, now: now.credential.groups),
           "The call answers 0 and nothing happens (elfuse)."),
    mutant("initgroups-answers-the-count", PAGE + "returns-zero", giving(Answer("", 1)),
           "A success answers a number of groups."),
    mutant("initgroups-fails-silently", PAGE + "error-minus-one", giving(Answer("errno 0", -1)),
           "A failure leaves errno 0 (musl)."),
    mutant("initgroups-false-success", PAGE + "error-minus-one", giving(Answer()),
           "A failure is not told."),
    mutant("initgroups-EACCES", PAGE + "EPERM", answering("EACCES"),
           "Without privilege the answer is EACCES."),
    mutant("initgroups-for-everybody", PAGE + "EPERM", never(),
           "Nobody needs privilege."),
    mutant("initgroups-one-thread", LINUX + "all-threads", deciding(only_caller),
           "The calling thread alone gets the list (musl before 1.2.2)."),
    mutant("initgroups-misses-a-thread", LINUX + "all-threads", deciding(but_the_last),
           "A thread is missed (musl; glibc on x32)."),
    mutant("initgroups-failure-drops", LINUX + "failure-changes-nothing", world_with(lambda old, now: {"groups": ()}),
           "A call that fails has emptied the list."),
    mutant("initgroups-failure-sets-the-group", LINUX + "failure-changes-nothing",
           world_with(lambda old, now: {"groups": tuple(sorted({*old.groups, 30}))}),
           "A call that fails has added a group."),
    mutant("initgroups-unmapped-EPERM", LINUX + "unmapped", answering("EPERM"),
           "A given group without a mapping is EPERM."),
    mutant("initgroups-unmapped-is-dropped", LINUX + "unmapped", never(),
           "A given group without a mapping is left out, and the call succeeds (what OpenShell had hoped for)."),
)  # fmt: skip
