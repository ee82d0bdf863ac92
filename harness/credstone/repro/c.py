"""A cell as a C program: no dependency but libc."""

from __future__ import annotations

import re

from credstone.repro import c_setup
from credstone.repro.c_calls import made, member
from credstone.repro.c_headers import headers
from credstone.repro.c_text import call, mask, text
from credstone.repro.comment import comment, expectations
from credstone.repro.pieces import needed
from credstone.repro.preparation import EVERYTHING
from credstone.repro.story import After, Story, parts_of
from credstone.suite.load import Suite
from credstone.words.call import Text
from credstone.words.errors import CredstoneError
from credstone.words.notation import show_line
from credstone.words.scenario import Contains, Fails, Is, Lacks, Line, Unordered

_HOW = "Build and run: cc -std=gnu11 -pthread repro.c -o repro && sudo ./repro"


def c_program(story: Story, suite: Suite) -> str:
    """The program.  Raises CredstoneError where C cannot make the calls."""
    writer = _Writer(story)
    code = writer.code()
    pieces = needed(code, "c")
    parts = [_comment(comment(story.cell, suite, _HOW)), "#define _GNU_SOURCE", headers("\n".join([*pieces, code])), ""]
    if writer.crew:
        parts += [f"enum {{ {', '.join(member(who) for who in story.members)} }};", ""]
    return "\n".join(parts) + "\n" + "\n\n".join([*pieces, code]) + "\n"


def _comment(lines: list[str]) -> str:
    marked = [f" * {line}".rstrip().replace("*/", "* /") for line in lines]
    return "\n".join(["/*", *marked, " */"])


class _Writer:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.scenario = story.cell.scenario
        self.crew = len(story.members) > 1
        self.waits = self.crew or bool(self.scenario.load)
        self.threads = 1 + sum(who.startswith("thread ") for who in story.members)

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
        for who, statements in parts_of(self.story, self._statements, _holds, _start):
            if self.crew:
                body = [f"\t{each}" if each else "" for each in statements]
                images[-1] += [f"if (turn({member(who)})) {{", *body, "\tdone();", "}"]
                continue
            for statement in statements:
                if statement == _NEW_IMAGE:
                    images.append([])
                else:
                    images[-1].append(statement.replace(_STAGE, str(len(images))))
        return images

    def _statements(self, line: Line) -> list[str]:
        """One line: the call, and the check of its answer."""
        if line.call.name == "exec":
            return _exec(line)
        done = made(line, self.story.cell.api, self.threads, self.scenario.load)
        checked = _checked(line, done.answer)
        if len(done.before) > 1:  # a list is filled: it lives in a block of its own
            return ["{", *(f"\t{each}" if each else "" for each in (*done.before, *checked)), "}"]
        return [*done.before, *checked, *done.after]

    def _main(self, images: list[list[str]]) -> str:
        body = ["setlinebuf(stdout);"]
        if len(images) > 1:
            body += self._stages(images)
        if self.waits:
            body += ["signal(SIGALRM, hang);", "alarm(30);"]
        if self.crew:
            body.append("share();")
        prepared = [*c_setup.files(self.scenario.files), *c_setup.database(self.scenario.database)]
        prepared += ["main_pid = getpid();"] if _mentions_main(images) else []
        for step in self.story.preparation:
            prepared += c_setup.actor(step)
        if self.scenario.load:
            prepared.append(f"start_load({self.scenario.load});")
        body += ["", *prepared, ""]
        if self.crew:
            body += ["script();", "return finish();"]
        elif len(images) > 1:
            body += ["script();", "return faults != 0;"]
        else:
            body += ["/* The scenario. */", *images[0], "", "return faults != 0;"]
        if any(line.startswith("file = ") for line in body):
            body = ["FILE *file;", "", *body]
        head = "int main(int argc, char **argv)" if len(images) > 1 else "int main(void)"
        return _function(head, body)

    def _stages(self, images: list[list[str]]) -> list[str]:
        """The new image goes on where the old one stopped, and knows whether that has seen a fault."""
        lines = ["if (argc > 2) {", "\tfaults = atoi(argv[2]);"]
        if _mentions_main(images):
            lines.append("\tmain_pid = getpid();")
        if len(images) == 2:
            lines.append("\tafter_exec_1();")
        else:
            for stage in range(1, len(images)):
                lines += [f"\tif (atoi(argv[1]) == {stage})", f"\t\tafter_exec_{stage}();"]
        return [*lines, "\treturn faults != 0;", "}"]


_NEW_IMAGE = "/* exec */"
"""What follows is done by the new image."""
_STAGE = "@stage@"
"""The number of the new image."""


def _exec(line: Line) -> list[str]:
    """An exec: the old image answers if it fails, the new one if it succeeds."""
    if line.expected != (Is(0),):
        raise CredstoneError("There is no program for an exec that fails.")
    first, shown = line.call.arguments[0], text(show_line(line))
    name = text(first.text if isinstance(first, Text) else str(getattr(first, "word", "")))
    failed = call("check", shown, "number(-1)", '"0"')
    succeeded = call("check", shown, '"0"', '"0"')
    return [f'execl({name}, {name}, "{_STAGE}", faults ? "1" : "0", NULL);', *failed, _NEW_IMAGE, *succeeded]


def _start(name: str) -> str:
    return f"{'start_thread' if name.startswith('thread ') else 'start_child'}({member(name)});"


def _checked(line: Line, answer: str) -> list[str]:
    """The statement that compares an answer with what the line expects."""
    shown, expected = text(show_line(line)), [text(each) for each in expectations(line)]
    match line.expected:
        case ():
            return call("prepare", shown, answer)
        case (Contains(number),):
            return call("check_holds", shown, answer, str(number), "true")
        case (Lacks(number),):
            return call("check_holds", shown, answer, str(number), "false")
        case (Unordered(),):
            return call("check", shown, f"sorted({answer})", expected[0].replace("{", "[").replace("}", "]"))
        case (_,):
            return call("check", shown, answer, expected[0])
    if not all(isinstance(each, Is | Fails) for each in line.expected):
        raise CredstoneError(f"There is no program for the alternatives of {show_line(line)}.")
    return call("check_any", shown, answer, f"(const char *[]) {{ {', '.join(expected)}, NULL }}")


def _holds(after: After) -> list[str]:
    lines = [f"credential({text(after.credential)});"]
    if after.capabilities:
        lines += call("capabilities", *(mask(bits, EVERYTHING) for bits in after.capabilities))
    return lines


def _mentions_main(images: list[list[str]]) -> bool:
    return any(re.search(r"\b(main_pid|of_main)\b", line) for image in images for line in image)


def _function(head: str, body: list[str]) -> str:
    """A function; no two empty lines follow each other, and none stands at its ends."""
    text = "\n".join(f"\t{line}" if line else "" for line in body)
    text = re.sub(r"\n\n\n+", "\n\n", text).strip("\n")
    return f"{head}\n{{\n{text}\n}}"
