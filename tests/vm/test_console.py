"""What is made of a kernel's last words."""

from __future__ import annotations

import pytest

from credstone.targets.vm.console import ending

PANIC = "[    0.91] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n[    0.92] CPU: 0 PID: 1\n"
OOPS = "[    5.10] BUG: kernel NULL pointer dereference, address: 0000000000000008\n[    5.12] Oops: 0000 [#1] SMP\n"


@pytest.mark.parametrize(
    ("console", "told"),
    [
        (PANIC, "the guest's kernel panicked: VFS: Unable to mount root fs on unknown-block(0,0)"),
        (
            OOPS + "[    5.20] Kernel panic - not syncing: Fatal exception\n",
            "the guest's kernel failed: BUG: kernel NULL pointer dereference, address: 0000000000000008",
        ),
        (
            "[ 2.0] Kernel panic - not syncing: System is deadlocked on memory\n",
            "the guest ran out of memory: Kernel panic - not syncing: System is deadlocked on memory",
        ),
        ("credstone: init: /dev/ttyS1: No such file or directory\n", "the guest's first process gave up: /dev/ttyS1: No such file or directory"),
        ("[ 0.1] Booting\n[ 1.0] reboot: Restarting system\n", "the guest ended, and its kernel said last: reboot: Restarting system"),
        ("", "the guest ended and its kernel said nothing"),
    ],
)  # fmt: skip
def test_how_a_guest_ended(console: str, told: str) -> None:
    assert ending(console) == told


def test_the_first_of_several_oopses_is_told() -> None:
    assert "address: 0000000000000008" in ending(OOPS + OOPS.replace("08", "09"))
