"""Ways to get getgrouplist(3) and group_member(3) wrong."""

from __future__ import annotations

from credstone.proof.mutants.build import asked, deciding, giving, mutant
from credstone.proof.mutants.initgroups import of_the_database
from credstone.words.answer import Answer

PAGE = "getgrouplist(3)/"
LINUX = "getgrouplist(3)/linux/"
MEMBER = "group_member(3)/"

MUTANTS = (
    *of_the_database("getgrouplist", PAGE + "group-once"),
    mutant("getgrouplist-answers-the-room", PAGE + "number-found",
           deciding(lambda number, now: asked(now)[2] if len(asked(now)) > 2 else number),
           "What does not fit is not counted, so that a program asks for ever with the same room."),
    mutant("getgrouplist-one-less", PAGE + "number-found", deciding(lambda number, now: number - 1),
           "The given group is not counted: a buffer of that size is too small again."),
    mutant("getgrouplist-0", PAGE + "too-small", giving(0),
           "A buffer that is too small is no failure."),
    mutant("getgrouplist-number", PAGE + "too-small", deciding(lambda result, now: asked(now)[2]),
           "A buffer that is too small answers how many fitted."),
    mutant("getgrouplist-stores-nothing", PAGE + "stores-what-fits", giving(()),
           "Where not all fit, none is stored."),
    mutant("getgrouplist-stores-the-last", PAGE + "stores-what-fits", deciding(lambda gids, now: gids[::-1]),
           "Where not all fit, others are stored than those that come first."),
    mutant("getgrouplist-wants-more-room", PAGE + "returns-number",
           deciding(lambda gids, now: (-1, len(gids), *gids) if asked(now)[2:] == (len(gids),) else gids),
           "A buffer of exactly the size is too small."),
    mutant("getgrouplist-loses-the-last", PAGE + "returns-number", deciding(lambda gids, now: gids[:-1]),
           "One group is not told of."),
    mutant("getgrouplist-fails-without-groups", PAGE + "returns-number",
           deciding(lambda gids, now: (-1, *gids) if len(gids) == 1 else gids),
           "A user without groups is a failure (musl before 1.2.2, where nscd answered with an empty list)."),
    mutant("getgrouplist-sorted", LINUX + "order", deciding(lambda gids, now: tuple(sorted(gids))),
           "The list is sorted, and the given group is not the first."),
    mutant("getgrouplist-given-last", LINUX + "order", deciding(lambda gids, now: (*gids[1:], gids[0])),
           "The given group is the last (BSD has it twice in front)."),
    mutant("getgrouplist-once-each", LINUX + "two-names",
           deciding(lambda gids, now: tuple(gid + 1 if gids.count(gid) > 1 else gid for gid in gids)),
           "A group that has two names is taken for another."),
    mutant("getgrouplist-overruns", LINUX + "nothing-beyond", deciding(lambda answer, now: Answer("", answer.value, "", 4)),
           "More entries are written than there is room for (glibc before 2.3.3)."),
    mutant("group_member-never", MEMBER + "tests-supplementary-groups", giving(False),
           "Nobody is in a group."),
    mutant("group_member-the-first", MEMBER + "tests-supplementary-groups",
           deciding(lambda member, now: asked(now)[0] in now.world.seen(now.who).groups[:1]),
           "Only the first group is looked at."),
    mutant("group_member-32", MEMBER + "tests-supplementary-groups",
           deciding(lambda member, now: asked(now)[0] in now.world.seen(now.who).groups[:32]),
           "Only 32 groups are looked at."),
    mutant("group_member-signed", MEMBER + "tests-supplementary-groups",
           deciding(lambda member, now: member and asked(now)[0] < 2**31),
           "Gids from 2^31 on are none."),
    mutant("group_member-kernel", MEMBER + "tests-supplementary-groups",
           deciding(lambda member, now: asked(now)[0] in now.credential.groups),
           "The gids of outside are compared."),
    mutant("group_member-effective", MEMBER + "linux/effective-does-not-count",
           deciding(lambda member, now: member or asked(now)[0] == now.world.seen(now.who).gid.effective),
           "The effective gid counts as well."),
    mutant("group_member-real", MEMBER + "linux/effective-does-not-count",
           deciding(lambda member, now: member or asked(now)[0] == now.world.seen(now.who).gid.real),
           "The real gid counts as well."),
    mutant("group_member-inverted", MEMBER + "returns-nonzero", deciding(lambda answer, now: 1 - answer),
           "0 means that it is one, as for the calls that can fail."),
    mutant("group_member-true", MEMBER + "returns-nonzero", giving(1),
           "Everybody is in every group."),
    mutant("group_member-minus-one", MEMBER + "returns-nonzero", deciding(lambda answer, now: answer or -1),
           "Who is no member gets -1, which is not 0."),
)  # fmt: skip
