"""Kernels and what stands in for one: what of it can be had here, and what would change that."""

from __future__ import annotations

import platform
from collections import Counter
from pathlib import Path

import pytest

from building import facts
from credstone.doctor.checks import Check
from credstone.doctor.facts import Looked
from credstone.doctor.needs import Examined
from credstone.doctor.other_targets import others
from credstone.targets.vm import accelerator, kernels, qemu
from credstone.words.errors import MachineError
from doctor.machines import here

QEMU = "qemu-system-x86_64"


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of the usual kind, on which nothing has been fetched."""
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(kernels, "fetched", lambda name: None)
    monkeypatch.setattr(accelerator, "accelerators", lambda: [accelerator.TCG])


def found(*programs: str, i386: bool = True) -> dict[str, Check]:
    agents = {"native": facts(), "python": facts(), "i386": facts() if i386 else MachineError("no.")}
    looked = Looked(Examined("host", 9, 5, (), agents), here(*programs), Counter())
    return {each.name: each for each in others(looked)}


def test_where_nothing_is() -> None:
    assert {name: (each.ok, each.change) for name, each in found().items()} == {
        "kernels": (False, "apt-get install qemu-system-x86"),
        "qemu-user": (False, "apt-get install qemu-user"),
        "proot": (False, "apt-get install proot"),
        "fakeroot": (False, "apt-get install fakeroot"),
    }


def test_kernels_that_are_to_be_fetched() -> None:
    check = found(QEMU)["kernels"]
    assert check.ok
    assert check.says == "QEMU, which translates the processor (TCG); fetched: none"
    assert check.change == "/opt/credstone kernels fetch debian-11 debian-12 debian-13"


def test_a_kernel_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = bytearray(0x400)
    image[0x202:0x206], image[0x20E:0x210] = b"HdrS", (0x100).to_bytes(2, "little")
    image[0x300:0x310] = b"6.1.5 (me) #1 \0\0"
    (tmp_path / "vmlinuz").write_bytes(image)
    monkeypatch.setattr(kernels, "fetched", lambda name: tmp_path / "vmlinuz" if name == "debian-12" else None)
    monkeypatch.setattr(accelerator, "accelerators", lambda: [accelerator.KVM])
    check = found(QEMU)["kernels"]
    assert check.says == "QEMU with KVM; fetched: debian-12 (6.1.5)"
    assert check.change == "/opt/credstone kernels fetch debian-11 debian-13"


def test_a_machine_that_boots_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qemu, "PROGRAMS", {})
    check = found(QEMU)["kernels"]
    assert (check.ok, check.says, check.change) == (False, "none can be booted on x86_64", "")


def test_emulation_takes_a_compiler() -> None:
    check = found("qemu-aarch64", "qemu-s390x", "aarch64-linux-gnu-gcc")["qemu-user"]
    assert (check.ok, check.says) == (True, "for aarch64; no compiler for s390x")
    check = found("qemu-s390x", "qemu-i386", i386=False)["qemu-user"]
    assert (check.ok, check.says) == (False, "no compiler for i386, s390x")
    assert check.change == "apt-get install gcc-s390x-linux-gnu libc6-dev-s390x-cross"


def test_a_second_compiler_for_the_same_machine() -> None:
    assert found("qemu-i386")["qemu-user"].says == "for i386"


def test_what_is_installed() -> None:
    there = found("proot", "faked-tcp")
    assert (there["proot"].says, there["fakeroot"].says) == ("installed", "installed")
