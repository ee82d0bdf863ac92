"""Whether a shell can show it: every command is a new image, and a new image is not always what its caller was.

The model performs the lines as the script does, with a new image before each; where an answer, or what a call has made of
the credential, is no longer what the scenario is about, there is no such program.
"""

from __future__ import annotations

import msgspec

from credstone.model.machine import FACTS
from credstone.model.perform import NotModelled, perform, perform_line
from credstone.model.play import performances
from credstone.model.start import begin
from credstone.model.world import World
from credstone.notation.show import show_line
from credstone.repro.shell_setup import Taken, taken
from credstone.repro.shell_text import beyond
from credstone.repro.story import Story, show_credential
from credstone.words.actor import Setup
from credstone.words.call import Call, Word
from credstone.words.scenario import MAIN, File

replace = msgspec.structs.replace

_SHELL = File("a shell", "agent", owner=0, group=0, mode=0o755)
_LOST = "every program that a shell starts is a new image, and there this would go another way"


def refuse_what_new_images_change(story: Story, setup: Setup) -> None:
    """Raises CredstoneError where the lines do not come to the same, told by a shell."""
    cell = story.cell
    world = _as_a_shell(begin(setup, FACTS, cell.scenario).world, taken(story.preparation))
    entered = any(step.name == "ask_mapper" for step in story.preparation)
    told = [step.name for step in story.preparation]
    if entered and world.task(MAIN).credential.groups and "setgroups" not in told[told.index("ask_mapper") :]:
        raise beyond("its actor", "nsenter(1) leaves the groups behind that it had outside")
    try:
        for line, plain in zip(cell.scenario.lines, performances(cell, setup), strict=False):
            world = _new_image(world)
            done = perform_line(world, line, cell.api)
            if done.outcome.answer != plain.outcome.answer:
                raise beyond(show_line(line), _LOST)
            before, world = world, done.outcome.world
            if world.task(MAIN) != before.task(MAIN):
                made = [show_credential(each.seen(MAIN)) for each in (_new_image(world), plain.outcome.world)]
                if made[0] != made[1]:
                    raise beyond(show_line(line), _LOST)
    except NotModelled as error:
        raise beyond(cell.scenario.id, f"in a new image {error}") from None


def _as_a_shell(world: World, has: Taken | None) -> World:
    """The world in which the shell is started that shall be the actor."""
    task = world.task(MAIN)
    sets = task.credential.capabilities
    if has is not None:
        kept = has.mask if has.ambient else 0
        bounding = sets.bounding if has.ambient else has.mask
        sets = replace(sets, permitted=has.mask, effective=has.mask, inheritable=kept, ambient=kept, bounding=bounding)
    world = replace(world, files=(*world.files, _SHELL))
    return world.with_tasks(replace(task, credential=replace(task.credential, capabilities=sets)))


def _new_image(world: World) -> World:
    """The world in which main has executed a program without any bits."""
    done = perform(world, MAIN, "libc", Call("exec", (Word(_SHELL.name),)))
    if done.outcome.answer.failed:
        raise beyond("its actor", "it may not start a shell")
    return done.outcome.world
