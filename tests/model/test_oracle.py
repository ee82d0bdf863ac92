"""What Linux 6.18 was seen to answer, each observation as a script."""

from __future__ import annotations

import pytest

from model.checking import wrong_lines

OBSERVED = {
    "sorted": """
  as root
  setgroups([500, 123, 300]) = 0
  getgroups() = [123, 300, 500]
""",
    "duplicates": """
  as root
  setgroups([5, 5]) = 0
  getgroups() = [5, 5]
  getgroups(0) = 2
""",
    "setreuid keeps the saved id": """
  as user-setuid-0
  setreuid(-1, 1000) = 0
  getresuid() = 1000 1000 0
  setresuid(-1, 0, -1) = 0
  getresuid() = 1000 0 0
""",
    "the saved id is no real id for setreuid": """
  as three-uids
  setreuid(3000, -1) = EPERM
  setresuid(3000, -1, -1) = 0
""",
    "the largest id": """
  as root
  setresuid(4294967294, 4294967294, 4294967294) = 0
  setuid(4294967294) = 0
  getresuid() = 4294967294 4294967294 4294967294
""",
    "minus one is no id": """
  as root
  setuid(-1) = EINVAL
  setgid(-1) = EINVAL
  setgroups([-1]) = EINVAL
""",
    "sizes": """
  as root
  via syscall, libc
  setgroups([1, 2, 3]) = 0
  getgroups(-1) = EINVAL
  getgroups(70000) = [1, 2, 3]
""",
    "privilege first": """
  as user
  via syscall, libc
  setgroups(65537, valid) = EPERM
  setgroups(1, bad-pointer) = EPERM
  setgroups(-1, valid) = EPERM
""",
    "setfsuid tells what was": """
  as root
  setfsuid(1000) = 0
  setfsuid(-1) = 1000
  setfsuid(0) = 1000
""",
    "setregid keeps the saved id": """
  as setgid-program
  setregid(-1, 1000) = 0
  getresgid() = 1000 1000 2000
""",
    "before the maps": """
  as userns-no-map
  getuid() = 65534
  setuid(0) = EINVAL
  setresuid(65534, 65534, 65534) = EINVAL
  setgroups([]) = EPERM
""",
    "one mapped id": """
  as userns-one-id
  setgroups([]) = EPERM
  setuid(5) = EINVAL
  setgid(5) = EINVAL
  setregid(5, 5) = EINVAL
  setuid(65534) = EINVAL
  write("/proc/self/setgroups", "allow") = EPERM
""",
    "setfsuid of no id": """
  as userns-one-id
  setfsuid(5) = 0
  setfsuid(-1) = 0
""",
    "16-bit groups": """
  as root
  via syscall
  abi i386
  setgroups([70000, 123]) = 0
  getgroups16() = [123, 65534]
""",
    "16-bit ids are cut": """
  as root
  via syscall
  abi i386
  setuid16(66536) = 0
  getuid() = 1000
""",
    "16-bit minus one": """
  as root
  via syscall
  abi i386
  setuid16(65535) = EINVAL
  setgid16(65535) = EINVAL
  setgroups16([65535]) = EINVAL
  setresuid16(65535, 1000, 65535) = 0
  getresuid() = 0 1000 0
""",
}


@pytest.mark.parametrize("lines", OBSERVED.values(), ids=OBSERVED)
def test_the_model_answers_as_linux_did(lines: str) -> None:
    assert wrong_lines(f"scenario observed\n  cites getgroups(2)/EINVAL{lines}") == []
