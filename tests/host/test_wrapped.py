"""A library that stands before the C library, and lies: what it says is never taken for the kernel's word."""

from __future__ import annotations

import html
import os
import platform
from collections import Counter
from pathlib import Path

import pytest

from credstone.report.junit import render_junit
from credstone.report.ktap import render_ktap
from credstone.report.markdown import render_markdown
from credstone.results.file import read_results
from host.launch import Ran, credstone, preload

pytestmark = pytest.mark.usefixtures("_root")

UID_WRAPPER = next((path for path in sorted(Path("/usr/lib").glob("**/libuid_wrapper.so"))), None)
needs_uid_wrapper = pytest.mark.skipif(
    UID_WRAPPER is None, reason="needs uid_wrapper (Debian: apt-get install libuid-wrapper)"
)

SYSCALL_DOES_NOTHING = "long syscall(long number, ...) { return 0; }"

ALL_ELSE_FAILS_TOO = r"""
/* In the agent in C nothing works that it needs for itself; the other programs of the run are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/types.h>

static int in_agent(void)
{
	return strncmp(program_invocation_short_name, "agent", 5) == 0;
}

#define FAILS(type, name, parameters, arguments) \
	type name parameters \
	{ \
		type (*real) parameters = (type (*) parameters) dlsym(RTLD_NEXT, #name); \
		if (!in_agent()) \
			return real arguments; \
		errno = EIO; \
		return (type) -1; \
	}

long syscall(long number, ...) { errno = EIO; return -1; }
FAILS(pid_t, fork, (void), ())
FAILS(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
FAILS(ssize_t, pread64, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))
FAILS(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
FAILS(int, open64, (const char *path, int flags, int mode), (path, flags, mode))
FAILS(int, openat64, (int at, const char *path, int flags, int mode), (at, path, flags, mode))
FAILS(int, close, (int fd), (fd))
FAILS(void *, opendir, (const char *path), (path))
FAILS(int, stat64, (const char *path, void *status), (path, status))
FAILS(int, mkdir, (const char *path, mode_t mode), (path, mode))
FAILS(int, chmod, (const char *path, mode_t mode), (path, mode))
FAILS(int, chdir, (const char *path), (path))
FAILS(int, unlinkat, (int at, const char *path, int flags), (at, path, flags))
FAILS(int, mount, (const char *a, const char *b, const char *c, unsigned long d, const void *e), (a, b, c, d, e))
FAILS(int, prctl, (int a, unsigned long b, unsigned long c, unsigned long d, unsigned long e), (a, b, c, d, e))
FAILS(mode_t, umask, (mode_t mask), (mask))
FAILS(pid_t, getpid, (void), ())
FAILS(int, kill, (pid_t pid, int number), (pid, number))
FAILS(pid_t, waitpid, (pid_t pid, int *status, int options), (pid, status, options))
FAILS(int, waitid, (int type, id_t id, void *ended, int options), (type, id, ended, options))
FAILS(int, setpgid, (pid_t pid, pid_t group), (pid, group))
FAILS(int, uname, (void *names), (names))
FAILS(int, getresuid, (void *a, void *b, void *c), (a, b, c))
FAILS(int, getresgid, (void *a, void *b, void *c), (a, b, c))
FAILS(int, capget, (void *header, void *data), (header, data))
FAILS(int, capset, (void *header, void *data), (header, data))
FAILS(int, clone, (void *f, void *stack, int flags, void *argument), (f, stack, flags, argument))
"""

THE_INSTRUCTIONS_ARE_CHANGED = r"""
/* syscall(3) of the C library itself is led astray: the first of its instructions is a jump to another function. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long nothing_happens(long number) { return 0; }

__attribute__((constructor)) static void change(void)
{
	unsigned char jump[12] = {0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xe0};      /* movabs to rax; jmp rax */
	void *to = (void *) nothing_happens, *library = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
	char *place = dlsym(library, "syscall"), *page = (char *) ((uintptr_t) place & -4096);

	memcpy(jump + 2, &to, sizeof to);
	if (mprotect(page, 8192, PROT_READ | PROT_WRITE | PROT_EXEC) == 0)
		memcpy(place, jump, sizeof jump);
}
"""


def outcomes(ran: Ran) -> dict[str, set[str]]:
    """The verdicts that there are of each API."""
    found: dict[str, set[str]] = {}
    for cell in ran.cells:
        found.setdefault(cell["api"], set()).add(cell["verdict"])
    return found


def test_a_syscall_function_that_does_nothing(tmp_path: Path) -> None:
    wrapped = preload(tmp_path, "nothing", SYSCALL_DOES_NOTHING)
    ran = credstone(tmp_path, "setgid.2/failure", "setgroups", "clone", environment=wrapped)
    assert ran.status == 0, ran.out[-3000:]
    assert len(ran.of("pass")) > 300
    assert {"it is no library for i386" in cell["reason"] for cell in ran.of("unsupported")} <= {True}


def test_nothing_that_the_agent_needs_is_asked_of_what_stands_before_the_c_library(tmp_path: Path) -> None:
    """Files, folders, processes, user namespaces, programs: all that a cell can be set up with, and observe."""
    pages = ("setgroups", "execve", "user_namespaces", "unshare", "inode", "kill", "ptrace", "unix", "clone")
    plain = credstone(tmp_path, *pages, "--api", "syscall")
    wrapped = preload(tmp_path, "failing", ALL_ELSE_FAILS_TOO)
    ran = credstone(tmp_path, *pages, "--api", "syscall", environment=wrapped)
    assert {cell["id"]: cell["verdict"] for cell in ran.cells} == {cell["id"]: cell["verdict"] for cell in plain.cells}
    assert len(ran.of("pass")) > 500


@pytest.mark.skipif(platform.machine() != "x86_64", reason="needs x86_64: instructions of it are written")
def test_an_agent_in_python_that_cannot_reach_the_kernel_judges_nothing(tmp_path: Path) -> None:
    changed = preload(tmp_path, "changed", THE_INSTRUCTIONS_ARE_CHANGED)
    ran = credstone(tmp_path, "setgid.2/failure", environment=changed)
    assert ran.status == 0, ran.out[-3000:]
    assert outcomes(ran) == {"syscall": {"pass"}, "libc": {"pass"}, "python": {"unsupported"}}
    (why,) = {cell["reason"] for cell in ran.of("unsupported") if cell["api"] == "python"}
    assert "the raw system calls of the agent in Python are not answered by the kernel" in why
    assert "libc.so.6" in why


@needs_uid_wrapper
def test_uid_wrapper_is_blamed_for_what_it_says_and_the_kernel_for_nothing(tmp_path: Path) -> None:
    wrapper = {"LD_PRELOAD": str(UID_WRAPPER), "UID_WRAPPER": "1", "UID_WRAPPER_ROOT": "1"}
    pages = ("setuid", "setgid", "setgroups", "getgroups.2/privilege", "getgroups.2/limits", "setreuid")
    ran = credstone(tmp_path, *pages, environment=wrapper)
    assert ran.status == 1
    assert not ran.of("broken")
    assert outcomes(ran)["syscall"] == {"pass"}
    blamed = {
        api: Counter(cell["clause"] for cell in ran.of("fail") if cell["api"] == api) for api in ("libc", "python")
    }
    for clauses in blamed.values():
        # it lets everybody take every group, and the real call that it hides never comes
        assert clauses["setgroups(2)/EPERM-capability"]
        assert clauses["setgroups(2)/sets-list"]
    assert blamed["libc"]["setgid(2)/EPERM"]
    # its own fork hangs where it has more groups than it can hand on, but no other cell does
    assert max(cell["seconds"] for cell in ran.cells if cell["api"] != "libc") < 10


def test_every_report_names_what_is_preloaded(tmp_path: Path) -> None:
    harmless = preload(tmp_path, "harmless", "int nothing(void) { return 0; }")
    library = harmless["LD_PRELOAD"]
    ran = credstone(tmp_path, "setgid.2/failure", environment={**harmless, "LD_LIBRARY_PATH": "/nonesuch"})
    assert ran.header is not None
    assert {facts["ld_preload"] for facts in ran.header["facts"].values()} == {library}
    results = read_results(tmp_path / "results.jsonl")
    files = {facts["libc_file"] for facts in ran.header["facts"].values()}
    for told in (ran.out, render_markdown(results), render_junit(results), render_ktap(results)):
        text = "".join(html.unescape(told).replace("#", "").split())
        assert library in text
        assert "/nonesuch" in text
        assert any(str(file) in text for file in files)


def test_a_caller_that_names_nothing_is_told_nothing(tmp_path: Path) -> None:
    assert "LD_PRELOAD" not in os.environ
    ran = credstone(tmp_path, "setgid.2/failure")
    assert "LD_" not in ran.out
