"""What stands in a folder: who may put it there and take it away.

inode(7), "The file type and mode" (the sticky bit); mkdir(2), rmdir(2), unlink(2), rename(2), link(2), umask(2).
"""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.caller import OK, Moment
from credstone.model.commit import replace
from credstone.model.files.ownership import PERMISSIONS, STICKY, new_file
from credstone.model.files.paths import folder_of, last_name, links_of, lookup, may_change, reach, walk, with_file
from credstone.model.files.permissions import CAP_FOWNER, WRITE, may, owner_or_capable
from credstone.model.rules import Outcome
from credstone.model.world import World
from credstone.words.scenario import File


def mkdir(now: Moment, path: str, mode: int) -> Outcome:
    """int mkdir(const char *path, mode_t mode)."""
    name = path.removesuffix("/")
    walk(now, name)
    now.refuse("EEXIST", "mkdir(2)/EEXIST", lookup(now.world, name) is not None)
    folder = folder_of(now.world, name)
    may_change(now, folder)
    made = new_file(now, folder, name, "folder", mode)
    return Outcome(OK, with_file(now.world, made))


def link(now: Moment, old: str, new: str) -> Outcome:
    """int link(const char *old, const char *new)."""
    file = reach(now, old)
    last_name(now, new)
    now.refuse("EEXIST", "mkdir(2)/EEXIST", lookup(now.world, new) is not None)
    if not owner_or_capable(now, file):
        raise NotModelled("whether a link to the file of another user may be made depends on fs.protected_hardlinks")
    may_change(now, folder_of(now.world, new))
    now.refuse("EPERM", "link(2)/EPERM", file.kind == "folder")
    names = links_of(now.world, file.name)
    world = with_file(now.world, replace(file, name=new))
    others = tuple(each for each in world.links if each != names)
    return Outcome(OK, replace(world, links=(*others, (*names, new))))


def unlink(now: Moment, path: str) -> Outcome:
    """int unlink(const char *path)."""
    last_name(now, path)
    file = reach(now, path)
    _may_take_away(now, file)
    now.refuse("EISDIR", "unlink(2)/EISDIR", file.kind == "folder")
    return Outcome(OK, _without(now.world, file))


def rmdir(now: Moment, path: str) -> Outcome:
    """int rmdir(const char *path)."""
    last_name(now, path)
    file = reach(now, path)
    _may_take_away(now, file)
    now.refuse("ENOTDIR", "rmdir(2)/ENOTDIR", file.kind != "folder")
    empty = not any(other.name.startswith(f"{path}/") for other in now.world.files)
    now.refuse("ENOTEMPTY", "rmdir(2)/ENOTEMPTY", not empty)
    return Outcome(OK, _without(now.world, file))


def rename(now: Moment, old: str, new: str) -> Outcome:
    """int rename(const char *old, const char *new)."""
    last_name(now, old)
    last_name(now, new)
    file = reach(now, old)
    now.refuse("EINVAL", "rename(2)/EINVAL", new.startswith(f"{old}/"))
    now.refuse("ENOTEMPTY", "rename(2)/ENOTEMPTY", old.startswith(f"{new}/"))
    if new in links_of(now.world, old):
        return now.answers()
    _may_take_away(now, file)
    target, folder = lookup(now.world, new), folder_of(now.world, new)
    is_folder = file.kind == "folder"
    if target is None:
        may_change(now, folder)
    else:
        _may_take_away(now, target)
        now.refuse("ENOTDIR", "rename(2)/ENOTDIR", is_folder and target.kind != "folder")
        now.refuse("EISDIR", "rename(2)/EISDIR", not is_folder and target.kind == "folder")
    moves = is_folder and folder != folder_of(now.world, old)
    allowed = may(now, file, WRITE) if moves else True
    now.refuse("EACCES", "path_resolution(7)/linux/moving-a-folder", not allowed)
    full = any(other.name.startswith(f"{new}/") for other in now.world.files)
    now.refuse("ENOTEMPTY", "rename(2)/ENOTEMPTY", full)
    world = now.world if target is None else _without(now.world, target)
    moved = tuple(replace(each, name=_moved(each.name, old, new)) for each in world.files)
    links = tuple(tuple(_moved(name, old, new) for name in names) for names in world.links)
    return Outcome(OK, replace(world, files=moved, links=links))


def _moved(name: str, old: str, new: str) -> str:
    return new + name.removeprefix(old) if name == old or name.startswith(f"{old}/") else name


def _may_take_away(now: Moment, file: File) -> None:
    """Whether the caller may remove a name from its folder: it must be able to change that, and own one of the two
    where the folder is sticky.
    """
    folder = folder_of(now.world, file.name)
    may_change(now, folder)
    uid = now.rule(now.credential.uid.filesystem, "inode(7)/linux/sticky-owner-is-the-fsuid", of="answer")
    of_file = now.rule(uid == file.owner, "inode(7)/sticky-owner-of-the-file", of="answer")
    of_folder = now.rule(uid == folder.owner, "inode(7)/sticky-owner-of-the-folder", of="answer")
    capable = now.rule(now.capable(CAP_FOWNER), "inode(7)/sticky-CAP_FOWNER", of="answer")
    known = now.rule(now.namespace.has_ids_of(file), "inode(7)/linux/sticky-CAP_FOWNER-over-mapped-ids", of="answer")
    refused = bool(folder.mode & STICKY) and not (of_file or of_folder or (capable and known))
    now.refuse("EPERM", "inode(7)/sticky", refused)


def _without(world: World, gone: File) -> World:
    links = tuple(tuple(name for name in names if name != gone.name) for names in world.links)
    return replace(world, files=tuple(file for file in world.files if file.name != gone.name), links=links)


def umask(now: Moment, mask: int) -> Outcome:
    """mode_t umask(mode_t mask): the mask before.  All threads of a process share it."""
    now.rule(mask, "umask(2)/sets", of="world")
    threads = now.world.threads(now.task.process)
    world = now.world.with_tasks(*(replace(task, umask=mask & PERMISSIONS) for task in threads))
    return Outcome(replace(OK, value=now.task.umask), world)
