"""execve(2): what may be executed, and what a new program does to its process.

The credential in the new program is in ``new_image``.
"""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.caller import OK, Moment
from credstone.model.commit import replace
from credstone.model.files.ownership import SET_GID, SET_UID
from credstone.model.files.paths import folders_to, lookup
from credstone.model.files.permissions import EXECUTE, READ, may
from credstone.model.programs.new_image import new_image
from credstone.model.programs.user_processes import is_over_limit
from credstone.model.rules import Outcome, Page
from credstone.model.subjects import SET_ID
from credstone.words.scenario import VFORKED, File

EXECVE = Page(
    failure=("execve(2)/error-minus-one",),
    order=("execve(2)/linux/check-order",),
    unchanged=("execve(2)/failure-changes-nothing",),
)

CLONED = "cloned"
"""The process that clone(2) made for one call."""
MOST_SCRIPTS = 5
"""A script whose interpreter is a script, and so on: so many can stand before the program."""


def execute(now: Moment, name: str) -> Outcome:
    """int execve(...) of a file of the cell: a copy of the agent, or a script that leads to one."""
    task = now.task
    if task.who in (VFORKED, CLONED):
        raise NotModelled("a process that ends after this line executes no program")
    still_over = task.over_limit and is_over_limit(now.world, task, task.credential.uid.real, 1)
    now.refuse("EAGAIN", "execve(2)/EAGAIN", still_over)
    asked = _executable(now, name)
    program = _interpreter_of(now, asked)
    program = now.rule(program, "execve(2)/script-bits-ignored", of=SET_ID)
    if program.mode & (SET_UID | SET_GID) and task.credential.uid.effective != now.namespace.uid(0):
        # ERRORS has it otherwise than DESCRIPTION: the bits are ignored, and the program is executed.
        if now.system.nosuid:
            now.accept("execve(2)/EPERM-nosuid", "EPERM")
        if task.tracer is not None:
            now.accept("execve(2)/EPERM-traced", "EPERM")
    readable = may(now, program, READ)
    credential, told = new_image(now, program, readable)
    memory = task.namespace if readable else _home_of(now, program)
    noted = now.rule(False, "execve(2)/EAGAIN-cleared", of="world")
    first = replace(task, who=task.process, credential=credential, memory=memory, over_limit=noted, auxiliary=told)
    others = tuple(other for other in now.world.threads(task.process) if other.who != task.who)
    gone = now.rule(others, "execve(2)/other-threads-gone", of="world")
    left = tuple(other for other in now.world.tasks if other not in gone and other.who != task.who)
    return Outcome(OK, replace(now.world, tasks=left).with_tasks(first))


def _executable(now: Moment, path: str) -> File:
    """The file at this path, if the caller may execute it."""
    for way in folders_to(path):
        folder = _find(now, way)
        now.refuse("ENOTDIR", "open(2)/ENOTDIR", folder.kind != "folder")
        searched = may(now, folder, EXECUTE)
        now.refuse("EACCES", "execve(2)/EACCES-search", not searched)
    file = _find(now, path)
    now.refuse("ENOTDIR", "open(2)/ENOTDIR", path.endswith("/") and file.kind != "folder")
    now.refuse("EACCES", "execve(2)/EACCES-not-regular", file.kind == "folder")
    allowed = may(now, file, EXECUTE)
    now.refuse("EACCES", "execve(2)/EACCES", not allowed)
    return file


def _find(now: Moment, path: str) -> File:
    """The file with this name, which must exist."""
    file = lookup(now.world, path)
    now.refuse("ENOENT", "execve(2)/ENOENT", file is None)
    return now.rule(now.sure(file), "execve(2)/ENOENT", of="answer")


def _interpreter_of(now: Moment, file: File) -> File:
    """The program that runs a file: the file itself, or what the first line of a script names."""
    scripts = 0
    while file.kind != "agent":
        first_line = file.content.partition("\n")[0]
        words = first_line.removeprefix("#!").split()
        now.refuse("ENOEXEC", "execve(2)/ENOEXEC", not first_line.startswith("#!") or not words)
        path = now.rule((words or [""])[0].removeprefix("./"), "execve(2)/script-interpreter", of="answer")
        if path.startswith("/"):
            raise NotModelled(f"it does not know the interpreter {path}")
        file = _executable(now, path)
        file = now.rule(file, "execve(2)/script-of-scripts", of="answer")
        scripts += 1
        now.refuse("ELOOP", "execve(2)/ELOOP", scripts > MOST_SCRIPTS)
    return file


def _home_of(now: Moment, file: File) -> int:
    """The user namespace that the memory of a program belongs to that its caller may not read: one that has its ids."""
    number = now.task.namespace
    while now.world.namespaces[number].parent >= 0:
        namespace = now.world.namespaces[number]
        if namespace.has_ids_of(file):
            break
        number = namespace.parent
    return number


def getauxval(now: Moment, name: str) -> Outcome:
    """unsigned long getauxval(unsigned long type) of the program that runs."""
    told = now.task.auxiliary
    if told is None or name not in ("AT_UID", "AT_EUID", "AT_GID", "AT_EGID", "AT_SECURE"):
        return now.undecided()
    return now.answers(now.rule(getattr(told, name.removeprefix("AT_").lower()), "getauxval(3)/value", of="answer"))
