"""What a program has to do: the set-up as single calls, the lines, and the credentials that must be there after them.

The model says which credentials these are.  They are checked only where they are of interest: after a call that is
meant to change some, whether it succeeds or not, and wherever the model sees a change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from credstone.model.perform import NotModelled
from credstone.model.start import start
from credstone.model.world import World
from credstone.plan.setup import plan_actor
from credstone.repro.preparation import Do, preparation
from credstone.suite.load import Suite
from credstone.targets.model import FACTS, performances
from credstone.words.actor import Actor, Setup
from credstone.words.call import Word
from credstone.words.cell import Cell
from credstone.words.credential import Credential
from credstone.words.errors import CredstoneError
from credstone.words.notation import show_numbers
from credstone.words.scenario import ALL_THREADS, MAIN, OUTSIDE, Line


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
    """The story of a cell.  Raises CredstoneError where no program of one file can tell it."""
    setup = plan_actor(cell.actor, suite.actors, FACTS).setup
    lines = cell.scenario.lines
    members = [MAIN, *([OUTSIDE] if any(line.who == OUTSIDE for line in lines) else [])]
    begins = []
    for line in lines:
        new = [name for name in _named(line) if name not in members]
        members += new
        begins.append(tuple(new))
    if cell.scenario.abi:
        raise CredstoneError(f"There is no program for the calls of another ABI ({cell.scenario.abi}) yet.")
    if len(members) > 1 and any(line.call.name == "exec" for line in lines):
        raise CredstoneError("There is no program for an exec beside other threads and processes.")
    after = _after(cell, setup) if _known(cell.actor) else [()] * len(lines)
    moments = tuple(Moment(*each) for each in zip(lines, begins, after, strict=True))
    prepared = preparation(cell, setup, suite.actors, outside=OUTSIDE in members)
    return Story(cell, tuple(prepared), moments, tuple(members))


def parts_of(
    story: Story,
    perform: Callable[[Line], list[str]],
    holds: Callable[[After], list[str]],
    start: Callable[[str], str],
) -> list[tuple[str, list[str]]]:
    """The statements of all lines in their order, parted by who performs them.

    Main starts whoever a line names first; after a line those whose credential is of interest are checked, each by
    itself.
    """
    parts: list[tuple[str, list[str]]] = []

    def add(who: str, statements: list[str]) -> None:
        if not parts or parts[-1][0] != who:
            parts.append((who, []))
        parts[-1][1].extend(statements)

    for moment in story.moments:
        who = MAIN if moment.line.who == ALL_THREADS else moment.line.who
        for name in moment.begins:
            add(MAIN, [start(name)])
        add(who, perform(moment.line))
        for after in sorted(moment.after, key=lambda each: each.who != who):
            add(after.who, holds(after))
    return parts


def _named(line: Line) -> Iterator[str]:
    """The threads and children that a line names: who performs it, and a process that it asks about."""
    if line.who not in (MAIN, OUTSIDE, ALL_THREADS):
        yield line.who
    first = line.call.arguments[0] if line.call.arguments else None
    names = line.call.name in ("status", "kill") and isinstance(first, Word) and first.word.isidentifier()
    if names and isinstance(first, Word) and first.word not in ("self", OUTSIDE):
        yield f"child {first.word}"


def _known(actor: Actor) -> bool:
    """Whether the whole credential of the actor is known before it runs."""
    return actor.namespace is not None or None not in (actor.uid, actor.gid, actor.groups)


def _after(cell: Cell, setup: Setup) -> list[tuple[After, ...]]:
    """Who must have which credential after each line; nobody from where the model or the script leaves it open."""
    lines = cell.scenario.lines
    found: list[tuple[After, ...]] = []
    before = start(setup, FACTS, cell.scenario)
    try:
        for line, performed in zip(lines, performances(cell, setup), strict=False):
            if _sets(line) and len(line.expected) > 1:
                break
            now = performed.outcome.world
            who = [task.who for task in now.tasks if _changed(before, now, task.who) or _concerns(line, now, task.who)]
            found.append(tuple(_what_must_be(now.seen(name), line, name) for name in who))
            before = now
    except NotModelled:
        pass
    return found + [()] * (len(lines) - len(found))


def _what_must_be(credential: Credential, line: Line, who: str) -> After:
    sets = credential.capabilities
    changes = line.call.name.endswith("uid") or line.call.name == "exec"
    return After(who, show_credential(credential), (sets.permitted, sets.effective) if changes else None)


def _sets(line: Line) -> bool:
    """Whether this call is meant to change ids or groups, or might do so by mistake."""
    name = line.call.name.removeprefix("os.")
    return name.startswith("set") or name in ("initgroups", "exec", "unshare")


def _concerns(line: Line, now: World, who: str) -> bool:
    """A call that sets concerns the thread that makes it, and the others of its process: they follow, or must not."""
    if not _sets(line) or line.who == ALL_THREADS:
        return False
    return now.task(who).process == now.task(line.who).process


def _changed(before: World, now: World, who: str) -> bool:
    if all(task.who != who for task in before.tasks):
        return False
    return show_credential(before.seen(who)) != show_credential(now.seen(who))


def show_credential(credential: Credential) -> str:
    """Ids and groups in one line, as the programs print them."""
    u, g = (" ".join(map(str, msgspec.structs.astuple(ids))) for ids in (credential.uid, credential.gid))
    return f"uid {u}, gid {g}, groups {show_numbers(credential.groups)}"
