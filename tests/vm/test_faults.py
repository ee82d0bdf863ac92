"""What goes wrong with guests: each fault has a clear message, is blamed on the cell that ran, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from credstone.targets import kernel
from credstone.targets.kernel import SECOND, Kernel
from credstone.targets.vm import kernels, qemu
from credstone.targets.vm.accelerator import TCG, Accelerator
from credstone.targets.vm.initramfs import make_initramfs
from credstone.words.cell import NATIVE
from credstone.words.errors import LackingError, MachineError
from host.launch import Ran, credstone
from trial import make_suite, verdicts, waits, write_script

FETCHED = [found for name in kernels.names() if (found := kernels.fetched(name))]
pytestmark = [
    pytest.mark.skipif(
        shutil.which(qemu.PROGRAMS["x86_64"]) is None, reason="needs QEMU (apt-get install qemu-system-x86)"
    ),
    pytest.mark.skipif(not FETCHED, reason="needs a kernel (credstone kernels fetch debian-12)"),
]
TARGET = f"kernel:{FETCHED[0] if FETCHED else ''}"
PANICS = """
scenario panics
  cites works
  as    me
  via   syscall

  write("/proc/sysrq-trigger", "c") = 1
"""
ALL = {"good-before": "pass", "good-after": "pass"}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return make_suite(tmp_path)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for temporary files that is short to name: a guest's socket lies below it."""
    with tempfile.TemporaryDirectory(prefix="guests-", dir="/tmp") as made:
        yield Path(made)


def guests(place: Path) -> list[int]:
    """The QEMUs whose files are below this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if words.startswith(b"qemu-system") and str(place).encode() in words:
            found.append(int(process.name))
    return found


def nothing_is_left(place: Path) -> bool:
    return not guests(place) and list(place.iterdir()) == []


def alone() -> None:
    """On one processor there is one guest."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def with_fault(folder: Path, place: Path, suite: Path, fault: Callable[[int], None]) -> Ran:
    """A run whose guest meets this fault while its second cell runs."""
    results = folder / "results.jsonl"
    command = [sys.executable, "-m", "credstone", "run", "--target", TARGET, "--api", "syscall", "--suites", str(suite)]
    run = subprocess.Popen(
        [*command, "--results", str(results)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(place)},
        preexec_fn=alone,  # noqa: PLW1509 - there is one thread
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while '"pass"' not in (results.read_text() if results.exists() else "") and time.monotonic() < deadline:
        time.sleep(0.05)
    (guest,) = guests(place)
    fault(guest)
    out, err = run.communicate(timeout=180)
    return Ran(subprocess.CompletedProcess(command, run.returncode, out, err), results)


def test_a_panic_is_blamed_on_the_cell_that_ran_and_the_run_goes_on(tmp_path: Path, place: Path, suite: Path) -> None:
    write_script(suite, PANICS, uid=0)
    temporary = {"TMPDIR": str(place)}
    arguments = ("--target", TARGET, "--api", "syscall")
    ran = credstone(tmp_path, *arguments, suites=suite, environment=temporary, limit=240)
    assert verdicts(ran.cells) == {**ALL, "panics": "broken"}
    (broken,) = ran.of("broken")
    assert broken["reason"] == "the guest's kernel panicked: sysrq triggered crash while this cell ran"
    assert ran.status == 1
    assert nothing_is_left(place)


def test_a_guest_that_is_killed_costs_the_cell_that_ran(tmp_path: Path, place: Path, suite: Path) -> None:
    write_script(suite, waits(60), uid=0)
    ran = with_fault(tmp_path, place, suite, lambda guest: os.kill(guest, signal.SIGKILL))
    assert verdicts(ran.cells) == {**ALL, "waits": "broken"}
    assert ran.of("broken")[0]["reason"] == "QEMU was ended by SIGKILL while this cell ran"
    assert nothing_is_left(place)


def test_a_guest_that_hangs_is_given_up(tmp_path: Path, place: Path, suite: Path) -> None:
    write_script(suite, waits(1), uid=0)
    ran = with_fault(tmp_path, place, suite, lambda guest: os.kill(guest, signal.SIGSTOP))
    assert verdicts(ran.cells) == {**ALL, "waits": "broken"}
    assert ran.of("broken")[0]["reason"].startswith("the agent said nothing for 15 s while this cell ran")
    assert nothing_is_left(place)


def test_a_harness_that_is_killed_leaves_no_guest(place: Path, suite: Path) -> None:
    write_script(suite, waits(60), uid=0)
    command = [sys.executable, "-m", "credstone", "run", "--target", TARGET, "--suites", str(suite)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(place)}) as run:
        deadline = time.monotonic() + 60
        while not guests(place) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert guests(place)
        run.kill()
    deadline = time.monotonic() + 5
    while guests(place) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not guests(place)


def test_a_file_that_is_no_kernel(tmp_path: Path, suite: Path) -> None:
    write_script(suite)
    (tmp_path / "thing").write_bytes(bytes(1000))
    ran = credstone(tmp_path, "--target", f"kernel:{tmp_path}/thing", suites=suite)
    assert ran.status == 2
    assert f"'{tmp_path}/thing' is no kernel: it begins neither as a bzImage nor as a vmlinux." in ran.err


def test_a_file_that_only_begins_as_a_kernel() -> None:
    target = Kernel("kernel:/bin/true")
    with pytest.raises(MachineError, match=r"QEMU ended with status 1 and said: Error loading uncompressed kernel"):
        target.facts(NATIVE)
    target.close()
    assert not guests(target._folder.path)


@pytest.mark.parametrize(
    ("memory", "told"), [(48, "48 MB of memory, ended before its kernel said"), (1 << 40, "Cannot allocate memory")]
)
def test_too_little_memory(monkeypatch: pytest.MonkeyPatch, memory: int, told: str) -> None:
    monkeypatch.setattr(qemu.Machine.__init__, "__kwdefaults__", {"memory": memory})
    target = Kernel(TARGET)
    try:
        with pytest.raises(MachineError, match=told):
            target.facts(NATIVE)
    finally:
        target.close()
    assert not guests(target._folder.path)


def test_an_accelerator_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered: list[Accelerator] = []
    monkeypatch.setattr(kernel, "accelerators", lambda: [Accelerator("tcg", 0.5, 1), TCG])
    monkeypatch.setattr(kernel, "remember", remembered.append)
    target = Kernel(TARGET)
    try:
        assert target.facts(NATIVE).runtime.endswith("tcg")
        assert remembered == [TCG]
        assert len(guests(target._folder.path)) == 1
    finally:
        target.close()


def test_two_guests_take_turns_whatever_the_numbers() -> None:
    target = Kernel(TARGET)
    target._pair = True
    assert [target._where(number, NATIVE) for number in (3, 5, 7, 9)] == [NATIVE, SECOND, NATIVE, SECOND]
    assert target._where(5, NATIVE) == SECOND
    assert target._where(11, "i386") == "i386"
    target._pair = False
    assert target._where(12, NATIVE) == NATIVE
    target.close()


def test_a_kernel_that_does_not_run_an_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_another_machine(folder: Path, abi: str) -> Path:
        path = make_initramfs(folder)
        content = path.read_bytes()
        at = content.index(b"\x7fELF", content.rindex(b"credstone/agent\0"))
        path.write_bytes(content[:at] + b"\x7fXXX" + content[at + 4 :])
        return path

    monkeypatch.setattr(kernel, "make_initramfs", of_another_machine)
    target = Kernel(TARGET)
    try:
        with pytest.raises(LackingError, match=r"The kernel runs no programs for i386: Exec format error\."):
            target.facts("i386")
    finally:
        target.close()
