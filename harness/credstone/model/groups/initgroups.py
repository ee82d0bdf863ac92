"""initgroups(3) and getgrouplist(3)."""

from __future__ import annotations

from credstone.model.caller import Moment
from credstone.model.commit import replace, set_credential
from credstone.model.groups.database import database_of, groups_in
from credstone.model.groups.getgroups import kernel_gids, may_set_groups
from credstone.model.rules import Outcome, Page, Pick, first, second
from credstone.model.world import NO_ID

INITGROUPS = Page(
    success=("initgroups(3)/returns-zero",),
    failure=("initgroups(3)/error-minus-one",),
    unchanged=("initgroups(3)/linux/failure-changes-nothing",),
)

GETGROUPLIST = Page(success=("getgrouplist(3)/linux/nothing-beyond",))


def initgroups(now: Moment, user: str, group: int) -> Outcome:
    """int initgroups(const char *user, gid_t group)."""
    gids = groups_of(now, user, group & NO_ID, first)
    taken = now.rule(_accepted_part(now, gids), "initgroups(3)/linux/unmapped", of="answer")
    now.refuse("EPERM", "initgroups(3)/EPERM", not may_set_groups(now))
    now.refuse("EINVAL", "initgroups(3)/linux/unmapped", not taken)
    kernel = tuple(sorted(gid for gid in kernel_gids(now, taken) if gid is not None))
    groups = now.rule(kernel, "initgroups(3)/replaces-list", of="groups")
    credential = replace(now.credential, groups=groups)
    return set_credential(now, credential, "initgroups(3)/linux/all-threads", "initgroups(3)/linux/all-threads")


def getgrouplist(now: Moment, user: str, group: int, room: int | None = None) -> Outcome:
    """int getgrouplist(const char *user, gid_t group, gid_t *groups, int *ngroups): without room, the whole list."""
    gids = groups_of(now, user, group & NO_ID, second)
    gids = now.rule(gids, "getgrouplist(3)/linux/order", "getgrouplist(3)/linux/two-names", of="answer")
    number = now.rule(len(gids), "getgrouplist(3)/number-found", of="answer")
    if room is not None and room < len(gids):
        stored = now.rule(gids[:room], "getgrouplist(3)/stores-what-fits", of="answer")
        result = now.rule(-1, "getgrouplist(3)/too-small", of="answer")
        return now.answers((result, number, *stored))
    return now.answers(now.rule(gids, "getgrouplist(3)/returns-number", of="answer"))


def groups_of(now: Moment, user: str, group: int, of_page: Pick) -> tuple[int, ...]:
    """The list that the C library makes: the group that was given, then the user's in the order of the file.

    ``of_page`` picks the clauses of the page of the call that makes it.
    """
    database = database_of(now)
    listed = [entry.gid for entry in groups_in(database) if user in entry.members]
    listed = now.rule(
        listed,
        of_page("initgroups(3)/all-groups-of-user", "getgrouplist(3)/all-groups-of-user"),
        of_page("initgroups(3)/linux/prefix-names", "getgrouplist(3)/linux/prefix-names"),
        of=("answer", "groups"),
    )
    if database.group is None:
        listed = now.rule(
            listed,
            of_page("initgroups(3)/linux/no-database", "getgrouplist(3)/linux/no-database"),
            of=("answer", "groups"),
        )
    elif not listed:
        listed = now.rule(
            listed,
            of_page("initgroups(3)/linux/unknown-user", "getgrouplist(3)/linux/unknown-user"),
            of=("answer", "groups"),
        )
    # two names of one group stay two entries: only the group that was given is held against the others
    listed = now.rule(
        [gid for gid in listed if gid != group],
        of_page("initgroups(3)/linux/group-once", "getgrouplist(3)/group-once"),
        of=("answer", "groups"),
    )
    return now.rule(
        (group, *listed), of_page("initgroups(3)/adds-group", "getgrouplist(3)/adds-group"), of=("answer", "groups")
    )


def _accepted_part(now: Moment, gids: tuple[int, ...]) -> tuple[int, ...]:
    """How much of the list setgroups(2) takes.

    Each id must have a mapping.  glibc tries again with a list that is shorter by its last entry as long as the answer
    is EINVAL; the others report it.  Nothing left means that the call fails.
    """
    kernel = kernel_gids(now, gids)
    taken = len(kernel) if None not in kernel else kernel.index(None)
    if now.system.libc != "glibc" and taken < len(gids):
        return ()
    return gids[:taken]
