"""A cell as a Python program: no dependency but the standard library."""

from __future__ import annotations

import re

from credstone.notation.show import show_line
from credstone.repro import python_setup
from credstone.repro.comment import comment, expectations, patience, watches_itself
from credstone.repro.pieces import needed
from credstone.repro.preparation import EVERYTHING
from credstone.repro.python_calls import made
from credstone.repro.python_text import call, constants, mask, quoted
from credstone.repro.story import After, Story, parts_of
from credstone.suite.load import Suite
from credstone.words.scenario import ALL_THREADS, OUTSIDE, Contains, Killed, Lacks, Line, Unordered, Within

_HOW = "Run: sudo python3 repro.py"
_AS_STARTED = "Let the runtime start it as the process of a container that is asked for the same: python3 repro.py"
_MODULES = (
    "_thread", "atexit", "ctypes", "errno", "faulthandler", "grp", "mmap", "os", "pwd", "resource", "shutil", "signal", "socket", "subprocess", "sys",
    "tempfile", "threading", "time",
)  # fmt: skip


def python_program(story: Story, suite: Suite) -> str:
    """The program.  Raises CredstoneError where Python cannot make the calls."""
    code = _Writer(story).code()
    pieces = needed(code, "python")
    whole = re.sub(r'"""[^"]*"""|"(?:\\.|[^"\\\n])*"', "", "\n".join([*pieces, code]))
    imports = [f"import {name}" for name in _MODULES if re.search(rf"(?<![\w.]){name}\.", whole)]
    how = _AS_STARTED if story.cell.actor.as_started else _HOW
    head = "\n".join(f"# {line}".rstrip() for line in comment(story.cell, suite, how, dies=watches_itself(story.cell)))
    imports += ["", f"PATIENCE = {patience(story.cell)}  # seconds"]
    parts = ["\n".join(imports), *(["\n".join(constants(whole))] if constants(whole) else [])]
    body = "\n\n\n".join(["\n\n".join(parts), *pieces, code])
    return f"#!/usr/bin/env python3\n#\n{head}\n\n{body}\n"


class _Writer:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.scenario = story.cell.scenario
        self.crew = len(story.members) > 1
        self.threads = 1 + sum(who.startswith("thread ") for who in story.members)

    def code(self) -> str:
        """Everything but the helpers."""
        lines, parts = self._lines(), []
        if self.crew:
            parts.append("\n".join(["def script(turn):", *(f"    {line}".rstrip() for line in lines)]))
        body = self._setup()
        if OUTSIDE in self.story.members:
            body.append("DONE[0] = -1  # nobody begins before all is ready")
        if "MAIN_PID" in "\n".join(lines):
            body.append("MAIN_PID = os.getpid()")
        body += [step for each in self.story.preparation for step in python_setup.actor(each)]
        if self.scenario.load:
            body.append(f"start_load({self.scenario.load})")
        if self.crew:
            body += ["DONE[0] = 0"] if OUTSIDE in self.story.members else []
            body += ["", 'script(main := Turns("main"))', "finish(main)"]
        else:
            body += ["", "# The scenario.", *lines]
        body += ["os._exit(bool(FAULTS))" if self.crew or self.scenario.load else "sys.exit(bool(FAULTS))"]
        parts.append(re.sub(r"\n\n\n+", "\n\n", "\n".join(body)).strip("\n"))
        return "\n\n\n".join(parts)

    def _setup(self) -> list[str]:
        body = ["in_a_folder()"] if self.scenario.files else []
        body += ["watch_self()"] if watches_itself(self.story.cell) else _watched(self.scenario.lines)
        return [*body, *python_setup.files(self.scenario.files), *python_setup.database(self.scenario.database)]

    def _lines(self) -> list[str]:
        """The statements of the whole script; where several perform it, each part behind the turn of its performer."""
        lines: list[str] = []
        for who, statements in parts_of(self.story, self):
            if self.crew:
                end = [] if statements[-1].startswith("BEGUN[") else ["    turn.done()"]
                lines += [f"if turn({quoted(who)}):", *(f"    {each}" for each in statements), *end]
            else:
                lines += statements
        return lines

    def holds(self, after: After) -> list[str]:
        """The check of a credential."""
        lines = [f"credential({quoted(after.credential)})"]
        if after.capabilities:
            lines += call("capabilities", *(mask(bits, EVERYTHING) for bits in after.capabilities))
        return lines

    def start(self, name: str) -> str:
        """The beginning of a thread or a child."""
        return f"{'start_thread' if name.startswith('thread ') else 'start_child'}({quoted(name)})"

    def awaited(self, line: Line) -> list[str]:
        """What main waits for after a line of somebody else."""
        return [f"asleep({quoted(line.who)})"] if line.unfinished else []

    def loop(self, times: int, statements: list[str]) -> list[str]:
        """The same, so many times."""
        return [f"for _ in range({times}):", *(f"    {each}" for each in statements)]

    def perform(self, line: Line) -> list[str]:
        """A call, and the check of its answer."""
        if line.unfinished:
            return [f"begins({quoted(show_line(line))})", "turn.begin()", f"BEGUN[{quoted(line.who)}] = {made(line)}"]
        done = _checked(line)
        if line.who == ALL_THREADS and self.scenario.load:
            return [f"pause_load({self.threads})", *done, "resume_load()"]
        return done


def _checked(line: Line) -> list[str]:
    """The statement that makes a call and compares its answer with what the line expects."""
    answer = f"BEGUN[{quoted(line.who)}]" if line.resumed else made(line)
    shown, made_call = quoted(show_line(line)), f"lambda: {answer}"
    match line.expected:
        case ():
            return call("prepare", shown, made_call)
        case (Contains(number),):
            return call("check_holds", shown, made_call, str(number), "True")
        case (Lacks(number),):
            return call("check_holds", shown, made_call, str(number), "False")
        case (Within(ids),):
            return call("check_within", shown, made_call, *map(str, ids))
    if line.expected and all(isinstance(each, Unordered) for each in line.expected):
        lists = [str(list(each.ids)) for each in line.expected if isinstance(each, Unordered)]
        return call("check_sorted", shown, made_call, *lists)
    allowed = [each for each in expectations(line) if not each.startswith("killed by")]
    return call("check", shown, made_call, *map(quoted, allowed))


def _watched(lines: tuple[Line, ...]) -> list[str]:
    """The statement by which the program goes on under a watch that knows which lines may end it."""
    ends = [(show_line(line), each.signal) for line in lines for each in line.expected if isinstance(each, Killed)]
    return call("watch_over", *(f"({quoted(line)}, signal.{name})" for line, name in dict.fromkeys(ends)))
