"""``credstone kernels``, as far as it goes without a mirror."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.command import credstone, refused
from credstone.guest.kernels import kernel_of, names, version_of
from credstone.words.kernel import Kernel


def test_the_list_needs_no_mirror() -> None:
    done = credstone("kernels")
    assert done.status == 0
    header, *rows = done.out.splitlines()
    assert header.split()[:4] == ["name", "version", "release", "sha256"]
    assert [row.split()[0] for row in rows] == names()


def test_rows_for_programs() -> None:
    (row,) = credstone("kernels", "kernel:debian-12", "--json").json()
    assert row["name"] == "debian-12"
    assert row["ci"] is True
    assert row["version"] == "" or row["version"].startswith("6.1.")
    assert bool(row["sha256"]) == bool(row["release"])


@pytest.mark.parametrize("verb", [(), ("fetch",)])
def test_a_kernel_that_there_is_not(verb: tuple[str, ...]) -> None:
    assert refused("kernels", *verb, "debian-99").startswith(
        "credstone: There is no target kernel:debian-99 in kernels/.\n"
    )


def test_what_a_bzimage_says_of_itself(tmp_path: Path) -> None:
    image = bytearray(0x1000)
    image[0x202:0x206] = b"HdrS"
    image[0x20E:0x210] = (0x600).to_bytes(2, "little")
    said = b"6.1.0-50-cloud-amd64 (somebody) #1 SMP Debian 6.1.174-1 (2026-08-02)\0"
    image[0x800 : 0x800 + len(said)] = said
    (tmp_path / "kernel").write_bytes(image)
    assert version_of(tmp_path / "kernel") == said[:-1].decode()
    assert kernel_of(tmp_path / "kernel") == Kernel((6, 1), 174)
    (tmp_path / "other").write_bytes(b"\x7fELF")
    assert version_of(tmp_path / "other") == ""
