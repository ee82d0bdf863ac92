"""From a failure to a program for a bug report: a fault is seeded, a run finds it, and the ways on lead to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from host.launch import credstone, environment_for, preload

KEEPS_SAVED = """\
#define _GNU_SOURCE
#include <unistd.h>

int setregid(gid_t real, gid_t effective)
{
	return setresgid(real, effective, -1);
}
"""
"""A library whose setregid(2) leaves the saved set-group-ID as it is."""

KEEPS_GROUPS = """\
#define _GNU_SOURCE
#include <grp.h>
#include <unistd.h>

int initgroups(const char *user, gid_t group)
{
	static gid_t list[65536];
	int old = getgroups(1000, list), more = 1000;

	getgrouplist(user, group, list + old, &more);
	return setgroups(old + more, list);
}
"""
"""A library whose initgroups(3) adds to the groups that are there."""

FAULTS = {
    "setregid": (KEEPS_SAVED, "setregid(2)/saved-follows-effective", "setregid(-1, ", "saved gid"),
    "initgroups": (KEEPS_GROUPS, "initgroups(3)/replaces-list", 'initgroups("', "groups"),
}
pytestmark = pytest.mark.usefixtures("_root")


def said(folder: Path, *arguments: str) -> str:
    """What a command prints that does not run anything."""
    done = subprocess.run(
        [sys.executable, "-m", "credstone", *arguments],
        capture_output=True,
        text=True,
        env=environment_for(folder),
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def status(program: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        [str(program)], capture_output=True, text=True, env={**os.environ, **environment}, timeout=60, check=False
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("call", FAULTS)
def test_a_seeded_fault_is_found_explained_and_shown(tmp_path: Path, call: str) -> None:
    source, clause, line, field = FAULTS[call]
    library = preload(tmp_path, "wrong", source)

    ran = credstone(tmp_path, clause, "--api", "libc", environment=library)
    assert ran.status == 1
    found = next(cell for cell in ran.of("fail") if cell["clause"] == clause and field in cell["expected"])
    assert f"credstone explain '{found['id']}'" in ran.out
    assert f"credstone repro '{found['id']}'" in ran.out

    page = said(tmp_path, "explain", found["id"], "--results", str(tmp_path / "results.jsonl")).splitlines()
    wrong = next(number for number, text in enumerate(page) if text.startswith("  ✗ "))
    assert page[wrong].startswith(f"  ✗ {line}")
    assert f"        host: {found['expected']} expected, {found['seen']} seen" in page[wrong:]
    assert any(text.split() == ["decides", clause] for text in page[wrong:])
    assert any(text.startswith(f"  {clause}: ") for text in page)

    text, program = tmp_path / "repro.c", tmp_path / "repro"
    text.write_text(said(tmp_path, "repro", found["id"], "--as", "c"))
    subprocess.run(["cc", "-std=gnu11", "-Wall", "-Wextra", "-pthread", str(text), "-o", str(program)], check=True)
    code, printed = status(program, library)
    assert code == 1
    assert f"{line}" in printed
    assert "    expected  " in printed
    assert status(program, {})[0] == 0

    whole = credstone(tmp_path, found["id"])
    assert (whole.status, len(whole.cells)) == (0, 1), "without the library nothing is wrong"
