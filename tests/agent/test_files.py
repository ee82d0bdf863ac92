"""What the C agent answers about files: made, renamed, taken away, and what is refused."""

from __future__ import annotations

import pytest

from agent.driving import ROOT, USER, Agent

pytestmark = pytest.mark.root

FILES = ("file room folder 1000 1000 0755", 'file room/mine "wood 1000 1000 0600', 'file theirs "wood 0 0 0644', USER)


def test_what_the_owner_may_do(root: Agent) -> None:
    asked = {
        'main open "room/new O_WRONLY|O_CREAT': 0,
        'main open "room/new O_WRONLY|O_CREAT|O_EXCL 416': 0,
        'main mkdir "room/new 448': 0,
        "main unlink room/mine": 0,
        'main link room/mine "room/other': 0,
        'main rename room/mine "room/other': 0,
        "main truncate room/mine 2": 0,
        "main utimensat room/mine": 0,
        "main utimensat room/mine 5": 0,
        "main faccessat room/mine W_OK AT_EACCESS": 0,
        "main lchown room/mine -1 -1": 0,
        "main access room/mine R_OK": 0,
        "main chmod room/mine 511": 0,
    }
    for call, answer in asked.items():
        assert root.last(call, setup=FILES) == answer, call


def test_what_others_may_not_do(root: Agent) -> None:
    asked = {
        'main open "new O_WRONLY|O_CREAT': "EACCES",
        'main mkdir "new 448': "EACCES",
        "main unlink theirs": "EACCES",
        "main rmdir room": "EACCES",
        'main link room/mine "new': "EACCES",
        'main rename theirs "new': "EACCES",
        "main truncate theirs 2": "EACCES",
        "main utimensat theirs": "EACCES",
        "main utimensat theirs 5": "EPERM",
        "main faccessat theirs W_OK AT_EACCESS": "EACCES",
        "main faccessat theirs R_OK 16": "EINVAL",
        "main lchown theirs 1000 -1": "EPERM",
        "main chown theirs 1000 -1": "EPERM",
        "main access theirs W_OK": "EACCES",
        "main chmod theirs 511": "EPERM",
        'main write theirs "x': "EACCES",
        'main write theirs "x 1': "EACCES",
    }
    for call, answer in asked.items():
        assert root.last(call, setup=FILES) == answer, call


def test_what_there_is_afterwards(root: Agent) -> None:
    assert root.last('main open "room/new O_CREAT 493', 'main stat "room/new', setup=FILES) == (1000, 1000, 0o755)
    assert root.last('main mkdir "room/new 1023', 'main stat "room/new', setup=FILES) == (1000, 1000, 0o1755)
    assert root.last('main mkdir "room/new 511', 'main rmdir "room/new', 'main stat "room/new', setup=FILES) == "ENOENT"
    assert root.last("main unlink room/mine", "main stat room/mine", setup=FILES) == "ENOENT"
    assert root.last('main rename room/mine "room/other', 'main read "room/other', setup=FILES) == "wood"
    assert root.last('main link room/mine "room/other', 'main read "room/other', setup=FILES) == "wood"
    assert root.last("main truncate room/mine 2", "main read room/mine", setup=FILES) == "wo"
    setup = (*FILES[:-1], ROOT)
    assert root.last("main lchown theirs 5 6", "main stat theirs", setup=setup) == (5, 6, 0o644)


def test_the_mask(root: Agent) -> None:
    assert root.last("main umask 63") == 0o22
    assert root.last("main umask 63", "main umask 0") == 0o77
    assert root.last("main umask 63", 'main mkdir "room/new 511', 'main stat "room/new', setup=FILES) == (
        1000,
        1000,
        0o700,
    )


def test_a_new_file_has_mode_0600(root: Agent) -> None:
    assert root.last('main open "room/new O_CREAT', 'main stat "room/new', setup=FILES) == (1000, 1000, 0o600)


def test_access_asks_for_the_real_ids(root: Agent) -> None:
    setup = ('file theirs "wood 0 0 0600', ROOT)
    lines = ["main setresuid 1000 0 0"]
    assert root.last(*lines, "main access theirs R_OK", setup=setup) == "EACCES"
    assert root.last(*lines, "main faccessat theirs R_OK 0", setup=setup) == "EACCES"
    assert root.last(*lines, "main faccessat theirs R_OK AT_EACCESS", setup=setup) == 0


def test_an_open_that_is_meant_to_fail_leaves_nothing(root: Agent) -> None:
    assert root.last('main open "room/mine O_CREAT|O_EXCL', setup=FILES) == "EEXIST"
    assert root.last('main rmdir "room', setup=(*FILES[:-1], ROOT)) == "ENOTEMPTY"


def test_settings_of_the_machine_are_not_written_to(root: Agent) -> None:
    done = root.transcript('main write "/proc/sys/kernel/overflowuid "65534')
    assert (done.end, done.note) == ("refused", "agent: /proc/sys/kernel/overflowuid belongs to the machine")
