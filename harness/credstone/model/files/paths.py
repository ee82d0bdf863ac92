"""How a path leads to a file of the cell: path_resolution(7), "Step 2: walk along the path"."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.commit import replace
from credstone.model.files.permissions import EXECUTE, WRITE, may
from credstone.model.moment import Moment
from credstone.model.rules import Choosing, refuse, rule
from credstone.model.world import World
from credstone.words.credential import Credential
from credstone.words.scenario import File

CELL = "."
"""The folder of the cell, which is the current directory of everybody in it."""
ROOTS = File(CELL, "folder", "", 0, 0, 0o755)
"""That folder as an agent makes it that was started as root."""


def lookup(world: World, path: str) -> File | None:
    """The file of the cell with this name, if there is one; its folder is always there."""
    return next((file for file in world.files if file.name == path), ROOTS if path == CELL else None)


def find(world: World, path: str) -> File:
    """The file of the cell with this name; NotModelled if the cell has none."""
    file = lookup(world, path)
    if file is None:
        raise NotModelled(f"{path} is not a file of the cell")
    return file


def folder_of(world: World, path: str) -> File:
    """The folder in which a file stands or would stand."""
    return find(world, path.rpartition("/")[0] or CELL)


def folders_to(path: str) -> tuple[str, ...]:
    """The folders that are searched on the way to the last component of a path, from the folder of the cell on."""
    names = path.split("/")[:-1]
    return (CELL, *("/".join(names[: count + 1]) for count in range(len(names))))


def walk(now: Moment, path: str, credential: Credential | None = None) -> Choosing:
    """The way to the last component of a path: each folder on it must be searched."""
    for name in folders_to(path):
        searched = yield from may(now, find(now.world, name), EXECUTE, credential)
        yield refuse("EACCES", "path_resolution(7)/search-permission", not searched)


def reach(now: Moment, path: str) -> Choosing:
    """The file at the end of a path.  One that is not there is ENOENT, if its folder may be searched."""
    yield from walk(now, path)
    file = lookup(now.world, path)
    yield refuse("ENOENT", "path_resolution(7)/ENOENT", file is None)
    return (yield rule("path_resolution(7)/ENOENT", file))


def with_file(world: World, changed: File) -> World:
    """The same world with this file in place of the one of the same name, or added."""
    kept = tuple(changed if file.name == changed.name else file for file in world.files)
    return replace(world, files=kept if changed in kept else (*kept, changed))


def may_change(now: Moment, folder: File) -> Choosing:
    """What it takes to put something into a folder, or to take something out: the right to write and to search it."""
    allowed = yield from may(now, folder, WRITE | EXECUTE)
    yield refuse("EACCES", "path_resolution(7)/linux/changing-a-folder", not allowed)
