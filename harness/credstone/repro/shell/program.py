"""A cell as a shell script: no dependency but a POSIX shell, util-linux and coreutils."""

from __future__ import annotations

import re
import textwrap

from credstone.model.machine import FACTS
from credstone.notation.show import show_line, show_numbers
from credstone.plan.setup import plan_actor
from credstone.repro.comment import comment, expectations, kind_of, patience, watches_itself
from credstone.repro.pieces import needed
from credstone.repro.shell import setup
from credstone.repro.shell.calls import Command, command
from credstone.repro.shell.images import refuse_what_new_images_change
from credstone.repro.shell.text import MOST, beyond, quoted, spelled
from credstone.repro.story import After, Story, parts_of
from credstone.suite.load import Suite
from credstone.words.scenario import MAIN, Contains, Fails, Lacks, Line, Scenario, Unordered, Within

_HOW = "Run: sudo sh repro.sh"
_AS_STARTED = "Let the runtime start it as the process of a container that is asked for the same: sh repro.sh"
_BY = "by programs of util-linux and coreutils"
_NEW_IMAGE = "go_on "
_TOLD = frozenset(re.findall(r"echo (E\w+)", needed("answer", "shell")[0]))
"""The errors that a script knows by the words in which programs tell of them."""


def shell_program(story: Story, suite: Suite) -> str:
    """The program.  Raises CredstoneError, with what it is, where no shell can show it."""
    as_started = story.cell.actor.as_started
    _refuse(story)
    code = _Writer(story).code()
    if not as_started:
        refuse_what_new_images_change(story, plan_actor(story.cell.actor, suite.actors, FACTS).setup)
    elif _NEW_IMAGE in code:
        raise beyond(story.cell.scenario.id, "a runtime starts one shell, and this takes another image of it")
    head = comment(story.cell, suite, _AS_STARTED if as_started else _HOW, _BY)
    lines = ["#!/bin/sh", "#", *(f"# {line}".rstrip() for line in head), ""]
    body = "\n\n".join(['export LC_ALL=C faults="${faults:-0}"', *needed(code, "shell"), code])
    return "\n".join(lines) + "\n" + body + '\n\nexit "$faults"\n'


def _refuse(story: Story) -> None:
    """What a shell has no words for, whatever the calls."""
    scenario = story.cell.scenario
    for line in scenario.lines:
        if line.who != MAIN:
            raise beyond(show_line(line), "a shell is one process, and another one makes this call")
        if line.then or line.unfinished or line.resumed:
            raise beyond(show_line(line), "a shell waits for what it starts, and sees nothing of it but its answer")
    for has, what in _of_scenario(scenario):
        if has:
            raise beyond(scenario.id, what)


def _of_scenario(scenario: Scenario) -> tuple[tuple[object, str], ...]:
    return (
        (scenario.load or scenario.watch, "it takes threads"),
        (scenario.database, "it takes a user database of its own"),
        (scenario.nosuid, "it takes a folder that is mounted nosuid"),
        (scenario.abi, f"it takes calls of {scenario.abi}"),
    )


class _Writer:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.scenario = story.cell.scenario
        self.files = {file.name: file for file in self.scenario.files}
        self.goes_on = False

    def code(self) -> str:
        """Everything but the helpers: one part for each image of the shell."""
        prepared = [*setup.files(self.scenario.files), *setup.actor(self.story.preparation)]
        parts: list[list[str]] = [[]]
        for _, statements in parts_of(self.story, self):
            for statement in statements:
                if statement.startswith(_NEW_IMAGE):
                    parts[-1].append(f"{_NEW_IMAGE}{len(parts) + 1} {statement.removeprefix(_NEW_IMAGE)}")
                    parts.append([])
                else:
                    parts[-1].append(statement)
        if prepared and not prepared[-1].startswith("become "):
            prepared.append("go_on 1 sh")
        limit, first = patience(self.story.cell), 0 if prepared else 1
        begin = ["in_a_folder", f"watch_over {limit} ./repro.sh {first} .line"]
        if watches_itself(self.story.cell) and not prepared:
            begin = [f'watch_over {limit} "$0" {first} /dev/null "a line of the scenario"']
        cases = ["'')\n" + _indented(begin), *(["0)\n" + _indented(prepared)] if prepared else [])]
        cases += [f"{number})\n" + _indented(part) for number, part in enumerate(parts, 1)]
        return "\n".join(["case ${1-} in", *cases, "esac"])

    def perform(self, line: Line) -> list[str]:
        """A call, and the check of its answer."""
        said = command(line.call, self.files)
        for errno in (each.errno for each in line.expected if isinstance(each, Fails)):
            if errno not in _TOLD:
                raise beyond(show_line(line), f"no program tells of {errno} in words of its own")
        statements = [f"begins {quoted(show_line(line))}", _checked(line, said)]
        succeeds = not line.expected or "0" in expectations(line)
        if said.goes_on and succeeds and len(line.expected) > 1:
            raise beyond(show_line(line), "after it the script goes on in one way only")
        if line.call.name == "exec" and succeeds and not said.goes_on:
            raise beyond(show_line(line), "what it starts is no copy of the shell, and does not go on with the script")
        self.goes_on = bool(said.goes_on) and succeeds
        if self.goes_on:
            statements.append(f"{_NEW_IMAGE}{said.goes_on}")
        return [*statements, *([said.sticks] if said.sticks else [])]

    def holds(self, after: After) -> list[str]:
        """The check of a credential, after a call whose caller is the new image: any other is gone with its answer."""
        return [f"credential {quoted(_listed(after.credential))}"] if self.goes_on else []

    def start(self, name: str) -> str:
        """There is nobody but main."""
        raise beyond(name, "a shell is one process")

    def awaited(self, line: Line) -> list[str]:
        """Nothing: there is nobody to wait for."""
        return []

    def loop(self, times: int, statements: list[str]) -> list[str]:
        """The same, so many times: each may be in another image."""
        return statements * times


def _checked(line: Line, said: Command) -> str:
    """The statement that compares an answer with what the line expects."""
    match line.expected:
        case ():
            return f"prepare {said.answer}"
        case (Contains(number),):
            return f"check_{kind_of(line)} {said.answer} {number} contains"
        case (Lacks(number),):
            return f"check_{kind_of(line)} {said.answer} {number} lacks"
        case (Within(ids),):
            return f"check_within {said.answer} {' '.join(map(str, ids))}"
        case (Unordered(ids),):
            return f'check "$(sorted {said.answer})" {quoted(_listed(show_numbers(ids)))}'
    if any(isinstance(each, Contains | Lacks | Unordered | Within) for each in line.expected):
        raise beyond(show_line(line), "it has alternatives that are not compared as a text")
    return f"check {said.answer} {' '.join(quoted(_listed(each)) for each in expectations(line))}"


def _listed(text: str) -> str:
    """An answer as the script prints it.  Raises CredstoneError for a list that nobody would read."""
    whole = spelled(text)
    if whole.count(",") > MOST:
        raise beyond("a list of so many groups", "nobody would read that command line")
    return whole


def _indented(statements: list[str]) -> str:
    lines = [*"\n".join(statements).split("\n"), ";;"]
    return textwrap.indent("\n".join(lines), "\t")
