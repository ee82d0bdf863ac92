"""How a path leads to a file of the cell: path_resolution(7), "Step 2: walk along the path"."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.caller import Moment
from credstone.model.commit import replace
from credstone.model.files.permissions import EXECUTE, WRITE, may
from credstone.model.world import World
from credstone.words.credential import Credential
from credstone.words.scenario import File

CELL = "."
"""The folder of the cell, which is the current directory of everybody in it."""
ROOTS = File(CELL, "folder", "", 0, 0, 0o755)
"""That folder as an agent makes it that was started as root."""


def lookup(world: World, path: str) -> File | None:
    """The file of the cell with this name, if there is one; its folder is always there."""
    name = path.removesuffix("/")
    return next((file for file in world.files if file.name == name), ROOTS if name == CELL else None)


def folder_of(world: World, path: str) -> File:
    """The folder that a name is in, or would be in; it is there, as ``walk`` has found."""
    folder = lookup(world, path.removesuffix("/").rpartition("/")[0] or CELL)
    if folder is None:
        raise NotModelled(f"there is no folder for {path}")
    return folder


def folders_to(path: str) -> tuple[str, ...]:
    """The folders that are searched on the way to the last component of a path, from the folder of the cell on."""
    names = path.removesuffix("/").split("/")[:-1]
    return (CELL, *("/".join(names[: count + 1]) for count in range(len(names))))


def walk(now: Moment, path: str, credential: Credential | None = None) -> None:
    """The way to the last component of a path: each folder on it must be there, be a folder, and be searched."""
    if now.task.away:
        raise NotModelled("after setns(2) into a mount namespace the current directory is another")
    now.refuse("ENOENT", "open(2)/ENOENT-empty", not path)
    for name in folders_to(path):
        folder = lookup(now.world, name)
        now.refuse("ENOENT", "path_resolution(7)/ENOENT", folder is None)
        now.refuse("ENOTDIR", "open(2)/ENOTDIR", folder is not None and folder.kind != "folder")
        if folder is None or folder.kind != "folder":
            now.rule(
                None, "open(2)/no-way", of="answer"
            )  # here the walk ends, except in a mutant without these refusals
            raise NotModelled(f"there is no folder {name}")
        searched = may(now, folder, EXECUTE, credential)
        now.refuse("EACCES", "path_resolution(7)/search-permission", not searched)


def last_name(now: Moment, path: str) -> None:
    """The way to a name that is to be made or taken away."""
    if path in (CELL, "") or not path.endswith("/"):
        walk(now, path)
        if path == CELL:
            raise NotModelled("it does not know what becomes of the folder of the cell itself")
        return
    raise NotModelled(f"it does not know what a slash at the end of {path} makes of this call")


def reach(now: Moment, path: str) -> File:
    """The file at the end of a path.  One that is not there is ENOENT, if its folder may be searched."""
    walk(now, path)
    file = lookup(now.world, path)
    now.refuse("ENOENT", "path_resolution(7)/ENOENT", file is None)
    now.refuse("ENOTDIR", "open(2)/ENOTDIR", file is not None and path.endswith("/") and file.kind != "folder")
    return now.rule(now.sure(file), "path_resolution(7)/ENOENT", of="answer")


def with_file(world: World, changed: File) -> World:
    """The same world with this file in place of the one of the same name, or added; all its hard links change with it."""
    names = links_of(world, changed.name)
    kept = tuple(replace(changed, name=file.name) if file.name in names else file for file in world.files)
    return replace(world, files=kept if changed in kept else (*kept, changed))


def links_of(world: World, name: str) -> tuple[str, ...]:
    """All names of the file that has this one."""
    return next((names for names in world.links if name in names), (name,))


def may_change(now: Moment, folder: File) -> None:
    """What it takes to put something into a folder, or to take something out: the right to write and to search it."""
    allowed = may(now, folder, WRITE | EXECUTE)
    now.refuse("EACCES", "path_resolution(7)/linux/changing-a-folder", not allowed)
