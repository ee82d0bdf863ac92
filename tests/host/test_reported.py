"""Scripts as people write them from bug reports: a right kernel passes, a wrong one fails, and a mistake blames neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from host.launch import credstone, preload
from trial import make_suite

ACTORS = """
[user]
about        = "User 1000 without any capability."
uid          = 1000
gid          = 1000
groups       = []
capabilities = "none"
"""

TRACEME = """
scenario {name}
  cites works
  as    user
  via   syscall, libc
  file  helper = agent, owner 0:0, mode 4755

  child c: ptrace(PTRACE_TRACEME)  = 0
  child c: exec(helper)            = 0
  child c: getresuid()             = 1000 1000 1000
"""
RIGHT = {
    "traceme": TRACEME,
    "pwrite": """
scenario {name}
  cites works
  as    user
  file  f = "....", owner 5000:5000, mode 6777

  pwrite(f, "x", 2)                = 1
  stat(f)                          = 5000 5000 0777
  read(f)                          = "..x."
""",
    "write-at-an-offset": """
scenario {name}
  cites works
  as    user
  file  f = "....", owner 5000:5000, mode 0666

  write(f, "xy", 2)                = 2
  read(f)                          = "..xy"
  write(f, "z", 6)                 = 1
  read(f)                          = "..xy\\0\\0z"
""",
    "append-and-truncate": """
scenario {name}
  cites works
  as    user
  file  f = "....", owner 5000:5000, mode 6777

  open(f, O_WRONLY|O_APPEND)       = 0
  stat(f)                          = 5000 5000 06777
  open(f, O_WRONLY|O_TRUNC|O_APPEND) = 0
  stat(f)                          = 5000 5000 0777
  read(f)                          = ""
""",
    "nothing-written": """
scenario {name}
  cites works
  as    user
  file  f = "....", owner 5000:5000, mode 6777

  write(f, "")                     = 0
  pwrite(f, "", 9)                 = 0
  stat(f)                          = 5000 5000 06777
  read(f)                          = "...."
""",
    "negative-length": """
scenario {name}
  cites works
  as    user
  file  f = "....", owner 1000:1000, mode 0644

  truncate(f, -1)                  = EINVAL
  truncate("none", -1)             = EINVAL
  pwrite(f, "x", -1)               = EINVAL
  write(f, "x", -1)                = EINVAL
""",
    "written-file-capabilities": """
scenario {name}
  cites works
  as    user
  via   syscall, libc
  file  helper = agent, owner 5000:5000, mode 0777, capabilities "cap_setuid=ep"

  write(helper, "x", 9)            = 1
  exec(helper)                     = 0
  capget()                         = 0 0 0
""",
}
"""What Linux does: it passes on the kernel and in the model."""

MISTAKES = {
    "wrong-after-a-right-line": ("getuid() = 1000\n  truncate(f, -1) = 0", "truncate(f, -1)"),
    "unknown-after-a-wrong-line": ("getuid() = 5\n  prctl(999, 0) = 0", ")"),
    "unknown-option": ("prctl(999, 0) = 0\n  getuid() = 5", "prctl"),
    "unknown-option-as-set-up": ("prctl(999, 0)\n  getuid() = 1000", "prctl"),
    "the-target-agrees": ('truncate(f, 2) = 0\n  read(f) = "...."', "read(f)"),
    "an-open-answer": ("getpid() = 5", "getpid()"),
}  # fmt: skip
"""What no target can be judged by: lines of a script, and what the reason must name."""


def suite_of(folder: Path, *scenarios: str) -> Path:
    suite = make_suite(folder)
    with (suite / "actors.toml").open("a") as actors:
        actors.write(ACTORS)
    (suite / "trial.2" / "trial.scn").write_text("\n".join(scenarios))
    return suite


@pytest.mark.root
@pytest.mark.usefixtures("_root")
def test_what_linux_does_passes(tmp_path: Path) -> None:
    suite = suite_of(tmp_path, *(text.format(name=name) for name, text in RIGHT.items()))
    ran = credstone(tmp_path, "trial", "--target", "host", "--target", "model", suites=suite)
    assert ran.status == 0, ran.out
    assert len(ran.of("pass")) == len(ran.cells) > 2 * len(RIGHT)


@pytest.mark.root
@pytest.mark.usefixtures("_root")
def test_a_mistake_is_broken_whoever_the_target_is(tmp_path: Path) -> None:
    head = (
        '\nscenario {name}\n  cites works\n  as    user\n  file  f = "....", owner 1000:1000, mode 0644\n\n  {lines}\n'
    )
    suite = suite_of(tmp_path, *(head.format(name=name, lines=lines) for name, (lines, _) in MISTAKES.items()))
    ran = credstone(tmp_path, "trial", "--target", "host", "--target", "model", suites=suite)
    assert ran.status == 1
    for name, (_, named) in MISTAKES.items():
        cells = [cell for cell in ran.cells if cell["scenario"].endswith(f"/{name}")]
        assert {cell["target"] for cell in cells} == {"host", "model"}, name
        assert {cell["verdict"] for cell in cells} == {"broken"}, (name, cells)
        assert all(named in cell["reason"] for cell in cells), (name, [cell["reason"] for cell in cells])


@pytest.mark.root
@pytest.mark.usefixtures("_root")
def test_a_target_that_forgets_the_tracer_fails(tmp_path: Path) -> None:
    """As it would on a kernel in which nothing comes of PTRACE_TRACEME: the process becomes root, and nothing excuses that."""
    suite = suite_of(tmp_path, TRACEME.format(name="traceme"))
    forgetful = preload(tmp_path, "noptrace", "long ptrace(int request, ...) { return 0; }")
    ran = credstone(tmp_path, "trial", "--api", "libc", suites=suite, environment=forgetful)
    assert ran.status == 1
    assert [(cell["verdict"], cell["line"]) for cell in ran.cells] == [("fail", 9)]


def test_author_and_model_part_though_the_target_takes_the_authors_side(tmp_path: Path) -> None:
    """A write of no bytes, if the model took the bits: the host does as the author says, and is not blamed."""
    lying = preload(tmp_path, "getuid", "unsigned getuid(void) { return 4711; }")
    suite = make_suite(tmp_path)
    script = "scenario wrong\n  cites works\n  as    me\n  via   libc\n\n  getuid() = 4711\n"
    (suite / "trial.2" / "trial.scn").write_text(script)
    ran = credstone(tmp_path, "trial", suites=suite, environment=lying)
    assert [cell["verdict"] for cell in ran.cells] == ["broken"]
    assert "getuid() = 4711 is written, and the model answers 0" in ran.cells[0]["reason"]
