"""A line that kills its program is named with the signal; and a program that has nobody to watch it watches itself."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from building import make_suite
from credstone.repro.program import program
from credstone.suite.load import default_folder, load_suite
from credstone.words.container_start import Asked
from host.launch import preload
from repro.agreeing import CC, compiler, needs_root
from repro.ending import Ran, command_for

pytestmark = [compiler, needs_root, pytest.mark.usefixtures("_no_folder_left")]

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
FAULTS = """
int setgroups(unsigned long n, void *l) { (void) l; if (n == 1) *(volatile int *) 8 = 1; return 0; }
"""
WRONG_GID = FAULTS + "unsigned getgid(void) { return 7; }\n"


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
    suite = make_suite(tmp_path / "suites", crashes=CRASHES)
    text = " ".join(program(suite, "crashes/main", language).replace(" * ", " ").replace("# ", "").split())
    assert "Status: 0 as expected; 1 not so: another answer, none within 30 s, or a crash; 2 the set-up is not" in text
