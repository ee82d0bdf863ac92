"""The way in: one call, performed by the model."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.fork import CHILD, appear
from credstone.model.moment import moment
from credstone.model.rules import Context, Mutant, Performed, Run
from credstone.model.table import Row, find
from credstone.model.world import World
from credstone.words.answer import Answer
from credstone.words.call import Call, Word
from credstone.words.scenario import ALL_THREADS, MAIN, OUTSIDE

__all__ = ["NotModelled", "perform"]


def perform(
    world: World, who: str, api: str, call: Call, mutant: Mutant | None = None, *, then: Call | None = None
) -> Performed:
    """What this call answers, and the world after it.

    ``then`` is the second call of a line, made in the process that the first one started.  Raises NotModelled for a
    call, an argument or an object of which the model knows nothing.
    """
    row = find(call.name, api)
    if who == ALL_THREADS:
        return _in_all_threads(world, api, call, mutant)
    arguments = row.bind(call) if then is None else (*row.bind(call), then.name)
    run = Run(Context(call.name, who, api, world, arguments), mutant, raising=api == "python" and not row.plumbing)
    for name in _unknown(world, who, call, row):
        world = run.choose(appear(world, name))
        run.context = Context(call.name, who, api, world, arguments)
    return run.finish(row.function(moment(world, who, api), *arguments), row.page)


def _unknown(world: World, who: str, call: Call, row: Row) -> list[str]:
    """Those whom a line names for the first time: who performs it, and a child that is its argument."""
    named = [who]
    if row.names_process and isinstance(call.arguments[0], Word):
        name = call.arguments[0].word
        if name.isidentifier() and name not in ("self", OUTSIDE):
            named.append(CHILD + name)
    for task in world.tasks:
        if task.who in named:
            named.remove(task.who)
    return named


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
