"""What QEMU runs a guest by: the processor itself (KVM) where that works, else translation (TCG).

A /dev/kvm that is there may still hang every guest, as some nested ones do.  That is found out once for each boot of the
machine, and remembered.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import msgspec

from credstone.local.cache import folder_for


class Accelerator(msgspec.Struct, frozen=True):
    """A way to run a guest: the seconds in which its agent must have spoken, how many times as slow as a machine it is."""

    name: str
    patience: float
    slowness: int


KVM, TCG = Accelerator("kvm", 10, 1), Accelerator("tcg", 60, 5)
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_KEPT = "accelerator"


def accelerators() -> list[Accelerator]:
    """Those to be tried, the best first."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK) or _remembered() == TCG.name:
        return [TCG]
    return [KVM] if _remembered() == KVM.name else [KVM, TCG]


def remember(found: Accelerator) -> None:
    """Keeps what a guest came up with, where something can be kept."""
    if (folder := folder_for(_KEPT)) and _remembered() != found.name:
        with contextlib.suppress(OSError):
            (folder / "found").write_text(f"{_boot()} {found.name}\n")


def _remembered() -> str:
    folder = folder_for(_KEPT)
    with contextlib.suppress(OSError, ValueError):
        boot, name = (folder / "found").read_text().split() if folder else ("", "")
        return name if boot == _boot() else ""
    return ""


def _boot() -> str:
    return _BOOT.read_text().strip()
