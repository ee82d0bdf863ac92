"""Faults that are seeded by a seccomp filter: what it may answer excuses the target, and any other errno does not."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from host.launch import Ran, answering, credstone

pytestmark = [
    pytest.mark.usefixtures("_root"),
    pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of the calls are those of x86_64"),
]
UNSHARE, CLONE, SETGROUPS, MSGGET = 272, 56, 116, 68
NEW_USER = 0x1000_0000
PAGES = ("user_namespaces.7/maps", "setgid.2/namespaces")


def without_namespaces(folder: Path, error: int) -> Ran:
    """A run of what needs them on a kernel that answers this errno to unshare(2) and clone(2) with CLONE_NEWUSER."""
    return credstone(folder, *PAGES, before=answering(error, UNSHARE, CLONE, flag=NEW_USER))


@pytest.mark.parametrize("error", [errno.ENOMEM, errno.EIO, errno.ENOSPC, errno.EINVAL])
def test_a_kernel_that_makes_no_user_namespace_fails(tmp_path: Path, error: int) -> None:
    ran = without_namespaces(tmp_path, error)
    assert ran.status == 1
    assert ran.of("broken") == []
    assert not [cell for cell in ran.of("unsupported") if "unshare(CLONE_NEWUSER)" in cell["reason"]]
    name = errno.errorcode[error]
    set_up = [cell for cell in ran.of("fail") if cell["wrong"] == -1]
    assert {(cell["seen"], cell["clause"]) for cell in set_up} == {(name, "unshare(2)/returns-zero")}
    assert f"the set-up of the actor: unshare(CLONE_NEWUSER) = 0 expected, {name} seen" in ran.out
    assert {cell["api"] for cell in set_up} == {"syscall", "libc", "python"}


@pytest.mark.parametrize("error", [errno.EPERM, errno.ENOSYS, errno.EACCES])
def test_a_filter_may_refuse_user_namespaces(tmp_path: Path, error: int) -> None:
    ran = without_namespaces(tmp_path, error)
    assert ran.of("fail") == ran.of("broken") == []
    why = f"unshare(CLONE_NEWUSER) is refused here ({errno.errorcode[error]}): a seccomp filter is active"
    assert [cell for cell in ran.of("unsupported") if why in cell["reason"]]


def test_the_same_without_the_fault_is_green(tmp_path: Path) -> None:
    ran = credstone(tmp_path, *PAGES)
    assert ran.status == 0, ran.out
    assert ran.of("fail") == ran.of("broken") == []


@pytest.mark.parametrize(
    ("page", "call", "what"), [("setgroups", SETGROUPS, "setgroups(2)"), ("msgget", MSGGET, "msgget(2)")]
)
def test_no_other_call_is_excused_for_what_no_filter_answers(tmp_path: Path, page: str, call: int, what: str) -> None:
    selection = "setgroups" if page == "setgroups" else "credentials(7)/linux/CAP_IPC_OWNER"
    ran = credstone(tmp_path, selection, "--api", "syscall", before=answering(errno.ENOMEM, call))
    assert ran.status == 1
    assert not [cell for cell in ran.of("unsupported") if f"{what} is refused" in cell["reason"]]
    ran = credstone(tmp_path, selection, "--api", "syscall", before=answering(errno.ENOSYS, call))
    assert [cell for cell in ran.of("unsupported") if f"{what} is refused here (ENOSYS)" in cell["reason"]]
