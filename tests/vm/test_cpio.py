"""The archive of an initramfs, read back by the system's own cpio(1) where there is one."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from credstone.targets.vm.cpio import archive, device, file, folder

CONTENT = archive((folder("dev"), device("dev/console", 5, 1), file("init", b"#!/bin/sh\n"), folder("empty", 0o711)))


def test_every_part_begins_at_a_multiple_of_four() -> None:
    assert len(CONTENT) % 4 == 0
    assert CONTENT.startswith(b"070701")
    assert b"TRAILER!!!\0" in CONTENT


def test_cpio_reads_it() -> None:
    if shutil.which("cpio") is None:
        pytest.skip("needs cpio (Debian: apt-get install cpio)")
    done = subprocess.run(
        ["cpio", "-tv", "--quiet", "--numeric-uid-gid"], input=CONTENT, capture_output=True, check=True
    )
    lines = [line.split() for line in done.stdout.decode().splitlines()]
    assert [(line[0], line[-1]) for line in lines] == [
        ("drwxr-xr-x", "dev"), ("crw-------", "dev/console"), ("-rwxr-xr-x", "init"), ("drwx--x--x", "empty"),
    ]  # fmt: skip
    assert lines[1][4:6] == ["5,", "1"]
