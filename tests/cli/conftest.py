from __future__ import annotations

from pathlib import Path

import pytest

from building import ACTORS, CLAUSES, write_suite

LOOKS = """\
# Anybody may look.
scenario looking-is-free
  cites opendoor(2)/stays-open
  as    root, user

  getgroups()                      = []
  getgid()                         = 0 or 1000
"""
LOCKS = """\
scenario a-key-opens
  cites opendoor(2)/EPERM-key
  as    user
  via   syscall, libc
  with  gid in 7, 8

  setgid($gid)                     = EPERM
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """The folder of a suite with two scripts."""
    return write_suite(tmp_path / "suite", ACTORS, CLAUSES, looks=LOOKS, locks=LOCKS)
