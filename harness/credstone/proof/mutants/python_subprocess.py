"""Ways in which Python's subprocess could get the credentials of a child wrong."""

from __future__ import annotations

from typing import Any

from credstone.model.python.subprocess_run import CHILD
from credstone.model.rules import Context, Refusal
from credstone.model.world import World
from credstone.proof.mutants.build import Change, arguments, deciding, giving, mutant, never, raising, replace, when
from credstone.words.answer import Answer

PAGE = "subprocess/"


def of_child(**fields: Any) -> Any:
    """The child begins with another credential than its parent's."""

    def change(world: World, now: Context) -> World:
        child = world.task(CHILD)
        return world.with_tasks(replace(child, credential=replace(child.credential, **fields)))

    return deciding(change)


def by_the_saved_uid(world: World, now: Context) -> World:
    """The child takes up the saved uid before anything else is asked for."""
    child = world.task(CHILD)
    uid = child.credential.uid
    uid = replace(uid, real=uid.saved)
    return world.with_tasks(replace(child, credential=replace(child.credential, uid=uid)))


def parent_too(world: World, now: Context) -> World:
    """The parent has moved with its child: the calls were made before the fork."""
    keywords = dict(arguments(now)[0]) if arguments(now) else {}
    task = world.task(now.who)
    old = task.credential
    uid, gid, groups = keywords.get("user"), keywords.get("group"), keywords.get("extra_groups")
    new = replace(
        old,
        uid=replace(old.uid, real=uid, effective=uid) if isinstance(uid, int) else old.uid,
        gid=replace(old.gid, real=gid, effective=gid) if isinstance(gid, int) else old.gid,
        groups=tuple(groups)
        if isinstance(groups, tuple) and all(isinstance(each, int) for each in groups)
        else old.groups,
    )
    return world.with_tasks(replace(task, credential=new, umask=keywords.get("umask", task.umask)))


def _of_those(exception: str, change: Change) -> Change:
    """The change, made only where this exception would be raised."""
    return lambda rule, now: change(rule, now) if isinstance(rule, Refusal) and rule.exception == exception else rule


MUTANTS = (
    mutant("subprocess-user-is-not-set", PAGE + "user", giving(None),
           "The child does not change its user."),
    mutant("subprocess-user-16-bits", PAGE + "user", deciding(lambda uid, now: uid & 0xFFFF),
           "The user ID is cut to 16 bits."),
    mutant("subprocess-user-name-is-a-number", PAGE + "user-name",
           deciding(lambda uid, now: next((int(value) for name, value in arguments(now)[0]
                                           if name == "user" and value.isdigit()), uid)),
           "A name that looks like a number is taken for one."),
    mutant("subprocess-user-name-is-root", PAGE + "user-name", giving(0),
           "Every name is root."),
    mutant("subprocess-user-unknown-is-nobody", PAGE + "user-unknown", never(),
           "An unknown user is not told: the parent's user stays."),
    mutant("subprocess-user-unknown-ValueError", PAGE + "user-unknown", raising("ValueError"),
           "An unknown user is a ValueError."),
    mutant("subprocess-user-negative-keeps", PAGE + "user-range",
           _of_those("ValueError", never()),
           "-1 leaves the parent's user, and -2 is 4294967294."),
    mutant("subprocess-user-wraps", PAGE + "user-range",
           _of_those("OverflowError", never()),
           "Numbers that are too large are cut to 32 bits: 4294967296 is root."),
    mutant("subprocess-user-type-ValueError", PAGE + "user-type", raising("ValueError"),
           "What is no user is a ValueError."),
    mutant("subprocess-user-bool-is-no-number", PAGE + "user-type",
           when(lambda now: not isinstance(dict(arguments(now)[0]).get("user"), str)
                and type(dict(arguments(now)[0]).get("user")) is not int),
           "True is no number."),
    mutant("subprocess-user-None-is-real", PAGE + "user-None", deciding(lambda uid, now: now.credential.uid.real),
           "Without the keyword the child becomes the parent's real user."),
    mutant("subprocess-group-is-not-set", PAGE + "group", giving(None),
           "The child does not change its group."),
    mutant("subprocess-group-16-bits", PAGE + "group", deciding(lambda gid, now: gid & 0xFFFF),
           "The group ID is cut to 16 bits."),
    mutant("subprocess-group-name-is-root", PAGE + "group-name", giving(0),
           "Every name is group 0 (proftpd, CVE-2024-48651)."),
    mutant("subprocess-group-unknown", PAGE + "group-unknown", never(),
           "An unknown group is not told: the parent's group stays."),
    mutant("subprocess-group-unknown-ValueError", PAGE + "group-unknown", raising("ValueError"),
           "An unknown group is a ValueError."),
    mutant("subprocess-group-negative-keeps", PAGE + "group-range",
           _of_those("ValueError", never()),
           "-1 leaves the parent's group."),
    mutant("subprocess-group-range-ValueError", PAGE + "group-range", raising("ValueError"),
           "Every number out of range is a ValueError."),
    mutant("subprocess-group-type-ValueError", PAGE + "group-type", raising("ValueError"),
           "What is no group is a ValueError."),
    mutant("subprocess-group-None-is-real", PAGE + "group-None", deciding(lambda gid, now: now.credential.gid.real),
           "Without the keyword the child becomes the parent's real group."),
    mutant("subprocess-groups-are-not-set", PAGE + "extra_groups", giving(None),
           "The child does not change its groups."),
    mutant("subprocess-groups-once", PAGE + "extra_groups", deciding(lambda gids, now: tuple(dict.fromkeys(gids))),
           "Each group is in the list once."),
    mutant("subprocess-groups-32", PAGE + "extra_groups", deciding(lambda gids, now: gids[:32]),
           "Only 32 groups are set."),
    mutant("subprocess-empty-list-is-none", PAGE + "extra_groups-empty", giving(None),
           "For an empty list setgroups is not called (CPython 3.12.0, CVE-2023-6507)."),
    mutant("subprocess-group-names-are-left-out", PAGE + "extra_groups-names",
           deciding(lambda gids, now: tuple(gid for gid, asked in
                                            zip(gids, dict(arguments(now)[0])["extra_groups"], strict=True)
                                            if not isinstance(asked, str))),
           "Names in the list are passed over."),
    mutant("subprocess-groups-unknown", PAGE + "extra_groups-unknown", raising("ValueError"),
           "An unknown group in the list is a ValueError."),
    mutant("subprocess-groups-range", PAGE + "extra_groups-range", raising("OverflowError"),
           "Numbers out of range in the list are an OverflowError."),
    mutant("subprocess-groups-signed", PAGE + "extra_groups-range",
           when(lambda now: any(isinstance(gid, int) and not 0 <= gid < 2**31
                                for gid in dict(arguments(now)[0])["extra_groups"])),
           "Groups from 2^31 on are refused as negative."),
    mutant("subprocess-too-many-passed-on", PAGE + "extra_groups-too-many", never(),
           "A list that is too long is handed to the system, which says EINVAL."),
    mutant("subprocess-sixty-four", PAGE + "extra_groups-too-many",
           when(lambda now: len(dict(arguments(now)[0])["extra_groups"]) > 64),
           "More than 64 groups are a ValueError."),
    mutant("subprocess-groups-type", PAGE + "extra_groups-type", raising("OSError"),
           "What is no list is an OSError."),
    mutant("subprocess-letters", PAGE + "extra_groups-type",
           _of_those("ValueError", raising("TypeError")),
           "A text is taken for a list of its letters."),
    mutant("subprocess-no-list-drops", PAGE + "extra_groups-None", giving(()),
           "Without the keyword the groups are dropped (Rust for root; what users expect)."),
    mutant("subprocess-umask-is-not-set", PAGE + "umask", giving(0o022),
           "The mask is not set."),
    mutant("subprocess-umask-all-bits", PAGE + "umask",
           deciding(lambda mask, now: dict(arguments(now)[0])["umask"]),
           "More than the nine bits are set."),
    mutant("subprocess-umask-minus-one", PAGE + "umask-negative", giving(0o777),
           "-1 is taken for a mask."),
    mutant("subprocess-umask-default", PAGE + "umask-negative", giving(0o022),
           "Without the keyword the mask is 022."),
    mutant("subprocess-umask-type", PAGE + "umask-type", raising("ValueError"),
           "What is no mask is a ValueError."),
    mutant("subprocess-umask-None", PAGE + "umask-type",
           when(lambda now: not isinstance(dict(arguments(now)[0]).get("umask", -1), (int, type(None)))),
           "None is taken for no mask."),
    mutant("subprocess-user-first", PAGE + "order", giving(("user", "group", "extra_groups")),
           "The user is set first, and the rest is refused (libuv, sway, swift-subprocess)."),
    mutant("subprocess-groups-last", PAGE + "order", giving(("group", "user", "extra_groups")),
           "The groups are set last, and are refused."),
    mutant("subprocess-swallows-errors", PAGE + "errors", giving(Answer("", ())),
           "What the system refuses to the child is not raised."),
    mutant("subprocess-errors-one", PAGE + "errors", giving(Answer("EACCES", -1, "PermissionError")),
           "Every refusal is EACCES."),
    mutant("subprocess-child-without-groups", PAGE + "inherits", of_child(groups=()),
           "A child begins without groups."),
    mutant("subprocess-user-from-the-saved-uid", PAGE + "inherits", deciding(by_the_saved_uid),
           "Root that was put away can be named again, as setresuid(2) lets it (what users expect)."),
    mutant("subprocess-child-has-its-own-mask", PAGE + "inherits",
           deciding(lambda world, now: world.with_tasks(replace(
               world.task(CHILD), umask=0o077))),
           "A child begins with a mask of its own."),
    mutant("subprocess-parent-moves", PAGE + "parent-stays", deciding(parent_too),
           "The parent makes the calls before it forks."),
)  # fmt: skip
