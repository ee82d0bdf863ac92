"""Positive controls: on a system that is broken on purpose the run goes red, and names the right clause."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from host.launch import answering, credstone, preload

pytestmark = pytest.mark.usefixtures("_root")

SETGROUPS_DOES_NOTHING = "int setgroups(unsigned long n, const unsigned *l) { return 0; }"

GETGROUPS_FORGETS_THE_LAST = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
int getgroups(int size, unsigned *list)
{
	int (*real)(int, unsigned *) = (int (*)(int, unsigned *))dlsym(RTLD_NEXT, "getgroups");
	int count = real(size, list);
	return count > 0 ? count - 1 : count;
}
"""

SETGID_MOVES_THE_CALLER_FIRST = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
#include <sys/syscall.h>
int setgid(gid_t gid)
{
	int (*real)(gid_t) = (int (*)(gid_t))dlsym(RTLD_NEXT, "setgid");
	return syscall(SYS_setgid, gid) < 0 ? -1 : real(gid);
}
"""

_SETGROUPS = {"x86_64": 116, "aarch64": 159, "riscv64": 159}


def test_a_setgroups_that_only_says_it_did(tmp_path: Path) -> None:
    ran = credstone(tmp_path, "setgroups", environment=preload(tmp_path, "lazy", SETGROUPS_DOES_NOTHING))
    assert ran.status == 1
    assert {cell["api"] for cell in ran.of("fail")} == {"libc", "python"}
    assert {"setgroups(2)/sets-list", "setgroups(2)/drop-all", "setgroups(2)/EPERM-capability"} <= ran.broken_clauses()
    assert ran.most_blamed("libc") == "setgroups(2)/sets-list"
    assert "setgroups(2)/EPERM-capability" in ran.out


def test_a_getgroups_that_forgets_the_last_group(tmp_path: Path) -> None:
    ran = credstone(tmp_path, "getgroups", environment=preload(tmp_path, "forgetful", GETGROUPS_FORGETS_THE_LAST))
    assert ran.status == 1
    assert {cell["api"] for cell in ran.of("fail")} == {"libc", "python"}
    assert "getgroups(2)/returns-list" in ran.broken_clauses()
    # a caller with room for its list alone is refused, as the kernel has more to give
    assert ran.most_blamed("libc") == "getgroups(2)/EINVAL"
    assert ran.most_blamed("python") == "os.getgroups/returns-list"
    assert "getgroups(2)/returns-list" in ran.out


def test_a_setgid_that_moves_the_caller_before_the_others(tmp_path: Path) -> None:
    first = preload(tmp_path, "first", SETGID_MOVES_THE_CALLER_FIRST)
    ran = credstone(tmp_path, "nptl.7/watch/nobody-is-behind-the-caller", environment=first)
    assert ran.status == 1
    assert {(cell["clause"], cell["expected"], cell["seen"]) for cell in ran.of("fail")} == {
        ("nptl(7)/linux/caller-last", "0", "1")
    }


def test_a_filter_that_answers_the_wrong_errno(tmp_path: Path) -> None:
    number = _SETGROUPS.get(os.uname().machine)
    if number is None:
        pytest.skip(f"the number of setgroups(2) on {os.uname().machine} is not in this test")
    refuse = answering(errno.EACCES, number)

    def before() -> None:
        os.setgroups([])
        refuse()

    ran = credstone(tmp_path, "setgroups", before=before)
    assert ran.status == 1
    wrong = [cell for cell in ran.of("fail") if cell["clause"] == "setgroups(2)/EPERM-capability"]
    assert {cell["api"] for cell in wrong} == {"syscall", "libc", "python"}
    assert {(cell["expected"], cell["seen"]) for cell in wrong} == {("EPERM", "EACCES")}
    lacking = {cell["reason"] for cell in ran.of("unsupported")}
    assert any("setgroups(2) is refused here (EACCES): a seccomp filter is active" in reason for reason in lacking)


def test_without_the_fault_the_same_run_is_green(tmp_path: Path) -> None:
    ran = credstone(tmp_path, "setgroups")
    assert ran.status == 0, ran.out
    assert not ran.of("fail")
    assert not ran.of("broken")
    assert ran.header is not None
    assert ran.footer is not None
    assert ran.footer["counts"]["pass"] == len(ran.of("pass")) > 100
