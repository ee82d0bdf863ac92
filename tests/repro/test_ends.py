"""Whatever a system does, a program comes to an end, says where, and leaves no process and no file behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from building import make_suite
from credstone.repro.program import find_cell, program
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.words.asked import Asked
from host.launch import preload
from repro.agreeing import CC, compiled, compiler, needs_root

pytestmark = [compiler, needs_root]

TRACED = """\
scenario whoever-asked-to-be-traced-gains-no-uid
  cites stays-open
  as    user
  via   syscall, libc
  file  helper = agent, owner 0:0, mode 4755

  child c: ptrace(PTRACE_TRACEME)  = 0
  child c: exec(helper)            = 0
  child c: getresuid()             = 1000 1000 1000

scenario main-asked
  cites stays-open
  as    user
  via   syscall, libc
  file  helper = agent, owner 0:0, mode 4755

  ptrace(PTRACE_TRACEME)           = 0
  exec(helper)                     = 0
  getresuid()                      = 1000 1000 1000

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
LINES = {
    "main": "read_pipe()", "child": "child c: read_pipe()", "thread": "thread t: read_pipe()", "new-image": "pause()",
    "deaf": "pause()", "dropping": "setgroups([7])",
}  # fmt: skip
CRASHES = """\
scenario main
  cites stays-open
  as    root
  via   libc, python
  file  door owner 0:500 mode 0640

  getuid()                         = 0
  setgroups([7])                   = 0

scenario child
  cites stays-open
  as    root
  via   libc, python

  child c: getuid()                = 0
  child c: setgroups([7])          = 0
  getuid()                         = 0

scenario thread
  cites stays-open
  as    root
  via   libc, python

  thread t: getuid()               = 0
  thread t: setgroups([7])         = 0
  getuid()                         = 0

scenario new-image
  cites stays-open
  as    root
  via   libc
  file  helper = agent, owner 0:0, mode 0755

  exec(helper)                     = 0
  setgroups([7])                   = 0

scenario vforked
  cites stays-open
  as    root
  via   libc

  vforked: setgroups([7])          = 0
  getuid()                         = 0

scenario allowed
  cites stays-open
  as    root
  via   libc, python

  getgid()                         = 0
  setgroups([7])                   = 0 or killed by SIGSEGV

scenario allowed-elsewhere
  cites stays-open
  as    root
  via   libc, python

  setgroups([7])                   = 0
  setgroups([8])                   = 0 or killed by SIGSEGV
"""
WAITS = "#include <unistd.h>\nint setgroups(unsigned long n, void *l) { (void) l; while (n == 1) pause(); return 0; }\n"
FAULTS = """
int setgroups(unsigned long n, void *l) { (void) l; if (n == 1) *(volatile int *) 8 = 1; return 0; }
"""
WRONG_GID = FAULTS + "unsigned getgid(void) { return 7; }\n"


class Ran:
    """What came of a program: its status, what it printed, how long it took."""

    def __init__(self, command: list[str], environment: Mapping[str, str] | None = None, limit: float = 30) -> None:
        self.mark = f"REPRO_TEST={uuid.uuid4()}"
        own = dict([self.mark.split("=", 1)])
        begun = time.monotonic()
        done = subprocess.run(
            command, env={**os.environ, **own, **(environment or {})}, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=limit, check=False,
        )  # fmt: skip
        self.seconds = time.monotonic() - begun
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
        assert left_behind(self.mark) == []


def left_behind(mark: str) -> list[str]:
    """The processes that have this in their environment; one that was killed just now may need a moment."""
    deadline = time.monotonic() + 2
    while (found := list(having(mark))) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def having(mark: str) -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                yield (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue


@pytest.fixture(autouse=True)
def _no_folder_left() -> Iterator[None]:
    before = set(Path("/tmp").glob("repro-*"))
    yield
    assert set(Path("/tmp").glob("repro-*")) <= before


def command_for(suite: Suite, name: str, folder: Path, language: str) -> list[str]:
    """The program of a scenario, ready to be started."""
    if language == "c":
        return [str(compiled(find_cell(suite, name, "c"), folder, of=suite))]
    file = folder / f"repro.{language}"
    file.write_text(program(suite, name, language))
    return ["sh" if language == "shell" else sys.executable, str(file)]


@pytest.mark.parametrize("api", ["syscall", "libc"])
@pytest.mark.parametrize("name", ["whoever-asked-to-be-traced-gains-no-uid", "main-asked", "attached-and-left"])
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
@pytest.mark.parametrize("name", ["main", "child", "thread", "new-image", "vforked"])
def test_a_line_that_kills_the_program_is_named_with_the_signal(tmp_path: Path, name: str, language: str) -> None:
    if (language, name) not in [
        ("c", name),
        ("python", "main"),
        ("python", "child"),
        ("python", "thread"),
        ("shell", "main"),
    ]:
        pytest.skip(f"no program in {language}")
    suite = make_suite(tmp_path / "suites", crashes=CRASHES)
    ran = Ran(command_for(suite, f"crashes/{name}", tmp_path, language), preload(tmp_path, "faults", FAULTS))
    assert ran.status == 1
    if language == "shell" or name == "vforked":  # a process that makes the call alone died, and the program goes on
        assert "setgroups([7]) = killed by SIGSEGV    expected 0\n" in ran.out
        return
    who = {"child": "child c: ", "thread": "thread t: "}.get(name, "")
    assert ran.out.splitlines()[-1] == f"crash: SIGSEGV ended the program in {who}setgroups([7])", ran.out + ran.err
    assert ran.seconds < 6


@pytest.mark.parametrize("language", ["c", "python"])
def test_a_signal_that_is_allowed_is_allowed_in_its_line_alone(tmp_path: Path, language: str) -> None:
    suite = make_suite(tmp_path / "suites", crashes=CRASHES)
    command = command_for(suite, "allowed", tmp_path, language)
    faults, more = preload(tmp_path, "faults", FAULTS), preload(tmp_path, "more", WRONG_GID)
    assert Ran(command).status == 0
    ran = Ran(command, faults)
    assert (ran.status, ran.out) == (0, "getgid() = 0\nsetgroups([7]) = killed by SIGSEGV\n")
    assert Ran(command, more).status == 1, "the line before was wrong"
    elsewhere = Ran(command_for(suite, "allowed-elsewhere", tmp_path, language), faults)
    assert (elsewhere.status, elsewhere.out) == (1, "crash: SIGSEGV ended the program in setgroups([7])\n")


@pytest.mark.parametrize("language", ["c", "python", "shell"])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_ends_the_program_ends_all_of_it(tmp_path: Path, language: str, ending: signal.Signals) -> None:
    suite = make_suite(tmp_path / "suites", hangs=HANGS.replace("within 1 s", "within 60 s"))
    name = "dropping" if language == "shell" else "child"
    mark = f"REPRO_TEST={uuid.uuid4()}"
    environment = {**os.environ, **dict([mark.split("=", 1)]), **preload(tmp_path, "waits", WAITS)}
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
    mark = f"REPRO_TEST={uuid.uuid4()}"
    run = subprocess.Popen(
        command_for(suite, "thread", tmp_path, "c"), env={**os.environ, **dict([mark.split("=", 1)])},
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


STUCK = (
    "#include <unistd.h>\nint getresuid(int *r, int *e, int *s) { (void) r, (void) e, (void) s; for (;;) pause(); }\n"
)
DEADLY = "int getresuid(int *r, int *e, int *s) { (void) r, (void) e, (void) s; return *(volatile int *) 8; }\n"


@pytest.mark.parametrize("language", ["c", "python", "shell"])
def test_the_process_that_a_runtime_started_watches_itself(tmp_path: Path, language: str) -> None:
    """It is no copy: what a fork takes away, such as the parent-death signal, is what such a scenario may be about."""
    folder = default_folder()
    suite = load_suite(folder, sorted(folder.glob("container-start/ids.scn")))
    api = {"c": "libc", "python": "python", "shell": "libc"}[language]
    name = f"container-start/ids/the-user-that-was-asked-for@started:{api}"
    text = program(suite, name, language, Asked(uid=os.getuid(), gid=os.getgid()))
    source = tmp_path / f"self.{language}"
    source.write_text(re.sub(r"PATIENCE = \d+", "PATIENCE = 1", text))
    command = ["sh" if language == "shell" else sys.executable, str(source)]
    if language == "c":
        source.rename(source := tmp_path / "self-watched.c")
        subprocess.run([*CC, str(source), "-o", str(tmp_path / "self")], check=True)
        command = [str(tmp_path / "self")]
    assert Ran(command).status == 0
    if language == "shell":  # every call that a shell shows is that of a copy
        return
    assert "fork(" not in re.sub(r"/\*.*?\*/|#.*", "", text, flags=re.DOTALL)
    stuck = Ran(command, preload(tmp_path, "stuck", STUCK))
    deadly = Ran(command, preload(tmp_path, "deadly", DEADLY))
    if language == "c":
        assert (stuck.status, stuck.out) == (1, "hang: getresuid() did not end in time\n")
        assert (deadly.status, deadly.out) == (1, "crash: SIGSEGV ended the program in getresuid()\n")
        return
    assert (stuck.status, deadly.status) == (-signal.SIGALRM, -signal.SIGSEGV)
    number = next(at for at, line in enumerate(text.splitlines(), 1) if "lambda: os.getresuid()" in line)
    for ran in (stuck, deadly):
        assert f'"{source}", line {number} in <lambda>' in ran.err
    assert "1 or a signal not so" in " ".join(text.replace("# ", "").split())


@pytest.mark.parametrize("language", ["c", "python", "shell"])
def test_the_head_says_what_each_status_means(tmp_path: Path, language: str) -> None:
    suite = make_suite(tmp_path / "suites", hangs=HANGS)
    text = " ".join(program(suite, "dropping", language).replace(" * ", " ").replace("# ", "").split())
    assert "Status: 0 as expected; 1 not so: another answer, none within 1 s, or a crash; 2 the set-up is not" in text
