"""What the model looked at in a line, and which premises decided."""

from __future__ import annotations

import msgspec
import pytest

from building import EVERYTHING, credential, facts, line_alone, scenario
from credstone.explain.reasons import Reason, Reasoned, reasoned
from credstone.model.start import start
from credstone.model.world import Extent, World
from credstone.words.actor import Become
from credstone.words.capability import CAP_SETGID
from credstone.words.credential import Credential, Ids

replace = msgspec.structs.replace
USER = credential(1000, 1000, capabilities=0)


def world(own: Credential, files: str = "") -> World:
    """The world in which this process is about to call."""
    return start((Become(own),), facts(), scenario(f"{files}\n  getuid() = 0") if files else None)


def of(text: str, own: Credential = USER, files: str = "") -> Reasoned:
    return reasoned(world(own, files), line_alone(text), "syscall")


def reason(found: Reasoned, clause: str) -> Reason:
    return next(each for each in found.reasons if each.clause == clause)


def test_a_refusal_and_what_would_have_spared_it() -> None:
    found = of("setgid(7) = EPERM")
    held = reason(found, "setgid(2)/EPERM")
    assert (held.answer, held.holds) == ("EPERM", True)
    assert held.because == ("real gid 1000", "saved gid 1000", "no CAP_SETGID in effect")
    assert found.decided_by == held.because
    assert found.follows == ()


def test_a_condition_that_does_not_hold_and_why() -> None:
    found = of("setgid(7) = 0", credential(1000, 1000, capabilities=CAP_SETGID))
    spared = reason(found, "setgid(2)/EPERM")
    assert (spared.holds, spared.because) == (False, ("CAP_SETGID in effect",))
    assert "CAP_SETGID in effect" in found.decided_by
    assert "all four gids 1000 become 7" in found.follows


def test_each_of_two_refusals_has_its_own_premise() -> None:
    no_map = world(credential())
    space = replace(no_map.namespaces[0], gid_map=(), setgroups_denied=True)
    found = reasoned(no_map.with_namespace(0, space), line_alone("setgroups([]) = EPERM"), "syscall")
    assert reason(found, "setgroups(2)/EPERM-denied").because == ("setgroups denied in the user namespace",)
    assert reason(found, "setgroups(2)/EPERM-no-map").because == ("no gid_map written",)
    assert found.decided_by == (), "neither of them alone decides the answer"


def test_a_map_decides_which_ids_there_are() -> None:
    ranged = world(replace(credential(), gid=Ids.all(100000)))
    space = replace(ranged.namespaces[0], gid_map=(Extent(0, 100000, 65536),))
    found = reasoned(ranged.with_namespace(0, space), line_alone("setgid(65536) = EINVAL"), "syscall")
    assert reason(found, "setgid(2)/EINVAL").because == ("gid_map '0 100000 65536'",)


@pytest.mark.parametrize(
    ("mode", "premises"),
    [("0640", ("door: owner 0", "door: group 500", "door: mode 0640")), ("0644", ("door: mode 0644",))],
)
def test_owner_group_and_mode_of_a_file_that_the_line_names(mode: str, premises: tuple[str, ...]) -> None:
    files = f"  file door owner 0:500 mode {mode}\n  file window owner 0:500 mode 0640"
    found = of("open(door, O_RDONLY) = 0", USER, files)
    assert set(premises) <= set(found.decided_by)
    assert not [each for each in found.decided_by if each.startswith("window")]


def test_the_kernel_is_a_premise_where_the_model_asks_for_it() -> None:
    assert "kernel 6.18.1" in of("unshare(CLONE_NEWTIME) = 0", credential()).decided_by
    assert not [each for each in of("setgid(7) = EPERM").decided_by if "kernel" in each]


def test_what_follows_has_premises_of_its_own() -> None:
    found = of("setuid(1000) = 0", credential())
    assert "CAP_SETUID in effect" in found.decided_by
    assert {"keep_caps not set", "SECBIT_NO_SETUID_FIXUP not set", "fs.suid_dumpable is 0"} <= set(found.followed_by)
    assert "dumpable 1 becomes 0" in found.follows
    assert of("setuid(1000) = 0").follows == ()


def test_many_premises_of_one_kind_are_told_by_their_number() -> None:
    found = of("capset(0, 0, 0) = 0", credential(capabilities=EVERYTHING))
    assert all(len(each.because) < 12 for each in found.reasons)
    assert any("capabilities lose" in each for each in found.follows) or found.follows == ()


def test_what_is_gone_afterwards_is_told_too() -> None:
    found = of("setuid(1000) = 0", credential())
    assert any(each.startswith("effective capabilities lose ") for each in found.follows)
    assert of("unshare(CLONE_NEWUSER) = 0").follows[-1].startswith("effective capabilities gain ")
