"""What a program has to do: the set-up as single calls, the lines, and the credentials that must be there after them.

The model says which credentials these are.  They are checked only where they are of interest: after a call that is
meant to change some, whether it succeeds or not, and wherever the model sees a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

import msgspec

from credstone.calls.table import declarations
from credstone.model.machine import FACTS
from credstone.model.perform import NotModelled, beyond_the_model
from credstone.model.play import performances
from credstone.model.start import start
from credstone.model.world import World
from credstone.notation.show import show_numbers
from credstone.plan.setup import plan_actor
from credstone.repro.preparation import Do, preparation
from credstone.repro.repeated import folded
from credstone.suite.load import Suite
from credstone.words.actor import Actor, Setup
from credstone.words.call import Text, Word
from credstone.words.cell import Cell
from credstone.words.credential import Credential
from credstone.words.errors import CredstoneError
from credstone.words.scenario import ALL_THREADS, MAIN, OUTSIDE, VFORKED, Line

_VARIABLE = re.compile(r"\$([a-z]\w*)")
"""The process ID of a child in a text."""


class After(msgspec.Struct, frozen=True):
    """What must be there after a line: ids and groups as one text, and where users change the capabilities, permitted
    and effective.
    """

    who: str
    credential: str
    capabilities: tuple[int, int] | None = None


class Moment(msgspec.Struct, frozen=True):
    """One line.  ``begins``: who exists from this line on; ``after``: who must have which credential then."""

    line: Line
    begins: tuple[str, ...] = ()
    after: tuple[After, ...] = ()


class Story(msgspec.Struct, frozen=True):
    """A whole program.  ``members`` are all that perform lines, main first."""

    cell: Cell
    preparation: tuple[Do, ...]
    moments: tuple[Moment, ...]
    members: tuple[str, ...]


def tell(cell: Cell, suite: Suite) -> Story:
    """The story of a cell.  Raises CredstoneError where no program can tell it."""
    stuck = {line.who for line in cell.scenario.lines if line.unfinished}
    stuck -= {line.who for line in cell.scenario.lines if line.resumed}
    if any(not who.startswith("thread ") for who in stuck):
        raise CredstoneError("There is no program for a process that never returns from a call: it would not end.")
    setup = plan_actor(cell.actor, suite.actors, FACTS).setup
    lines = cell.scenario.lines
    members = [MAIN, *([OUTSIDE] if any(line.who == OUTSIDE for line in lines) else [])]
    begins = []
    for line in lines:
        new = [name for name in dict.fromkeys(_named(line, cell.scenario.children)) if name not in members]
        members += new
        begins.append(tuple(new))
    after = _after(cell, setup, members) if _known(cell.actor) else [()] * len(lines)
    moments = tuple(Moment(*each) for each in zip(lines, begins, after, strict=True))
    prepared = preparation(cell, setup, suite.actors, outside=OUTSIDE in members)
    return Story(cell, tuple(prepared), moments, tuple(members))


class Language(Protocol):
    """How a program is written: the statements of a line, of a check, and so on."""

    def perform(self, line: Line) -> list[str]:
        """A call, and the check of its answer."""

    def holds(self, after: After) -> list[str]:
        """The check of a credential."""

    def start(self, name: str) -> str:
        """The beginning of a thread or a child."""

    def awaited(self, line: Line) -> list[str]:
        """What main waits for after a line of somebody else, such as that it has ended."""

    def loop(self, times: int, statements: list[str]) -> list[str]:
        """The same, so many times."""


def parts_of(story: Story, language: Language) -> Iterator[tuple[str, list[str]]]:  # noqa: C901 - one pass over the lines
    """The statements of all lines in their order, parted by who performs them.

    Main starts whoever a line names first; after a line those whose credential is of interest are checked, each by
    itself, but for those that are in a call.
    """
    parts: list[tuple[str, list[tuple[str, ...]]]] = []
    alone: set[tuple[str, ...]] = set()

    def add(who: str, statements: list[str], *, once: bool = False) -> None:
        if not parts or parts[-1][0] != who:
            parts.append((who, []))
        parts[-1][1].append(tuple(statements))
        if once:
            alone.add(tuple(statements))

    busy: set[str] = set()
    for moment in story.moments:
        line = moment.line
        who = MAIN if line.who in (ALL_THREADS, VFORKED) else line.who
        if line.resumed:
            busy.remove(who)
        elif line.unfinished:
            busy.add(who)
        for name in moment.begins:
            add(MAIN, [language.start(name)])
        add(who, language.perform(line), once=line.call.name == "exec" or line.unfinished)
        if until := language.awaited(line):
            add(MAIN, until)
        for after in sorted(moment.after, key=lambda each: each.who != who):
            if after.who not in busy:
                add(after.who, language.holds(after))
    for who, done in parts:
        statements: list[str] = []
        for times, run in folded(done, lambda each: each not in alone):
            once = [statement for each in run for statement in each]
            statements += once if times == 1 else language.loop(times, once)
        yield who, statements


def _named(line: Line, children: tuple[str, ...]) -> Iterator[str]:
    """The threads and children that a line names: who performs it, and those in its arguments."""
    if line.who not in (MAIN, OUTSIDE, ALL_THREADS, VFORKED):
        yield line.who
    for call in (line.call, *([line.then] if line.then else [])):
        for value in call.arguments:
            found = [value.word.removeprefix("$")] if isinstance(value, Word) else []
            found += _VARIABLE.findall(value.text) if isinstance(value, Text) else []
            yield from (f"child {name}" for name in found if name in children)


def _known(actor: Actor) -> bool:
    """Whether the whole credential of the actor is known before it runs."""
    return actor.namespace is not None or None not in (actor.uid, actor.gid, actor.groups)


def _after(cell: Cell, setup: Setup, members: list[str]) -> list[tuple[After, ...]]:
    """Who must have which credential after each line; nobody from where the model or the script leaves it open."""
    lines = cell.scenario.lines
    found: list[tuple[After, ...]] = []
    before = start(setup, FACTS, cell.scenario)
    try:
        for line, performed in zip(lines, performances(cell, setup), strict=False):
            if _sets(line) and len(line.expected) > 1:
                break
            now = performed.outcome.world
            tasks = [task for task in now.tasks if task.who in members]
            who = [task.who for task in tasks if _changed(before, now, task.who) or _concerns(line, now, task.who)]
            found.append(tuple(_what_must_be(now.seen(name), line, name) for name in who))
            before = now
    except NotModelled as error:
        reason = beyond_the_model(lines[len(found)], error)
        raise CredstoneError(f"There is no program for {cell.id}: {reason}.") from None
    return found + [()] * (len(lines) - len(found))


def _what_must_be(credential: Credential, line: Line, who: str) -> After:
    sets = credential.capabilities
    changes = line.call.name.endswith("uid") or line.call.name == "exec"
    return After(who, show_credential(credential), (sets.permitted, sets.effective) if changes else None)


def _sets(line: Line) -> bool:
    """Whether this call is meant to change ids or groups, or might do so by mistake."""
    name = line.call.name.removeprefix("os.")
    declared = declarations().get(name)
    moves = declared is not None and declared.moves == "process"
    return moves or name.startswith("set") or name in ("exec", "unshare")


def _concerns(line: Line, now: World, who: str) -> bool:
    """A call that sets concerns the thread that makes it, and the others of its process: they follow, or must not."""
    if not _sets(line) or line.who == ALL_THREADS:
        return False
    performer = MAIN if line.who == VFORKED else line.who
    return any(task.who == performer and task.process == now.task(who).process for task in now.tasks)


def _changed(before: World, now: World, who: str) -> bool:
    if all(task.who != who for task in before.tasks):
        return False
    return show_credential(before.seen(who)) != show_credential(now.seen(who))


def show_credential(credential: Credential) -> str:
    """Ids and groups in one line, as the programs print them."""
    u, g = (" ".join(map(str, msgspec.structs.astuple(ids))) for ids in (credential.uid, credential.gid))
    return f"uid {u}, gid {g}, groups {show_numbers(credential.groups)}"
