"""How a process becomes an actor, and what is missing where it cannot: always a fact, by its name."""

from __future__ import annotations

import msgspec

from building import EVERYTHING, credential, facts
from credstone.plan.setup import Plan, plan_actor
from credstone.words.actor import Actor, Become, Enter, NewNamespace, Without
from credstone.words.capability import CAP_SETGID, CAP_SETUID
from credstone.words.credential import Ids
from credstone.words.facts import Facts
from plan.targets import AS_ROOT, AS_USER, SMALL

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

WITHOUT_SETGID = facts(credential(capabilities=EVERYTHING & ~CAP_SETGID))


def plan(actor: Actor, target: Facts) -> Plan:
    return plan_actor(actor, ACTORS, target)


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


def test_a_map_that_may_not_have_so_many_lines() -> None:
    lines = "\n".join(f"{n} {n + 100} 1" for n in range(6))
    actor = Actor(about="", creator=("root",), namespace=NewNamespace(lines, lines, written_by="outside"))
    assert plan(actor, AS_ROOT).missing == ()
    assert plan(actor, facts(long_map="EINVAL", kernel="4.14.1")).missing == (
        "a map of ids may have no more than five lines here (EINVAL)",
    )


# a target whose agent lives in a user namespace already


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


def test_whoever_writes_the_maps_knows_the_creator() -> None:
    space = NewNamespace("0 $uid 1", "0 $gid 1", written_by="outside")
    actor = Actor(about="", creator=("user",), namespace=space)
    _, enter = plan(actor, AS_ROOT).setup
    assert enter == Enter(NewNamespace("0 1000 1", "0 1000 1", written_by="outside"))
