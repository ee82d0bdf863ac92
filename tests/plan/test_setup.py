"""How a process becomes an actor, and what is missing where it cannot: always a fact, by its name."""

from __future__ import annotations

import msgspec

from building import EVERYTHING, credential, facts, scenario
from credstone.plan.missing import missing_for
from credstone.plan.setup import Plan, plan_actor
from credstone.words.actor import Actor, Become, Enter, NewNamespace, Without
from credstone.words.capability import CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN, MASKS
from credstone.words.cell import Cell
from credstone.words.credential import Ids
from credstone.words.facts import Facts

ROOT = Actor(about="", uid=0, gid=0, groups=(), capabilities="all", name="root")
USER = Actor(about="", uid=1000, gid=1000, groups=(), capabilities="none", name="user")
MEMBER = Actor(about="", uid=1000, gid=1000, groups=(100, 200), capabilities="none", name="member")
SAVED = Actor(about="", uid=(1000, 0, 0), gid=0, groups=(), capabilities=("CAP_SETGID",), name="saved")
INSIDE = Actor(
    about="", creator=("user", "self"), namespace=NewNamespace("0 $uid 1", "0 $gid 1", "deny"), name="inside"
)
RANGE = Actor(
    about="", creator=("root",), namespace=NewNamespace("0 100000 9", "0 100000 9", written_by="outside"), name="range"
)
ACTORS = {actor.name: actor for actor in (ROOT, USER, MEMBER, SAVED, INSIDE, RANGE)}

AS_ROOT = facts()
AS_USER = facts(credential(1000, 1000, (27, 1000), 0))
WITHOUT_SETGID = facts(credential(capabilities=EVERYTHING & ~CAP_SETGID))


def plan(actor: Actor, target: Facts) -> Plan:
    return plan_actor(actor, ACTORS, target)


def needs(body: str, target: Facts) -> list[str]:
    """What a scenario with this body needs besides its actor."""
    one = scenario(body)
    return missing_for(Cell(one, ROOT, "libc", "host", one.abi), target)


# actors of the outer namespace


def test_root_becomes_anybody() -> None:
    for actor in (ROOT, USER, MEMBER, SAVED, INSIDE, RANGE):
        assert plan(actor, AS_ROOT).missing == ()


def test_one_step_takes_the_credential() -> None:
    (step,) = plan(MEMBER, AS_ROOT).setup
    assert step == Become(credential(1000, 1000, (100, 200), 0))


def test_three_ids_are_real_effective_and_saved() -> None:
    (step,) = plan(SAVED, AS_ROOT).setup
    assert isinstance(step, Become)
    assert step.credential.uid == Ids(1000, 0, 0, 0)
    assert (step.credential.capabilities.permitted, step.credential.capabilities.effective) == (CAP_SETGID, CAP_SETGID)


def test_all_but_some_capabilities_are_those_that_the_target_can_give() -> None:
    poor = facts(credential(capabilities=CAP_SETGID | CAP_SETUID))
    (step,) = plan(Actor(about="", capabilities=Without(("CAP_SETGID",))), poor).setup
    assert isinstance(step, Become)
    assert step.credential.capabilities.permitted == CAP_SETUID


def test_an_ordinary_user_needs_root_to_be_somebody_else() -> None:
    assert plan(ROOT, AS_USER).missing == (
        "needs root: uid 1000 has no CAP_SETGID and no CAP_SETUID to take groups [], gid 0, uid 0",
    )


def test_an_ordinary_user_needs_only_what_differs() -> None:
    (reason,) = plan(USER, AS_USER).missing
    assert reason == "needs root: uid 1000 has no CAP_SETGID to take groups []"
    assert plan(Actor(about="", uid=1000, gid=1000, capabilities="none"), AS_USER).missing == ()


def test_a_container_without_a_capability_names_it() -> None:
    assert plan(USER, WITHOUT_SETGID).missing == ("needs root: uid 0 has no CAP_SETGID to take gid 1000",)
    (reason,) = plan(SAVED, WITHOUT_SETGID).missing
    assert reason == "needs CAP_SETGID, which uid 0 does not have here"


def test_all_unmet_needs_are_listed() -> None:
    wants = Actor(about="", uid=0, gid=(1, 2, 3), groups=(7,), capabilities=("CAP_SETGID", "CAP_KILL"))
    assert plan(wants, AS_USER).missing == (
        "needs root: uid 1000 has no CAP_SETGID and no CAP_SETUID to take groups [7], gid 1/2/3, uid 0",
        "needs CAP_KILL, CAP_SETGID, which uid 1000 does not have here",
    )


def test_a_seccomp_filter_shows_as_the_call_that_it_refuses() -> None:
    filtered = facts(refused={"setgroups": "EPERM", "setresuid": "ENOSYS"}, seccomp=2)
    assert plan(MEMBER, filtered).missing == (
        "setgroups(2) is refused here (EPERM): a seccomp filter is active",
        "setresuid(2) is refused here (ENOSYS): a seccomp filter is active",
    )
    assert plan(ROOT, filtered).missing == (), "what need not be called need not be allowed"


def test_denied_setgroups_is_named() -> None:
    denied = facts(setgroups="deny")
    assert plan(MEMBER, denied).missing == (
        "setgroups(2) is denied in the user namespace of the agent (/proc/self/setgroups)",
    )
    assert plan(ROOT, denied).missing == ()


# actors with a user namespace of their own


def test_the_first_creator_that_can_be_had_makes_the_namespace() -> None:
    become, enter = plan(INSIDE, AS_ROOT).setup
    assert isinstance(become, Become)
    assert become.credential.uid == Ids.all(1000)
    assert enter == Enter(NewNamespace("0 1000 1", "0 1000 1", "deny"))


def test_an_ordinary_user_makes_a_namespace_alone() -> None:
    target = facts(credential(1234, 1235, (27,), 0))
    assert plan(INSIDE, target) == Plan((Enter(NewNamespace("0 1234 1", "0 1235 1", "deny")),))


def test_what_an_actor_is_inside_comes_after_the_namespace() -> None:
    actor = msgspec.structs.replace(RANGE, uid=5, gid=5, groups=(6,), capabilities="none")
    _, enter, become = plan(actor, AS_ROOT).setup
    assert isinstance(enter, Enter)
    assert isinstance(become, Become)
    assert become.credential.uid == Ids.all(5)
    assert become.credential.groups == (6,)
    assert become.credential.capabilities.permitted == 0


def test_refused_user_namespaces_are_named_with_their_reason() -> None:
    for rest, because in (
        ({"seccomp": 2}, ": a seccomp filter is active"),
        ({"security_label": "docker-default (enforce)"}, ": the process is confined as docker-default (enforce)"),
        ({"security_label": "unconfined"}, ""),
        ({}, ""),
    ):
        refused = facts(new_user_namespace="EPERM", **rest)
        assert plan(INSIDE, refused).missing == (f"unshare(CLONE_NEWUSER) is refused here (EPERM){because}",)


def test_a_range_of_ids_needs_root_and_so_does_its_creator() -> None:
    assert plan(RANGE, AS_USER).missing == (
        "needs root: uid 1000 has no CAP_SETGID and no CAP_SETUID to take groups [], gid 0, uid 0",
        "needs root: uid 1000 may not map a range of ids (CAP_SETUID, CAP_SETGID)",
    )


# what a scenario needs besides


def test_a_scenario_without_needs() -> None:
    assert needs("  getuid()", AS_USER) == []


def test_files_of_others_need_chown() -> None:
    assert needs("  file door owner 0:500\n  open(door, O_RDONLY)", AS_USER) == [
        "needs root: uid 1000 may not give files to others (CAP_CHOWN, CAP_FOWNER)"
    ]
    assert needs("  file door owner 1000:1000\n  open(door, O_RDONLY)", AS_USER) == []


def test_modes_of_others_files_need_their_capabilities() -> None:
    lacking = facts(credential(capabilities=EVERYTHING & ~MASKS["CAP_FOWNER"] & ~MASKS["CAP_FSETID"]))
    mine = "  file door owner 0:500 mode 0644\n  open(door, O_RDONLY)"
    assert needs(mine, lacking) == []
    assert needs(mine.replace("0:500", "7:500"), lacking) == [
        "needs root: uid 0 may not give files to others (CAP_FOWNER)"
    ]
    assert needs(mine.replace("0644", "2644"), lacking) == [
        "needs root: uid 0 may not give files to others (CAP_FSETID)"
    ]
    assert needs(mine.replace("0:500", "0:0").replace("0644", "2644"), lacking) == []


def test_nobody_sets_a_limit_above_the_hard_one() -> None:
    setting = "  setrlimit(RLIMIT_NPROC, 100) = 0"
    assert needs(setting, facts(process_limit=60)) == [
        "the hard limit on processes (RLIMIT_NPROC) is 60 here, and 100 is to be set"
    ]
    assert needs(setting, facts(process_limit=100)) == needs(setting, facts()) == []


def test_files_of_the_machine_belong_to_the_initial_namespace() -> None:
    opening = '  open("/proc/sys/kernel/overflowuid", O_WRONLY) = EACCES'
    assert needs(opening, facts(initial_user_namespace=False)) == [
        "files of /proc/sys belong to the initial user namespace, and the agent lives in another"
    ]
    assert needs(opening, facts()) == []


HELPER = "  file helper = agent, owner 0:0, mode 4755\n  exec(helper)"


def test_set_id_files_need_a_mount_that_honours_them() -> None:
    assert needs(HELPER, facts(folder_options="rw,nosuid,relatime")) == [
        "the temporary folder is mounted nosuid: set-user-ID files have no effect there"
    ]
    assert needs(HELPER, facts(folder_options="rw,nosuidx")) == []
    assert needs("  file helper = agent, mode 0755\n  exec(helper)", facts(folder_options="nosuid")) == []


def test_set_id_files_have_no_effect_under_no_new_privs() -> None:
    assert needs(HELPER, facts(credential(no_new_privs=True))) == [
        "no_new_privs is set: set-user-ID files have no effect"
    ]


WITH_CAPABILITIES = '  file helper = agent, mode 0755, capabilities "cap_chown=ep"\n  exec(helper)'


def test_capabilities_of_files_need_a_filesystem_that_has_them() -> None:
    assert needs(WITH_CAPABILITIES, AS_ROOT) == []
    assert needs(WITH_CAPABILITIES, facts(file_capabilities="EOPNOTSUPP")) == [
        "files of the temporary folder cannot have capabilities (EOPNOTSUPP)"
    ]
    assert needs(WITH_CAPABILITIES, facts(credential(capabilities=EVERYTHING & ~MASKS["CAP_SETFCAP"]))) == [
        "needs root: uid 0 may not give capabilities to files (CAP_SETFCAP)"
    ]
    assert needs(WITH_CAPABILITIES, facts(folder_options="nosuid")) == [
        "the temporary folder is mounted nosuid: capabilities of files have no effect there"
    ]


def test_a_nosuid_folder_needs_a_mount() -> None:
    body = "  folder nosuid\n" + HELPER
    assert needs(body, AS_ROOT) == []
    assert needs(body, facts(folder_options="nosuid")) == []
    assert needs(body, facts(credential(capabilities=EVERYTHING & ~CAP_SYS_ADMIN))) == [
        "needs root: uid 0 may not mount a folder nosuid (CAP_SYS_ADMIN, a mount namespace)"
    ]
    assert needs(body, facts(new_mount_namespace="EPERM", seccomp=2)) == [
        "unshare(CLONE_NEWNS) is refused here (EPERM): a seccomp filter is active"
    ]


def test_yama_lets_ancestors_trace() -> None:
    down, up = "  ptrace(PTRACE_SEIZE, c)\n  child c: getuid()", "  child c: ptrace(PTRACE_SEIZE, $pid)"
    assert needs(down, facts(ptrace_scope=1)) == needs(up, AS_ROOT) == []
    assert needs(up, facts(ptrace_scope=1)) == [
        "a process may trace its descendants alone here: kernel.yama.ptrace_scope is 1"
    ]
    assert needs(down, facts(ptrace_scope=2)) == ["no process may trace another here: kernel.yama.ptrace_scope is 2"]


def test_programs_need_a_mount_that_executes() -> None:
    assert needs("  file helper = agent\n  exec(helper)", facts(folder_options="noexec")) == [
        "the temporary folder is mounted noexec"
    ]


DATABASE = '  passwd "a:x:1:1::/:"\n  initgroups("a", 1)'


def test_a_database_needs_a_mount_namespace() -> None:
    assert needs(DATABASE, AS_USER) == [
        "needs root: uid 1000 may not bring its own /etc (CAP_SYS_ADMIN, a mount namespace)"
    ]
    assert needs(DATABASE, facts(new_mount_namespace="EPERM", seccomp=2)) == [
        "unshare(CLONE_NEWNS) is refused here (EPERM): a seccomp filter is active"
    ]
    assert needs(DATABASE, facts(credential(capabilities=CAP_SYS_ADMIN))) == []


def test_a_line_that_unshares_needs_user_namespaces() -> None:
    refused = facts(new_user_namespace="ENOSPC")
    assert needs("  unshare(CLONE_NEWUSER)", refused) == ["unshare(CLONE_NEWUSER) is refused here (ENOSPC)"]
    assert needs("  unshare(CLONE_NEWNS)", refused) == []


def test_an_abi_needs_its_agent() -> None:
    assert needs("  abi i386\n  setuid16(1)", AS_ROOT) == ["the agent is built for x86_64, not for i386"]


def test_all_needs_of_a_scenario_are_listed() -> None:
    poor = facts(
        credential(1000, 1000, (), MASKS["CAP_KILL"], no_new_privs=True),
        folder_options="nosuid,noexec",
        new_user_namespace="EPERM",
    )
    found = needs(
        "  file helper = agent, owner 0:0, mode 6755\n  group missing\n  abi i386\n  unshare(CLONE_NEWUSER)", poor
    )
    assert [reason.split(" is ")[0].split(":")[0] for reason in found] == [
        "needs root",
        "the temporary folder",
        "no_new_privs",
        "the temporary folder",
        "needs root",
        "unshare(CLONE_NEWUSER)",
        "the agent",
    ]


# a target whose agent lives in a user namespace already


SMALL = facts(uid_map="0 5000 1", gid_map="0 5000 1", setgroups="deny")


def test_ids_without_a_mapping_are_named() -> None:
    assert plan(USER, SMALL).missing == (
        "uid 1000 has no mapping in the user namespace of the agent",
        "gid 1000 has no mapping in the user namespace of the agent",
    )
    assert plan(ROOT, SMALL).missing == ()


def test_ranges_without_a_mapping_are_named() -> None:
    assert plan(RANGE, SMALL).missing == (
        "the uids from 100000 to 100008 are not mapped in the user namespace of the agent",
        "the gids from 100000 to 100008 are not mapped in the user namespace of the agent",
    )


def test_a_range_across_two_lines_of_a_map_is_no_range() -> None:
    split = facts(uid_map="0 0 100004\n100004 500000 1000", gid_map="0 0 4294967295")
    (reason,) = plan(RANGE, split).missing
    assert "the uids from 100000 to 100008" in reason


def test_owners_without_a_mapping_are_named() -> None:
    assert needs("  file door owner 0:500\n  open(door, O_RDONLY)", SMALL) == [
        "the owner 0:500 has no mapping in the user namespace of the agent"
    ]


def test_whoever_writes_the_maps_knows_the_creator() -> None:
    space = NewNamespace("0 $uid 1", "0 $gid 1", written_by="outside")
    actor = Actor(about="", creator=("user",), namespace=space)
    _, enter = plan(actor, AS_ROOT).setup
    assert enter == Enter(NewNamespace("0 1000 1", "0 1000 1", written_by="outside"))


def test_an_old_python_has_no_such_keywords() -> None:
    body = "  subprocess(user=5)  child getresuid() = 5 5 5"
    old = msgspec.structs.replace(AS_ROOT, python="CPython 3.8.20")
    assert needs(body, old) == [
        "subprocess takes user, group, extra_groups and umask since Python 3.9, and this is CPython 3.8.20"
    ]
    assert needs(body, msgspec.structs.replace(AS_ROOT, python="CPython 3.9.0")) == []


def test_levels_of_nesting_are_counted_from_the_initial_namespace() -> None:
    nested = '  unshare(CLONE_NEWUSER) = 0; write("/proc/self/uid_map", "0 0 1") = 5 for n in 1..33'
    inside = msgspec.structs.replace(AS_ROOT, initial_user_namespace=False)
    assert needs(nested, AS_ROOT) == []
    assert needs(nested, inside) == [
        "the levels of user namespaces are counted from the initial one, and the agent lives in another"
    ]
    assert needs("  unshare(CLONE_NEWUSER) = 0", inside) == []


def test_clone_makes_user_namespaces_too() -> None:
    refusing = msgspec.structs.replace(AS_ROOT, new_user_namespace="EPERM")
    assert needs("  clone(CLONE_NEWUSER|CLONE_NEWUTS) = 0", refusing) == [
        "unshare(CLONE_NEWUSER) is refused here (EPERM)"
    ]
