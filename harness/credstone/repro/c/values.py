"""The arguments of a line as C: paths, processes, modes, constants."""

from __future__ import annotations

import re

import msgspec

from credstone.repro.c.text import FULL, argument, gid, mask, text
from credstone.words.call import Argument, Text, Word
from credstone.words.capability import MASKS
from credstone.words.errors import CredstoneError
from credstone.words.scenario import OUTSIDE

_VARIABLE = re.compile(r"\$([a-z]\w*)")


class Where(msgspec.Struct, frozen=True):
    """What a line needs to know of its cell: the API, the ABI, the children by their names, and whether anybody but
    main performs lines.
    """

    api: str
    abi: str = ""
    children: frozenset[str] = frozenset()
    crew: bool = False

    @property
    def raw(self) -> bool:
        """Whether the system call is made without the C library's function."""
        return self.api == "syscall"


def member(who: str) -> str:
    """The name of a thread or process in the program: ``THREAD_T``."""
    return who.upper().replace(" ", "_").replace("-", "_")


def variable(name: str, where: Where) -> str:
    """The process ID that ``$name`` stands for."""
    if name == "pid":
        return "shared->pid[MAIN]" if where.crew else "main_pid"
    return f"shared->pid[{member(OUTSIDE if name == OUTSIDE else f'child {name}')}]"


def path(value: Argument, where: Where) -> str:
    """A path or another text; process IDs are put in when the program runs."""
    words = value.text if isinstance(value, Text) else value.word if isinstance(value, Word) else str(value)
    names = _VARIABLE.findall(words)
    if not names:
        return text(words)
    form = _VARIABLE.sub("%d", words.replace("%", "%%"))
    return f"filled({', '.join([text(form), *(variable(name, where) for name in names)])})"


def is_process(value: Argument, where: Where) -> bool:
    """Whether an argument names a process."""
    return isinstance(value, Word) and value.word.removeprefix("$") in {"pid", OUTSIDE, *where.children}


def pid(value: Argument, where: Where) -> str:
    """A process by its ID."""
    if isinstance(value, Word) and is_process(value, where):
        return variable(value.word.removeprefix("$"), where)
    return "getpid()" if value == Word("self") else argument(value)


def status_path(value: Argument, where: Where) -> str:
    """The file in which the status of a process stands."""
    if isinstance(value, Word) and value.word in ("self", "thread-self"):
        return text(f"/proc/{value.word}/status")
    if is_process(value, where):
        return f'filled("/proc/%d/status", {pid(value, where)})'
    return text(f"/proc/{argument(value)}/status")


def descriptor(value: Argument, where: Where) -> str:
    """A descriptor: of a path, of a process, or the one that is held."""
    if value == Word("held"):
        return "held_file"
    if is_process(value, where) or isinstance(value, int):
        return f"(int) syscall(SYS_pidfd_open, {pid(value, where)}, 0)"
    return f"open({path(value, where)}, O_RDONLY | O_CLOEXEC)"


def number(value: Argument) -> int:
    """An argument that has to be a number."""
    if not isinstance(value, int):
        raise CredstoneError(f"There is no C program for the argument {value}.")
    return value


def ident(value: Argument, where: Where) -> str:
    """An id."""
    return gid(number(value))


def octal(value: Argument, where: Where) -> str:
    """The mode of a file."""
    return f"{number(value):#o}".replace("0o", "0")


def constant(value: Argument, where: Where) -> str:
    """A number or constants of the headers."""
    return argument(value).replace("|", " | ")


def sets(value: Argument, where: Where) -> str:
    """A set of capabilities."""
    bits = sum(MASKS[name] for name in value.word.split("|")) if isinstance(value, Word) else number(value)
    return mask(bits, FULL)


def pointer(value: Argument, valid: str) -> str:
    """A pointer by what it leads to."""
    known = {"valid": valid, "null": "NULL", "bad-pointer": "bad_pointer()"}
    if not isinstance(value, Word) or value.word not in known:
        raise CredstoneError(f"There is no C program for the pointer {value}: it has to lead somewhere or nowhere.")
    return known[value.word]
