"""A cell as a C program: no dependency but libc."""

from __future__ import annotations

import re
from collections.abc import Iterator

from credstone.agent.build import ABIS
from credstone.notation.show import show_line
from credstone.repro.c import setup
from credstone.repro.c.calls import made
from credstone.repro.c.crew import (
    NEW_IMAGE,
    STAGE,
    awaited,
    begins,
    checked,
    ends_its_part,
    executes,
    execution,
    watched,
)
from credstone.repro.c.headers import headers
from credstone.repro.c.plumbing import SHARED
from credstone.repro.c.sixteen import numbered
from credstone.repro.c.text import call, gid, mask, text
from credstone.repro.c.values import Where, member
from credstone.repro.comment import comment, kind_of, patience, watches_itself
from credstone.repro.pieces import needed
from credstone.repro.preparation import EVERYTHING
from credstone.repro.story import After, Story, parts_of
from credstone.suite.load import Suite
from credstone.words.errors import CredstoneError
from credstone.words.scenario import OUTSIDE, Contains, Lacks, Line, Unordered, Within

_HOW = "Build and run: cc -std=gnu11{} -pthread repro.c -o repro && sudo ./repro"
_AS_STARTED = (
    "Build it with cc -std=gnu11{} -pthread -static repro.c -o repro, and let the runtime start it as the process of a "
    "container that is asked for the same."
)
_FLAGS = {abi: "".join(f" {flag}" for flag in flags) for abi, flags in ABIS.items()}


def c_program(story: Story, suite: Suite) -> str:
    """The program.  Raises CredstoneError where C cannot make the calls."""
    writer = _Writer(story)
    code = writer.code()
    pieces = needed(code, "c")
    how = (_AS_STARTED if story.cell.actor.as_started else _HOW).format(_FLAGS.get(story.cell.abi, ""))
    parts = [_comment(comment(story.cell, suite, how)), "#define _GNU_SOURCE", headers(*pieces, code), ""]
    if writer.crew:
        parts += [f"enum {{ {', '.join(member(who) for who in story.members)} }};", ""]
    parts += [f"enum {{ PATIENCE = {patience(story.cell)} }};     /* seconds */", ""]
    body = numbered("\n\n".join([*pieces, code]), story.cell.abi)
    if "id_of(" in body:
        body = "\n\n".join([*needed("id_of()", "c"), body.replace(f"{needed('id_of()', 'c')[0]}\n\n", "")])
    return "\n".join(parts) + "\n" + body + "\n"


def _comment(lines: list[str]) -> str:
    marked = [f" * {line}".rstrip().replace("*/", "* /") for line in lines]
    return "\n".join(["/*", *marked, " */"])


class _Writer:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.scenario = story.cell.scenario
        lines = self.scenario.lines
        doubtful = any(executes(line) and len(line.expected) > 1 for line in lines)
        self.crew = len(story.members) > 1 or doubtful or any(line.call.name in SHARED for line in lines)
        self.threads = 1 + sum(who.startswith("thread ") for who in story.members)
        children = frozenset(self.scenario.children)
        self.where = Where(story.cell.api, story.cell.abi, children, crew=self.crew)

    def code(self) -> str:
        """Everything but the helpers: the script, and main."""
        images = self._images()
        names = ["script", *(f"after_exec_{number}" for number in range(1, len(images)))]
        functions = []
        if self.crew or len(images) > 1:
            for number, name in reversed(list(enumerate(names))):
                about = "/* The new image goes on here. */\n" if number else ""
                functions.append(about + _function(f"static void {name}(void)", images[number]))
        return "\n\n".join([*functions, self._main(images)])

    def _images(self) -> list[list[str]]:
        """The statements of the lines; those after an exec belong to the new image, and are a list of their own."""
        images: list[list[str]] = [[]]
        for who, statements in parts_of(self.story, self):
            if self.crew:
                for part in _split(statements):
                    body = [f"\t{each}" if each else "" for each in part]
                    end = [] if ends_its_part(part[-1]) else ["\tdone();"]
                    images[-1] += [f"if (turn({member(who)})) {{", *body, *end, "}"]
                continue
            for statement in statements:
                if statement == NEW_IMAGE:
                    images.append([])
                else:
                    images[-1].append(statement.replace(STAGE, str(len(images))))
        return images

    def perform(self, line: Line) -> list[str]:
        """One line: the call, and the check of its answer."""
        if line.call.name == "exec":
            return execution(line, self.where)
        if line.resumed:
            return _checked(line, "begun")
        done = made(line, self.where, self.threads, self.scenario.load)
        if line.unfinished:
            return [begins(line), "begin();", *done.before, f"begun = {done.answer};"]
        shown = _checked(line, done.answer)
        if any("vfork()" in each or "cloned(" in each for each in done.before):
            return [begins(line), *done.before, *shown, *done.after]
        if len(done.before) > 1 and not done.before[0].endswith(");"):  # a list is filled: it lives in a block
            return ["{", *(f"\t{each}" if each else "" for each in (*done.before, *shown)), "}"]
        return [*done.before, *shown, *done.after]

    def holds(self, after: After) -> list[str]:
        """The check of a credential."""
        lines = [f"credential({text(after.credential)});"]
        if after.capabilities:
            lines += call("capabilities", *(mask(bits, EVERYTHING) for bits in after.capabilities))
        return lines

    def start(self, name: str) -> str:
        """The beginning of a thread or a child."""
        return f"{'start_thread' if name.startswith('thread ') else 'start_child'}({member(name)});"

    def awaited(self, line: Line) -> list[str]:
        """What main waits for after a line of somebody else."""
        return awaited(line)

    def loop(self, times: int, statements: list[str]) -> list[str]:
        """The same, so many times."""
        body = [f"\t{each}" if each else "" for each in statements]
        # vfork(2) comes back twice: what is kept in a register may be lost by then, and a compiler says so
        kind = "volatile int" if any("vfork()" in statement for statement in body) else "int"
        return [f"for ({kind} times = 0; times < {times}; times++) {{", *body, "}"]

    def _main(self, images: list[list[str]]) -> str:  # noqa: C901, PLR0915 - the parts of a program in their order
        lines = self.scenario.lines
        main_pid = "shared->pid[MAIN]" if self.crew else "main_pid"
        alone = watches_itself(self.story.cell)
        body = ["setlinebuf(stdout);", *(["watch_self();"] if alone else [])]
        if any(line.call.name == "ptrace" for line in lines):
            body.append("meanwhile = tracees_go_on;")
        fails = any(line.call.name == "exec" and not executes(line) for line in lines)
        if fails:
            body += ['if (argc > 2 && strcmp(argv[argc - 1], "executed") == 0)', "\texecuted(argv[argc - 2]);"]
        if len(images) > 1:
            body += self._stages(images)
        goes_on = self.crew and any(map(executes, lines))
        if goes_on:
            body += ["if (argc > 6)", "\tgo_on(argv + argc - 6);"]
        files = self.scenario.files
        if files:
            body.append("in_a_folder();")
        if not alone:
            body += watched(lines)
        if self.crew:
            body.append("share_in_file();" if goes_on else "share();")
        if OUTSIDE in self.story.members:
            body.append("shared->done = -1;              /* nobody begins before all is ready */")
        prepared = setup.files(files, nosuid=self.scenario.nosuid)
        prepared += setup.database(self.scenario.database)
        prepared += ['must("pipe", pipe(pipe_of_all));'] if _mentions("pipe_of_all", images) else []
        prepared += ['must("unshare", unshare(CLONE_NEWIPC));'] if _mentions("make_queue", images) else []
        prepared += [f"{main_pid} = getpid();"] if _mentions(main_pid, images) else []
        for step in self.story.preparation:
            prepared += setup.actor(step)
        if self.scenario.load:
            prepared.append(f"start_load({self.scenario.load});")
        if self.scenario.watch:
            prepared.append(f"start_watch({self.scenario.watch});")
        body += ["", *prepared, ""]
        if self.crew:
            body += ["shared->done = 0;"] if OUTSIDE in self.story.members else []
            body += ["script();", "return finish();"]
        elif len(images) > 1:
            body += ["script();", "return faults != 0;"]
        else:
            body += ["/* The scenario. */", *images[0], "", "return faults != 0;"]
        if any(line.startswith("file = ") for line in body):
            body = ["FILE *file;", "", *body]
        head = "int main(int argc, char **argv)" if len(images) > 1 or goes_on or fails else "int main(void)"
        return _function(head, body)

    def _stages(self, images: list[list[str]]) -> list[str]:
        """The new image goes on where the old one stopped, and knows whether that has seen a fault."""
        lines = ["if (argc > 2) {", "\tfaults = atoi(argv[argc - 1]);"]
        if _mentions("main_pid", images):
            lines.append("\tmain_pid = getpid();")
        calls = [line for line in self.scenario.lines if executes(line)]
        for stage, line in enumerate(calls, 1):
            succeeded = call("check", text(show_line(line)), '"0"', '"0"', indent=3)
            body = [*(f"\t\t{each}" for each in succeeded), f"\t\tafter_exec_{stage}();"]
            lines += [f"\tif (atoi(argv[argc - 2]) == {stage}) {{", *body, "\t}"]
        return [*lines, "\treturn faults != 0;", "}"]


def _split(statements: list[str]) -> Iterator[list[str]]:
    """The parts that are done in one turn each: a new image begins with the next one."""
    part: list[str] = []
    for statement in statements:
        if statement != NEW_IMAGE:
            part.append(statement)
        if part and (statement == NEW_IMAGE or ends_its_part(statement)):
            yield part
            part = []
    if part:
        yield part


def _checked(line: Line, answer: str) -> list[str]:
    """The statement that compares an answer with what the line expects."""
    shown = text(show_line(line))
    match line.expected:
        case ():
            return call("prepare", shown, answer)
        case (Contains(number),):
            return call(f"check_{kind_of(line)}", shown, answer, f"{number}", "true")
        case (Lacks(number),):
            return call(f"check_{kind_of(line)}", shown, answer, f"{number}", "false")
        case (Within(ids),):
            listed = ", ".join(map(gid, ids))
            return call("check_within", shown, answer, str(len(ids)), f"(const gid_t []) {{ {listed} }}")
    if all(isinstance(each, Unordered) for each in line.expected):
        return checked(line, f"sorted({answer})")
    if any(isinstance(each, Contains | Lacks | Unordered | Within) for each in line.expected):
        raise CredstoneError(f"There is no program for the alternatives of {show_line(line)}.")
    return checked(line, answer)


def _mentions(words: str, images: list[list[str]]) -> bool:
    return any(words in line for image in images for line in image)


def _function(head: str, body: list[str]) -> str:
    """A function; no two empty lines follow each other, and none stands at its ends."""
    text = "\n".join(f"\t{line}" if line else "" for line in body)
    text = re.sub(r"\n\n\n+", "\n\n", text).strip("\n")
    return f"{head}\n{{\n{text}\n}}"
