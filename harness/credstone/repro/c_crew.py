"""What the lines of a C program are made of where several perform them, or where a new image goes on."""

from __future__ import annotations

from credstone.notation.show import show_line
from credstone.repro.c_text import call, text
from credstone.repro.c_values import Where, member, path
from credstone.repro.comment import expectations
from credstone.words.scenario import MAIN, Is, Killed, Line, Unordered

NEW_IMAGE = "/* exec */"
"""What follows is done by the new image."""
STAGE = "@stage@"
"""The number of the new image."""


def executes(line: Line) -> bool:
    """Whether a new image may run after this line."""
    return line.call.name == "exec" and Is(0) in line.expected


def execution(line: Line, where: Where) -> list[str]:
    """An exec.  Where it succeeds the new image says so; where it fails the old one."""
    name, shown = path(line.call.arguments[0], where), text(show_line(line))
    expected = [text(each) for each in expectations(line)]
    if not executes(line):
        return checked(line, f"not_executed({name}, {shown})")
    if where.crew:
        return [*checked(line, f'new_image({name}, {shown}, "0")'), NEW_IMAGE]
    failed = call("check", shown, "number(-1)", expected[0])
    return [begins(line), f'execl({name}, {name}, "{STAGE}", faults ? "1" : "0", NULL);', *failed, NEW_IMAGE]


def checked(line: Line, answer: str) -> list[str]:
    """The statement that compares an answer with those that are allowed; a signal is no answer."""
    shown = text(show_line(line))
    expected = [text(each) for each in expectations(line) if not each.startswith("killed by")]
    if Unordered in map(type, line.expected):
        expected = [each.replace("{", "[").replace("}", "]") for each in expected]
    if len(expected) == 1:
        return call("check", shown, answer, expected[0])
    return call("check_any", shown, answer, f"(const char *[]) {{ {', '.join(expected)}, NULL }}")


def awaited(line: Line) -> list[str]:
    """What main waits for after a line of somebody else."""
    if line.who != MAIN and line.unfinished:
        return [f"asleep({member(line.who)});"]
    if line.who != MAIN and line.call.name == "exit":
        return [f"see_off({member(line.who)});"]
    return []


def begins(line: Line) -> str:
    """The statement that notes a line before it is made, where its check does not do that."""
    return f"begins({text(show_line(line))});"


def watched(lines: tuple[Line, ...]) -> list[str]:
    """The statement by which the program goes on under a watch that knows which lines may end it."""
    ends = [(show_line(line), each.signal) for line in lines for each in line.expected if isinstance(each, Killed)]
    rows = [f"\t{{ {text(line)}, {signal} }}," for line, signal in dict.fromkeys(ends)]
    return ["watch_over((const struct deadly[]) {", *rows, "\t{ NULL, 0 },", "});"] if rows else ["watch_over(NULL);"]


def ends_its_part(statement: str) -> bool:
    """Whether the turn is given away by this statement itself."""
    return statement.startswith(("begun = ", "leave("))
