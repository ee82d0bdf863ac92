"""Calls with mistakes are refused when a script is read: at their place, with a suggestion, all of a file at once."""

from __future__ import annotations

import random
import re

import pytest

from building import parse
from credstone.calls.table import declarations
from credstone.judge.crosscheck import mistake
from credstone.notation.mistake import Mistake, Mistakes
from credstone.notation.script import examine
from credstone.plan.cells import cells_of
from credstone.suite.actors import read_actors
from credstone.suite.load import default_folder

HEAD = "scenario something\n  cites opendoor(2)/stays-open\n  as root\n"
FILES = '  file f = "....", owner 1000:1000, mode 0644\n\n'


def found_in(lines: str, head: str = HEAD + FILES) -> list[tuple[str, str]]:
    """What is wrong with these lines: the text from the caret on, and the message."""
    try:
        parse(head + lines)
    except (Mistake, Mistakes) as error:
        each = error.mistakes if isinstance(error, Mistakes) else [error]
        return [((head + lines).split("\n")[one.line - 1][one.column - 1 :], one.message) for one in each]
    return []


@pytest.mark.parametrize(
    ("line", "at", "says"),
    [
        ("setgud(5)", "setgud(5)", "there is no call setgud: did you mean set"),
        ("frobnicate(1) = EPERM", "frobnicate(1) = EPERM", "there is no call frobnicate"),
        ("execve(f) = 0", "execve(f) = 0", "did you mean exec?"),
        ("seteuid32(5)", "seteuid32(5)", "did you mean seteuid?"),
        ("getgroups32()", "getgroups32()", "did you mean getgroups?"),
        ("setuid32(5)", "setuid32(5)", "did you mean setuid?"),
        ("wait4(c)", "wait4(c)", "did you mean waitid?"),
        ("child c: execve(f)", "execve(f)", "did you mean exec?"),
        ("os.setgruops([1])", "os.setgruops([1])", "did you mean os.setgroups"),
        ("setgid(5, 6) = EPERM", "setgid(5, 6) = EPERM", "setgid takes 1 argument, and here are 2"),
        ("getuid(1, 2, 3) = 1000", "getuid(1, 2, 3) = 1000", "getuid takes 0 arguments"),
        ("setresuid(1, 2) = EPERM", "setresuid(1, 2) = EPERM", "setresuid takes 3 arguments"),
        ("setgid([5])", "5])", "an ID is expected here"),
        ('setgid("x")', '"x")', "an ID is expected here"),
        ("setgroups(5)", "5)", "a list is expected here"),
        ("setgroups([f])", "f])", "an ID is expected here"),
        ("open(f, O_RDONLYX)", "O_RDONLYX)", "there is no constant O_RDONLYX"),
        ("open(f, O_RDWR|O_APPENDED)", "O_RDWR|O_APPENDED)", "there is no constant O_APPENDED"),
        ("prctl(PR_SET_KEEPCAP, 1)", "PR_SET_KEEPCAP, 1)", "there is no constant PR_SET_KEEPCAP"),
        ("capset(CAP_SETUIDS, 0, 0)", "CAP_SETUIDS, 0, 0)", "there is no constant CAP_SETUIDS"),
        ("kill(d, 9)", "d, 9)", "no line is performed by a child d"),
        ("open(g, 0)", "g, 0)", "g is no file of the scenario"),
        ("status(self, Uids)", "Uids)", "a field of /proc/PID/status is expected here: Uid"),
        ("ptrace(PTRACE_SEIZED, pid)", "PTRACE_SEIZED, pid)", "a request is expected here: PTRACE_SEIZE"),
        ("setgid(5) = EPRM", "EPRM", "there is no errno EPRM: did you mean EPERM"),
        ("setgid(5) = 0 or EPRM", "EPRM", "did you mean EPERM"),
        ("setgid(5) = EWOULDBLOCK", "EWOULDBLOCK", "write EAGAIN"),
        ("abort() killed by SIGABORT", "SIGABORT", "did you mean SIGABRT"),
        ("os.setgid(5) = PermissionErr", "PermissionErr", "did you mean PermissionError"),
        ("capget() = 0 CAP_SETUI 0", "CAP_SETUI 0", "there is no constant CAP_SETUI: did you mean CAP_SETUID"),
        ("subprocess(users=5) child umask() = 5", "subprocess(users=5) child umask() = 5", "takes no argument users"),
        ("subprocess(user=5) child setgid(5) = 5", "setgid(5) = 5", "cannot make the call setgid"),
        ("clone(CLONE_FS) child setgid(5, 5) = 5", "setgid(5, 5) = 5", "setgid takes 1 argument"),
        ("setgid(gid=5)", "setgid(gid=5)", "takes no arguments by name"),
        ("child c: getuid() <unfinished ...>; child c: <... getuid resumed> = EPRM", "EPRM", "did you mean EPERM"),
    ],
)  # fmt: skip
def test_a_mistake_is_shown_at_its_place(line: str, at: str, says: str) -> None:
    if "killed" in line:
        line = line.replace("abort() killed", "abort() = killed")
    ((caret, message),) = found_in(f"  {line}\n  getuid() = 5\n")
    assert caret == at
    assert says in message


def test_all_mistakes_of_a_file_are_shown_at_once() -> None:
    text = (
        "scenario first\n  cites opendoor(2)/stays-open\n  as root\n\n  setgid(5, 6) = EPRM\n  setgid(5 = 0\n  setgud(1)\n"
        'scenario second\n  cites\n  as root\n\n  setgid("x") = 0\n'
        "scenario\n  as root\n  setgid(1)\n"
        "scenario third\n  as root\n\n  seteuid32(5)\n"
    )
    with pytest.raises(Mistakes) as error:
        parse(text)
    lines = [each.line for each in error.value.mistakes]
    assert lines == [5, 5, 6, 7, 9, 12, 13, 19]


def test_a_family_shows_a_mistake_once() -> None:
    head = HEAD.replace("as root\n", "as root\n  with gid in 1, 2, 3\n")
    assert len(found_in("  setgid($gid, 1) = EPERM for n in 1..3\n", head)) == 1


def test_every_name_and_every_errno_of_the_suite_is_known() -> None:
    folder = default_folder()
    for path in folder.glob("*/*.scn"):
        assert examine(path.read_text(), path.parent.name, path.stem, str(path)).mistakes == []


def _damaged(line: str, chance: random.Random) -> str:
    """A line of a script with one thing wrong: its call, a number of arguments, a kind, a constant, an errno."""
    call = re.search(r"[a-z_][\w.]*(?=\()", line)
    ways = []
    if call:
        name = call[0]
        at = chance.randrange(len(name))
        ways += [line.replace(f"{name}(", f"{name[:at]}{chance.choice('qzx')}{name[at:]}(", 1)]
        ways += [line.replace(f"{name}(", f"{name}(7, ", 1).replace("7, )", "7)")]
        ways += [re.sub(rf"{re.escape(name)}\([^,)]*(, )?", f"{name}(", line, count=1)]
    if re.search(r"\((-?\d+)", line):
        ways += [re.sub(r"\((-?\d+)", "([7]", line, count=1), re.sub(r"\((-?\d+)", '("seven"', line, count=1)]
    for constant in re.findall(r"\b(?:[A-Z]+_[A-Z_]+|E[A-Z]{3,})\b", line):
        ways += [line.replace(constant, constant[:-1] + "Q", 1), line.replace(constant, constant + "S", 1)]
    return chance.choice(ways) if ways else line


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_line_is_refused_or_says_something_else(seed: int) -> None:
    """No damage goes unseen: it is refused when it is read, or the model takes part against the author, or it is a script
    that says something else and is as valid.
    """
    chance = random.Random(seed)
    paths = sorted(default_folder().glob("*/*.scn"))
    actors = read_actors(default_folder() / "actors.toml")
    for _ in range(25):
        path = chance.choice(paths)
        lines = path.read_text().split("\n")
        number = chance.choice([number for number, line in enumerate(lines) if line.startswith("  ") and "(" in line])
        damaged = _damaged(lines[number], chance)
        if damaged == lines[number]:
            continue
        lines[number] = damaged
        read = examine("\n".join(lines), path.parent.name, path.stem, str(path))
        if read.mistakes:
            assert {each.line for each in read.mistakes} <= set(range(1, len(lines) + 1))
            continue
        for scenario in read.scenarios:
            if number + 1 not in {line.number for line in scenario.lines}:
                continue
            for cell in cells_of(scenario, actors, ["model"])[:1]:
                verdict = mistake(cell, actors)
                assert verdict is None or verdict.verdict == "broken", (path, damaged)


def test_a_call_that_is_not_in_the_table_cannot_be_written() -> None:
    for name in ("mount", "setdomainname", "personality", "keyctl", "setxattr"):
        assert name not in declarations()
        assert found_in(f"  {name}(0)\n")
