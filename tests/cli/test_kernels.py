"""``credstone kernels``, as far as it goes without a mirror."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.command import credstone, refused
from credstone.notation.mistake import Mistake
from credstone.targets.vm.kernels import kernel_of, load, names, read_settings, version_of
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
    assert refused("kernels", *verb, "debian-99").startswith("credstone: There is no kernel:debian-99 in kernels/.\n")


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


def test_what_is_written_of_the_kernels() -> None:
    assert [name for name in names() if load(name).ci] == ["debian-11", "debian-12", "debian-13"]


@pytest.mark.parametrize(
    "source",
    [
        "",
        'suite = "sid"',
        'address = "http://a/b"',
        'suite = "sid"\npackage = "p"\naddress = "http://a/b"\nsha256 = "0"',
    ],
)
def test_a_kernel_is_the_newest_or_a_fixed_one(tmp_path: Path, source: str) -> None:
    (tmp_path / "kernel.toml").write_text(f'says = "a kernel"\nkernel = "9.9"\n{source}\n')
    with pytest.raises(Mistake, match="a kernel has 'suite' and 'package', or 'address' and 'sha256'"):
        read_settings(tmp_path / "kernel.toml")
