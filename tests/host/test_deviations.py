"""A real fault of a C library, recorded: green while it shows, on a worker too, and red as soon as it is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from host.launch import credstone, preload

pytestmark = pytest.mark.usefixtures("_root")

INITGROUPS_OF_32 = r"""
int getgrouplist(const char *, unsigned, unsigned *, int *);
int setgroups(unsigned long, const unsigned *);
int initgroups(const char *user, unsigned group)
{
	unsigned groups[32];
	int count = 32;
	return getgrouplist(user, group, groups, &count) < 0 ? -1 : setgroups(count, groups);
}
"""
"""As musl 1.2.5 does it."""

RECORDED = """\
[initgroups-of-32]
reason = "The library's buffer has 32 entries: a user of more groups is refused, and errno says nothing."
link   = "https://git.musl-libc.org/cgit/musl/"

[[initgroups-of-32.shows]]
cells    = ["initgroups.3/members/more-groups-than-*@*:*"]
clause   = "initgroups(3)/all-groups-of-user"
line     = 'initgroups("alice", 1000)'
expected = "0"
seen     = "errno 0"
"""


@pytest.mark.parametrize("more", [[], ["-n", "1"]])
def test_while_the_fault_shows_the_run_is_green(tmp_path: Path, more: list[str]) -> None:
    known = tmp_path / "known.toml"
    known.write_text(RECORDED)
    workers = {"PYTEST_DEBUG_TEMPROOT": str(tmp_path)}  # where xdist keeps its own folder
    fault = preload(tmp_path, "small", INITGROUPS_OF_32) | workers
    ran = credstone(tmp_path, "initgroups.3/members", "--deviations", str(known), *more, environment=fault)
    assert ran.status == 0, ran.out
    assert {cell["deviation"]["name"] for cell in ran.of("fail")} == {"initgroups-of-32"}
    assert {cell["api"] for cell in ran.of("fail")} == {"libc", "python"}
    assert "The library's buffer has 32 entries" in ran.out
    assert "errno 0 at initgroups(3)/all-groups-of-user" in " ".join(ran.out.split())
    assert ran.footer is not None
    assert (ran.footer["counts"]["fail"], ran.footer["counts"]["deviation"]) == (0, len(ran.of("fail")))


def test_when_it_is_mended_the_run_is_red(tmp_path: Path) -> None:
    known = tmp_path / "known.toml"
    known.write_text(RECORDED)
    ran = credstone(tmp_path, "initgroups.3/members", "--deviations", str(known))
    assert ran.status == 1
    assert not ran.of("fail")
    assert "deviation gone: initgroups-of-32 does not show here any more, remove the entry" in ran.out
