"""Whatever a system does, a program comes to an end in time, says where it hung, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import msgspec
import pytest

from building import make_suite
from credstone.model.caller import Moment
from credstone.model.rules import Outcome
from credstone.model.table import CALLS
from credstone.repro.program import program
from host.launch import preload
from repro.agreeing import CC, compiler, needs_root
from repro.ending import Ran, command_for, left_behind, new_mark

pytestmark = [compiler, needs_root, pytest.mark.usefixtures("_no_folder_left")]

TRACED = """\
scenario whoever-asked-to-be-traced-gains-no-uid
  cites stays-open
  as    user
  via   syscall, libc
  file  helper = agent, owner 0:0, mode 4755

  child c: ptrace(PTRACE_TRACEME)  = 0
  child c: exec(helper)            = 0
  child c: getresuid()             = 1000 1000 1000

scenario attached-and-left
  cites stays-open
  as    root
  via   syscall, libc

  child c: getuid()                = 0
  ptrace(PTRACE_ATTACH, c)         = 0
  child c: getuid()                = 0
  ptrace(PTRACE_DETACH, c)         = 0
  child c: getuid()                = 0
"""
HANGS = """\
scenario main
  cites stays-open
  as    user
  via   syscall, python
  within 1 s
  file  door owner 0:500 mode 0640

  getuid()                         = 1000
  read_pipe()                      = 1

scenario child
  cites stays-open
  as    user
  via   syscall, python
  within 1 s
  file  door owner 0:500 mode 0640

  child c: getuid()                = 1000
  child c: read_pipe()             = 1
  getuid()                         = 1000

scenario thread
  cites stays-open
  as    user
  via   syscall, python
  within 1 s

  thread t: getuid()               = 1000
  thread t: read_pipe()            = 1
  getuid()                         = 1000

scenario new-image
  cites stays-open
  as    root
  via   syscall
  within 1 s
  file  helper = agent, owner 0:0, mode 0755

  exec(helper)                     = 0
  pause()                          = 0

scenario deaf
  cites stays-open
  as    user
  via   syscall
  within 1 s

  sigprocmask(SIG_BLOCK, all)      = 0
  pause()                          = 0

scenario dropping
  cites stays-open
  as    root
  via   libc, python
  within 1 s

  setgroups([])                    = 0
  setgroups([7])                   = 0
"""


@pytest.fixture(autouse=True)
def _a_model_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model makes no program that waits for ever; here it takes each of these calls for one that returns."""
    for name in ("read_pipe", "pause"):
        monkeypatch.setitem(CALLS, name, msgspec.structs.replace(CALLS[name], function=_returns))


def _returns(now: Moment) -> Outcome:
    return now.answers(1 if now.api else 0)


LINES = {
    "main": "read_pipe()", "child": "child c: read_pipe()", "thread": "thread t: read_pipe()", "new-image": "pause()",
    "deaf": "pause()", "dropping": "setgroups([7])",
}  # fmt: skip
WAITS = "#include <unistd.h>\nint setgroups(unsigned long n, void *l) { (void) l; while (n == 1) pause(); return 0; }\n"


@pytest.mark.parametrize("api", ["syscall", "libc"])
@pytest.mark.parametrize("name", ["whoever-asked-to-be-traced-gains-no-uid", "attached-and-left"])
def test_what_is_traced_goes_on(tmp_path: Path, name: str, api: str) -> None:
    suite = make_suite(tmp_path / "suites", traced=TRACED)
    actor = "root" if name == "attached-and-left" else "user"
    command = command_for(suite, f"{name}@{actor}:{api}", tmp_path, "c")
    for _ in range(10):
        ran = Ran(command)
        assert ran.seconds < 5
        assert (ran.status, ran.out.count("\n")) == (0, 5 if actor == "root" else 3), ran.out + ran.err


@pytest.mark.parametrize("language", ["c", "python"])
@pytest.mark.parametrize("name", ["main", "child", "thread", "new-image", "deaf"])
def test_a_line_that_never_ends_is_named(tmp_path: Path, name: str, language: str) -> None:
    if language == "python" and name in ("new-image", "deaf"):
        pytest.skip("no program in Python")
    suite = make_suite(tmp_path / "suites", hangs=HANGS)
    ran = Ran(command_for(suite, f"hangs/{name}", tmp_path, language))
    assert (ran.status, ran.out.splitlines()[-1]) == (1, f"hang: {LINES[name]} did not end within 1 s"), (
        ran.out + ran.err
    )
    assert ran.seconds < 6


@pytest.mark.parametrize("language", ["c", "python", "shell"])
def test_a_library_that_never_answers(tmp_path: Path, language: str) -> None:
    suite = make_suite(tmp_path / "suites", hangs=HANGS)
    ran = Ran(command_for(suite, "dropping", tmp_path, language), preload(tmp_path, "waits", WAITS))
    assert ran.out == "setgroups([]) = 0\nhang: setgroups([7]) did not end within 1 s\n"
    assert ran.status == 1


@pytest.mark.parametrize("language", ["c", "python", "shell"])
def test_a_set_up_that_never_ends_is_no_fault_of_the_line(tmp_path: Path, language: str) -> None:
    """Each language makes the set-up in its own way: what they share is that they end a process by its group."""
    suite = make_suite(tmp_path / "suites", hangs=HANGS)
    command = command_for(suite, "dropping", tmp_path, language)
    source = Path(command[-1] if language != "c" else tmp_path / "hung.c")
    text = program(suite, "dropping", language)
    stuck = {
        "c": ("\tmust(", "\twhile (PATIENCE) pause();\n\tmust("),
        "python": ("\nmust(", "\ntime.sleep(1000)\nmust("),
        "shell": ("\n0)\n", "\n0)\n\tsleep 1000\n"),
    }[language]
    begin, end = text.rpartition("watch_over(" if language != "shell" else "case ${1-}")[::2]
    assert stuck[0] in end
    mark = "watch_over(" if language != "shell" else "case ${1-}"
    source.write_text(begin + mark + end.replace(*stuck, 1))
    if language == "c":
        subprocess.run([*CC, str(source), "-o", str(tmp_path / "hung")], check=True)
        command = [str(tmp_path / "hung")]
    ran = Ran(command)
    assert (ran.status, ran.out) == (2, "hang: the set-up did not end within 1 s\n"), ran.err


@pytest.mark.parametrize("language", ["c", "python", "shell"])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_ends_the_program_ends_all_of_it(tmp_path: Path, language: str, ending: signal.Signals) -> None:
    suite = make_suite(tmp_path / "suites", hangs=HANGS.replace("within 1 s", "within 60 s"))
    name = "dropping" if language == "shell" else "child"
    mark = new_mark()
    environment = {**os.environ, **mark, **preload(tmp_path, "waits", WAITS)}
    run = subprocess.Popen(
        command_for(suite, f"hangs/{name}", tmp_path, language), env=environment, stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread is at work here
    )  # fmt: skip
    assert run.stdout is not None
    run.stdout.readline()
    time.sleep(0.2)
    run.send_signal(ending)
    assert run.wait(timeout=10) == 2
    run.stdout.close()
    assert left_behind(mark) == []


def test_without_its_watcher_it_ends_by_itself(tmp_path: Path) -> None:
    suite = make_suite(tmp_path / "suites", hangs=HANGS)
    mark = new_mark()
    run = subprocess.Popen(
        command_for(suite, "thread", tmp_path, "c"), env={**os.environ, **mark},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stdout is not None
    run.stdout.readline()
    run.kill()
    run.wait()
    run.stdout.close()
    assert left_behind(mark) != []
    deadline = time.monotonic() + 20
    while left_behind(mark) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left_behind(mark) == []
