"""The hard cases of the notation, and all scenarios of the suites: what they declare is what the model answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.checking import wrong_lines

SUITES = Path(__file__).parents[2] / "suites"

HARD_CASES = """
scenario dropping-groups-needs-the-capability
  cites EPERM-capability
  as    user, root-without-CAP_SETGID
  setgroups([])                    = EPERM
  setgroups([100, 200])            = EPERM

scenario deny-cannot-be-taken-back
  cites user_namespaces(7)/setgroups-deny-is-final
  as    user
  unshare(CLONE_NEWUSER)                    = 0
  write("/proc/self/setgroups", "deny")     = 4
  write("/proc/self/setgroups", "allow")    = EPERM
  write("/proc/self/gid_map", "0 1000 1")   = 8
  setgroups([])                             = EPERM

scenario libc-moves-every-thread
  cites C-library-kernel-differences
  as    root
  via   libc
  setgroups([77])                  = 0
  thread t: getgroups()            = [77]

scenario every-id-but-the-last-is-an-id
  cites setgid(2)/privileged-sets-all
  as    root
  with  gid in 65534, 65535, 65536, 2147483648, 4294967294
  setgid($gid)                     = 0
  getresgid()                      = $gid $gid $gid

scenario the-saved-id-gives-it-back
  cites execve(2)/set-user-ID, setuid(2)/unprivileged-saved
  as    user
  file  helper = agent, owner 0:0, mode 4755
  exec(helper)                     = 0
  getresuid()                      = 1000 0 0
  setresuid(-1, 1000, -1)          = 0
  setuid(2000)                     = EPERM
  setuid(0)                        = 0
  getresuid()                      = 1000 0 0

scenario a-range-is-a-range
  cites user_namespaces(7)/unmapped-EINVAL, setgroups(2)/EINVAL-unmapped
  as    root-in-groups
  unshare(CLONE_NEWUSER)                                  = 0
  getgroups()                                             contains 65534
  outside: write("/proc/$pid/gid_map", "0 100000 65536")  = 14
  outside: write("/proc/$pid/gid_map", "0 100000 65536")  = EPERM
  setgroups([5, 65535])                                   = 0
  setgroups([5, 65536])                                   = EINVAL
  getgroups()                                             = [5, 65535]
  outside: status($pid, Groups)                           = [100005, 165535]

scenario the-effective-id-of-the-target-does-not-count
  cites kill(2)/EPERM
  as    root
  child c: setresuid(1001, 1002, 1003)
  setresuid(1002, 1002, 1002)
  kill(c, 0)                       = EPERM

scenario the-raw-call-moves-one-thread
  cites nptl(7)/kernel-credentials-per-thread
  as    root
  via   syscall
  thread t: getgroups()            = []
  setgroups([77])                  = 0
  thread t: getgroups()            = []
  getgroups()                      = [77]

scenario nobody-is-missed
  cites setgid(2)/C-library-kernel-differences
  as    root
  via   libc
  while threads come and go, 200 at a time
  setgid(1000)                     = 0
  all threads: getresgid()         = 1000 1000 1000

scenario belonging-can-take-rights-away
  cites credentials(7)/file-access
  as    user-in-group-500
  file  door owner 0:500 mode 0705
  open(door, O_RDONLY)             = EACCES

scenario python-refuses-what-is-no-gid
  cites os.setgroups/range
  as    root
  via   python
  os.setgroups([-2])               = OverflowError
  os.setgroups(["wheel"])          = TypeError
  subprocess(extra_groups=[])      child getgroups() = []
"""


def test_the_hard_cases_hold() -> None:
    assert wrong_lines(HARD_CASES) == []


def test_threads_that_differ_are_counted() -> None:
    script = """
scenario counted
  cites a(2)/b
  as    root
  via   syscall
  thread t: getgroups()            = []
  setgroups([77])                  = 0
  all threads: getgroups()         = "1: 77, 1: none"
"""
    assert wrong_lines(script) == []


OWN = sorted(path for path in SUITES.glob("*/*.scn") if path.parent.name != "container-start")
"""Those that say all by themselves; what a runtime was asked for is put in by tests/suite/test_whole.py."""


@pytest.mark.parametrize("path", OWN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_scenario_of_the_suites_holds(path: Path) -> None:
    assert wrong_lines(path.read_text()) == []
