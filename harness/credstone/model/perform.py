"""The way in: one call, performed by the model."""

from __future__ import annotations

import re
from functools import partial

from credstone.model.arguments import NotModelled, number
from credstone.model.caller import moment
from credstone.model.commit import replace, with_dumpable
from credstone.model.fork import CHILD, new_task, with_newcomer
from credstone.model.namespaces import clone
from credstone.model.programs.execve import CLONED
from credstone.model.rules import Calling, Context, Mutant, Outcome, Performed, Run
from credstone.model.table import find
from credstone.model.threads import has_other_threads, with_threads
from credstone.model.world import World
from credstone.notation.show import show_line
from credstone.words.answer import Answer
from credstone.words.call import Argument, Call, Text, Word
from credstone.words.scenario import ALL_THREADS, MAIN, VFORKED, Line

__all__ = ["NotModelled", "beyond_the_model", "perform", "perform_line"]


def perform(
    world: World, who: str, api: str, call: Call, mutant: Mutant | None = None, *, then: Call | None = None
) -> Performed:
    """What this call answers, and the world after it.

    ``then`` is the second call of a line, made in the process that the first one started.  Raises NotModelled for a
    call, an argument or an object of which the model knows nothing.
    """
    row = find(call.name, api)
    if who in world.reaped or any(task.who == who for task in world.ended):
        raise NotModelled(f"{who} has ended")
    if who == ALL_THREADS:
        return _in_all_threads(world, api, call, mutant)
    arguments = row.bind(call) if then is None else (*row.bind(call), then)
    run = Run(Context(call.name, who, api, world, arguments), mutant, raising=api == "python" and not row.plumbing)
    for name in _unknown(world, who, call):
        world = with_newcomer(run, world, name)
        run.context = Context(call.name, who, api, world, arguments)
    now = moment(world, who, api, run=run, again=lambda other: row.function(other, *arguments))
    calling: Calling = partial(row.function, now, *arguments)
    page = row.page
    if has_other_threads(now):
        calling, page = with_threads(call.name, now, calling, page)
    return run.finish(calling, page)


def beyond_the_model(line: Line, error: NotModelled) -> str:
    """Why a cell with this line cannot be judged: a sentence that names the call."""
    return f"the model cannot perform {show_line(line)}: {error}"


def perform_line(world: World, line: Line, api: str, mutant: Mutant | None = None) -> Performed:
    """As ``perform``, for a line of a script: one that is begun and not waited for, resumed, or done after vfork(2)."""
    if line.unfinished:
        for name in _unknown(world, line.who, line.call):
            world = with_newcomer(Run(Context(line.call.name, line.who, api, world), mutant), world, name)
        inside = line.call.arguments[0] if line.call.arguments else line.call.name
        word = inside.word if isinstance(inside, Word) else line.call.name
        begun = world.with_tasks(replace(world.task(line.who), silent=True, inside=word))
        return Performed(Outcome(Answer("", None), begun, decided=False), (), (), "")
    if line.resumed:
        world = world.with_tasks(replace(world.task(line.who), silent=False, inside=""))
    if line.who == VFORKED:
        born = new_task(world.task(MAIN), VFORKED, VFORKED)
        world = world.with_tasks(replace(born, sharing=clone.VM))
    if line.call.name == "clone" and line.then is not None:
        return _in_clone(world, line, api, mutant)
    done = perform(world, line.who, api, line.call, mutant, then=line.then)
    if line.expected and not done.allowed:
        raise NotModelled("its answer is open, so that no line can expect one")
    if line.who != VFORKED:
        return done
    after = done.outcome.world
    dumpable = after.task(VFORKED).credential.dumpable
    left = replace(after, tasks=tuple(task for task in after.tasks if task.who != VFORKED))
    left = with_dumpable(left, MAIN, dumpable)  # it belongs to the memory, and that is main's
    return replace(done, outcome=replace(done.outcome, world=left))


def _in_clone(world: World, line: Line, api: str, mutant: Mutant | None) -> Performed:
    """A call that the new process makes before it ends; what it made for itself is gone with it."""
    made = perform(world, line.who, api, line.call, mutant)
    if made.outcome.answer.failed or line.then is None:
        return made
    flags = number(line.call.arguments[0])
    run = Run(Context("clone", line.who, api, made.outcome.world, (flags,)), mutant)
    now = moment(made.outcome.world, line.who, api, run=run)
    child, inside = clone.make_child(now, new_task(now.task, CLONED, CLONED), flags)
    done = perform(inside.with_tasks(child), CLONED, api, line.then, mutant)
    after = done.outcome.world
    left = replace(
        after,
        tasks=tuple(task for task in after.tasks if task.who != CLONED),
        namespaces=after.namespaces[: len(now.world.namespaces)],
        owners=after.owners[: len(now.world.owners)],
    )
    applied = (*made.applied, *run.applied, *done.applied)
    return replace(done, outcome=replace(done.outcome, world=left), applied=applied)


def _unknown(world: World, who: str, call: Call) -> list[str]:
    """Those whom a line names for the first time: who performs it, and the children that its arguments name."""
    named = [who]
    if world.cast:
        named += [CHILD + name for name in world.cast if any(_names(argument, name) for argument in call.arguments)]
    known = {*(task.who for task in (*world.tasks, *world.ended)), *world.reaped}
    return [name for name in dict.fromkeys(named) if name not in known]


def _names(argument: Argument, child: str) -> bool:
    """Whether an argument is a child, or a text in which its process ID stands."""
    if isinstance(argument, Text):
        return re.search(rf"\${child}\b", argument.text) is not None
    return isinstance(argument, Word) and argument.word in (child, f"${child}")


def _in_all_threads(world: World, api: str, call: Call, mutant: Mutant | None) -> Performed:
    """The answer that all threads of main give, or a text that counts the threads by what they answer."""
    done = [perform(world, task.who, api, call, mutant) for task in world.threads(MAIN)]
    counts: dict[str, int] = {}
    for each in done:
        shown = _shown(each.outcome.answer)
        counts[shown] = counts.get(shown, 0) + 1
    if len(counts) == 1:
        return done[0]
    text = ", ".join(f"{count}: {shown}" for shown, count in sorted(counts.items(), key=lambda item: -item[1]))
    answer = Answer("", text)
    outcome = type(done[0].outcome)(answer, world)
    return Performed(outcome, (answer,), tuple(rule for each in done for rule in each.applied), done[0].clause)


def _shown(answer: Answer) -> str:
    if isinstance(answer.value, tuple):
        return " ".join(str(number) for number in answer.value) or "none"
    return str(answer.errno or answer.value)
