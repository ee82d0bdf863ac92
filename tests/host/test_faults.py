"""What goes wrong around a run: each fault has its own clear message, the other cells still run, nothing is left."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from host.launch import credstone, environment_for, hear_every_signal, preload
from trial import make_suite, verdicts, waits, write_script

CRASHES = """
scenario crashes
  cites works
  as    me
  via   libc

  setfsgid(-1) = {gid}
"""

NEEDS_ROOM = """
scenario needs-room
  cites works
  as    me
  via   syscall
  file  helper = agent, mode 0755

  exec(helper) = 0
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return make_suite(tmp_path)


def test_a_call_that_does_not_return_is_a_fail_of_its_cell(tmp_path: Path, suite: Path) -> None:
    write_script(suite, waits(1, name="hangs"))
    ran = credstone(tmp_path, suites=suite)
    assert ran.status == 1
    assert verdicts(ran.cells) == {"good-before": "pass", "hangs": "fail", "good-after": "pass"}
    assert "did not return in time" in ran.out


def test_a_call_that_ends_the_process_is_a_fail_of_its_cell(tmp_path: Path, suite: Path) -> None:
    write_script(suite, CRASHES.format(gid=os.getegid()))
    crashing = preload(tmp_path, "crashing", "#include <stdlib.h>\nint setfsgid(unsigned gid) { abort(); }")
    ran = credstone(tmp_path, suites=suite, environment=crashing)
    assert verdicts(ran.cells) == {"good-before": "pass", "crashes": "fail", "good-after": "pass"}
    assert "crash: SIGABRT ended the process in setfsgid(-1)" in ran.out


def test_an_agent_that_is_killed_costs_the_cell_that_ran(tmp_path: Path, suite: Path) -> None:
    write_script(suite, waits(60))
    results = tmp_path / "results.jsonl"
    command = [sys.executable, "-m", "credstone", "run", "--suites", str(suite), "--results", str(results)]
    run = subprocess.Popen(
        [*command, "--api", "syscall"], stdout=subprocess.PIPE, text=True, env=environment_for(tmp_path)
    )
    os.kill(wait_for_agent(run.pid), signal.SIGKILL)
    out, _ = run.communicate(timeout=30)
    assert run.returncode == 1
    text = results.read_text()
    assert text.count('"verdict":"pass"') == 2
    assert text.count('"verdict":"broken"') == 1
    assert "the agent's process was ended by SIGKILL while this cell ran" in out


def test_an_agent_that_is_stopped_is_taken_for_dead(tmp_path: Path, suite: Path) -> None:
    write_script(suite, waits(3))
    command = [sys.executable, "-m", "credstone", "run", "--suites", str(suite), "--api", "syscall"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment_for(tmp_path))
    os.kill(wait_for_agent(run.pid), signal.SIGSTOP)
    out, _ = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "the agent said nothing for 13 s while this cell ran" in out
    assert "2 pass, 0 fail, 0 unsupported, 1 broken" in out


def test_a_run_that_is_killed_leaves_no_process(tmp_path: Path, suite: Path) -> None:
    write_script(suite, waits(3))
    command = [sys.executable, "-m", "credstone", "run", "--suites", str(suite), "--api", "syscall"]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment_for(tmp_path))
    agent = wait_for_agent(run.pid)
    run.kill()
    run.wait()
    deadline = time.monotonic() + 15
    while alive(agent) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(agent)
    write_script(suite)
    assert list((tmp_path / "tmp").iterdir())
    assert credstone(tmp_path, suites=suite).status == 0
    assert not list((tmp_path / "tmp").iterdir()), "the next run sweeps up the folder of the killed one"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_ended_cleans_up_at_once(tmp_path: Path, suite: Path, ending: signal.Signals) -> None:
    write_script(suite, waits(60))
    results = tmp_path / "results.jsonl"
    command = [sys.executable, "-m", "credstone", "run", "--suites", str(suite), "--api", "syscall"]
    run = subprocess.Popen(
        [*command, "--results", str(results)],
        env=environment_for(tmp_path),
        preexec_fn=hear_every_signal,  # noqa: PLW1509 - no thread of a test is at work here
    )
    agent = wait_for_agent(run.pid)
    run.send_signal(ending)
    assert run.wait(timeout=60) == 2
    assert not alive(agent)
    assert '"type":"footer"' not in results.read_text(), "a file without a footer is known as cut off"


def test_what_a_library_prints_disturbs_nothing(tmp_path: Path, suite: Path) -> None:
    write_script(suite)
    noisy = r"""
    #include <stdio.h>
    __attribute__((constructor)) static void start(void) { puts("noise {\"a\": 1}"); fflush(stdout); }
    unsigned getuid(void) { puts("[1,\"done\""); fflush(stdout); return UID; }
    """.replace("UID", str(os.getuid()))
    ran = credstone(tmp_path, "--api", "libc", suites=suite, environment=preload(tmp_path, "noisy", noisy))
    assert ran.status == 0, ran.out + ran.err


def test_an_agent_that_answers_nonsense_costs_the_cell_that_ran(tmp_path: Path, suite: Path) -> None:
    write_script(suite, waits(1, name="hangs", call=f"geteuid() = {os.geteuid()}"))
    # in the agent itself, when it begins to wait for the cell that has a second; its output is descriptor 11 (main.c)
    nonsense = r"""
    #define _GNU_SOURCE
    #include <signal.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *limit)
    {
        static int said;
        if (limit->tv_sec <= 1 && !said++)
            syscall(SYS_write, 11, "%%% nonsense %%%\n", 17);
        return syscall(SYS_rt_sigtimedwait, set, info, limit, 8);
    }
    """
    ran = credstone(tmp_path, "--api", "syscall", suites=suite, environment=preload(tmp_path, "nonsense", nonsense))
    assert verdicts(ran.cells) == {"good-before": "pass", "hangs": "broken", "good-after": "pass"}
    assert "is not its protocol" in ran.out
    assert "nonsense" in ran.out


def test_a_mistake_in_a_script_is_shown_where_it_is(tmp_path: Path, suite: Path) -> None:
    write_script(suite)
    (suite / "trial.2" / "wrong.scn").write_text("scenario wrong\n  cites works\n  as me\n\n  getuid( = 0\n")
    ran = credstone(tmp_path, suites=suite)
    assert ran.status == 2
    told = ran.out + ran.err
    assert "wrong.scn:5:11" in told
    assert "    getuid( = 0\n" in told
    assert "Traceback" not in told


def test_an_actor_that_is_not_there(tmp_path: Path, suite: Path) -> None:
    write_script(suite, waits(1).replace("as    me", "as    nobody"))
    ran = credstone(tmp_path, suites=suite)
    assert ran.status == 2
    assert "there is no actor nobody" in ran.out + ran.err
    assert "Traceback" not in ran.out + ran.err


def test_without_a_compiler_the_python_cells_still_run(tmp_path: Path, suite: Path) -> None:
    write_script(suite)
    ran = credstone(tmp_path, suites=suite, environment={"CC": "no-such-compiler"})
    assert ran.status == 3
    assert {cell["api"]: cell["verdict"] for cell in ran.cells} == {
        "syscall": "broken",
        "libc": "broken",
        "python": "pass",
    }
    began, ended = ran.out.split("\nhost: ", 1)
    for said, verb in ((began, "cannot run"), (ended, "did not run")):
        assert said.count("There is no C compiler: 'no-such-compiler' is not to be") == 1
        assert f"credstone: 4 cells of host {verb}: " in said
        assert "  Install one (Debian: apt-get install gcc libc6-dev), or name one in CC.\n" in said
    assert "2 passed, 4 not run in " in ran.out
    assert "BROKEN" not in ran.out
    assert {cell["not_run"] for cell in ran.of("broken")} == {True}


def test_a_compiler_that_fails_says_so(tmp_path: Path, suite: Path) -> None:
    write_script(suite)
    ran = credstone(tmp_path, "--api", "libc", suites=suite, environment={"CC": "false"})
    assert ran.status == 3
    assert ran.out.count("The agent does not compile: false ended with status 1") == 1


@pytest.mark.usefixtures("_root")
def test_a_temporary_folder_without_room_for_a_cell(tmp_path: Path, suite: Path) -> None:
    write_script(suite, NEEDS_ROOM)
    ran = credstone(tmp_path, "--api", "syscall", suites=suite, before=small(tmp_path, "size=48k"))
    assert ran.status == 1
    assert verdicts(ran.cells) == {"good-before": "pass", "needs-room": "broken", "good-after": "pass"}
    assert "ENOSPC" in ran.out


@pytest.mark.usefixtures("_root")
def test_a_temporary_folder_without_any_room(tmp_path: Path, suite: Path) -> None:
    write_script(suite)
    ran = credstone(tmp_path, suites=suite, before=small(tmp_path, "nr_inodes=1"))
    assert ran.status == 3
    assert {cell["verdict"] for cell in ran.cells} == {"broken"}
    said = " ".join(ran.out.split())
    assert said.count("cannot be written: No space left on device") == 1
    assert said.count("set TMPDIR to another folder") == 1
    assert "Traceback" not in ran.out + ran.err


def small(folder: Path, options: str, flags: int = 0) -> Callable[[], None]:
    """A function that mounts a small file system over the temporary folder, for its process alone."""

    def mount() -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        new_mounts, private_everywhere = 0x20000, 0x44000
        if (
            libc.unshare(new_mounts)
            or libc.mount(b"none", b"/", None, ctypes.c_ulong(private_everywhere), None)
            or libc.mount(b"tmpfs", bytes(folder / "tmp"), b"tmpfs", ctypes.c_ulong(flags), options.encode())
        ):
            raise OSError(ctypes.get_errno(), "no small folder")

    return mount


def wait_for_agent(run: int) -> int:
    """The process ID of the agent of a run, once it performs a cell."""
    deadline = time.monotonic() + 20
    before: dict[int, list[int]] = {}
    while time.monotonic() < deadline:
        now = {agent: children(agent) for agent in children(run)}
        for agent, cells in now.items():
            if cells and cells == before.get(agent):  # a probe is gone by the second look
                return agent
        before = now
        time.sleep(0.3)
    raise AssertionError("no agent came up")


def alive(pid: int) -> bool:
    """Whether a process still runs; one that only waits to be reaped, by whatever is init here, does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def test_a_scenario_that_hangs_is_not_waited_for_again_and_again(tmp_path: Path, suite: Path) -> None:
    """The real agent; it is ended with what it has been sent, and the cells that follow run."""
    family = waits(1, name="hangs").replace("within 1 s", "within 1 s\n  with  uid in 1, 2, 3, 4, 5, 6, 7, 8")
    write_script(suite, family.replace("for n in 1..90", "for n in 1..90\n  setuid($uid) = 0"))
    began = time.monotonic()
    ran = credstone(tmp_path, suites=suite)
    assert time.monotonic() - began < 20
    assert ran.status == 1
    hung = [cell for cell in ran.cells if cell["scenario"].rpartition("/")[2].startswith("hangs")]
    assert [(cell["verdict"], cell["not_run"]) for cell in hung] == [("fail", False)] * 2 + [("broken", True)] * 6
    assert {cell["verdict"] for cell in ran.cells if cell not in hung} == {"pass"}
    assert "6 cells of host did not run: 'sigwaitinfo by syscall' did not return" in " ".join(ran.out.split())
    assert ran.out.count("hang: sigwaitinfo(SIGUSR1) did not return in time") == 2
