"""The lines of a script as commands: what util-linux and coreutils have a program for, which makes that call.

A program that changes the credential changes its own; so the script goes on in a shell that this program starts.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from credstone.notation.show import show_call
from credstone.repro.shell_text import MOST, beyond, word
from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.scenario import File

_LEAVE = -1
"""The argument that leaves an id as it is."""


class Command(msgspec.Struct, frozen=True):
    """How a line is said: the word that gives its answer, and the command in which the script goes on after a success.

    ``sticks`` is what has to be done for the rest of the script in the same shell, such as setting its umask.
    """

    answer: str
    goes_on: str = ""
    sticks: str = ""


def command(call: Call, files: dict[str, File]) -> Command:
    """The command for a call.  Raises CredstoneError where there is none; ``files`` are those of the cell."""
    maker = _MAKERS.get(call.name)
    if maker is None:
        raise beyond(show_call(call), "no program of util-linux or coreutils makes that call by itself")
    if said := maker(call, files):
        return said
    raise beyond(show_call(call), "no program of util-linux or coreutils makes that call with these arguments")


def _prints(text: str) -> Callable[[Call, dict[str, File]], Command | None]:
    """A call without arguments, by a command that prints its answer."""
    return lambda call, files: None if call.arguments else Command(f'"$({text})"')


def _runs(*words: str) -> Command:
    """A program that makes the call and says how it went by its status."""
    return Command(f'"$(answer {" ".join(words)})"')


def _starts(*words: str) -> Command:
    """The same, by a program that has changed itself and starts another."""
    return Command(f'"$(answer {" ".join(words)} true)"', goes_on=" ".join([*words, "sh"]))


def _setgroups(call: Call, files: dict[str, File]) -> Command | None:
    match call.arguments:
        case (Items(items) as groups,) if groups.numbers is not None and len(items) <= MOST:
            return _starts("setpriv", groups_option(groups.numbers))
    return None


def groups_option(groups: tuple[int, ...]) -> str:
    """The option of setpriv(1) for a list."""
    return f"--groups={','.join(map(str, groups))}" if groups else "--clear-groups"


def _three(kind: str) -> Callable[[Call, dict[str, File]], Command | None]:
    """setresuid(2) or setresgid(2), which setpriv(1) calls with the same effective and saved id."""

    def make(call: Call, files: dict[str, File]) -> Command | None:
        options = ids_options(kind, call.arguments)
        keep = ["--keep-groups"] if kind == "gid" else []
        return _starts("setpriv", *options, *keep) if options else None

    return make


def ids_options(kind: str, ids: tuple[Argument, ...]) -> list[str]:
    """The options of setpriv(1) for a real, an effective and a saved id; none where it cannot set them so."""
    numbers = [each for each in ids if isinstance(each, int) and _LEAVE <= each < 2**32 - 1]
    if len(numbers) != 3 or numbers[1] != numbers[2]:
        return []
    real, effective, _ = numbers
    if real == effective:
        return [] if real == _LEAVE else [f"--re{kind}={real}"]
    given = [(f"--r{kind}", real), (f"--e{kind}", effective)]
    return [f"{option}={number}" for option, number in given if number != _LEAVE]


def _status(call: Call, files: dict[str, File]) -> Command | None:
    match call.arguments:
        case (Word("$pid" | "self" | "thread-self"), Word("Uid" | "Gid" | "Groups" as field)):
            return Command(f'"$(list $(status_of {field}))"')
        case (Word("$pid" | "self" | "thread-self"), Word(field)) if field.startswith(("Cap", "Sig")):
            return Command(f'"$(bits {field})"')
        case (Word("$pid" | "self" | "thread-self"), Word(field)):
            return Command(f'"$(status_of {field})"')
    return None


def _capget(call: Call, files: dict[str, File]) -> Command | None:
    if call.arguments:
        return None
    return Command('"$(bits CapPrm) $(bits CapEff) $(bits CapInh)"')


def _prctl(call: Call, files: dict[str, File]) -> Command | None:
    match call.arguments:
        case (Word("PR_SET_NO_NEW_PRIVS"), 1, *rest) if not any(rest):
            return _starts("setpriv", "--no-new-privs")
        case (Word("PR_GET_NO_NEW_PRIVS"), *rest) if not any(rest):
            return Command('"$(status_of NoNewPrivs)"')
    return None


def _unshare(call: Call, files: dict[str, File]) -> Command | None:
    return _starts("unshare", "--user") if call.arguments == (Word("CLONE_NEWUSER"),) else None


def _open(call: Call, files: dict[str, File]) -> Command | None:
    """dd(1) opens with the flags that it is told; what it creates has mode 0666."""
    match call.arguments:
        case (Word() | Text() as path, Word("O_RDONLY")):
            return _runs("dd", f"if={_path(path)}", "count=0", "status=none")
        case (Word() | Text() as path, Word("O_WRONLY")):
            return _runs("dd", f"of={_path(path)}", "conv=nocreat,notrunc", "count=0", "status=none")
        case (Word() | Text() as path, Word("O_WRONLY|O_TRUNC")):
            return _runs("dd", f"of={_path(path)}", "conv=nocreat", "count=0", "status=none")
    return None


def _chown(*options: str) -> Callable[[Call, dict[str, File]], Command | None]:
    def make(call: Call, files: dict[str, File]) -> Command | None:
        path, *ids = call.arguments
        numbers = [each for each in ids if isinstance(each, int)]
        if len(numbers) != 2 or numbers == [_LEAVE, _LEAVE]:
            return None
        owner, group = ("" if each == _LEAVE else str(each) for each in numbers)
        return _runs("chown", *options, f"{owner}{':' if group else ''}{group}", _path(path))

    return make


def _chmod(call: Call, files: dict[str, File]) -> Command | None:
    path, mode = call.arguments
    return _runs("chmod", f"0{mode:04o}", _path(path)) if isinstance(mode, int) else None


def _mkdir(call: Call, files: dict[str, File]) -> Command | None:
    """mkdir(1) without a mode; with one it goes round the umask."""
    path, mode = call.arguments
    return _runs("mkdir", _path(path)) if mode == 0o777 else None


def _with_paths(*words: str) -> Callable[[Call, dict[str, File]], Command | None]:
    return lambda call, files: _runs(*words, *map(_path, call.arguments))


def _stat(call: Call, files: dict[str, File]) -> Command | None:
    (path,) = call.arguments
    return _runs("stat", "--dereference", "--format='%u %g 0%03a'", _path(path))


def _umask(call: Call, files: dict[str, File]) -> Command | None:
    (mask,) = call.arguments
    return Command('"$(umask)"', sticks=f"umask 0{mask:03o}") if isinstance(mask, int) else None


def _exec(call: Call, files: dict[str, File]) -> Command | None:
    """A copy of the shell goes on with the script; of what is none it can only be shown that it does not start."""
    path = _path(call.arguments[0])
    name = path if path.startswith(("/", "./")) else f"./{path}"
    file = files.get(path.removeprefix("./"))
    answer = f'"$(answer env {name} -p -c :)"'
    return Command(answer, goes_on=name if file is not None and file.kind == "agent" else "")


def _path(value: Argument) -> str:
    """A path that is the same for whoever makes the call."""
    text = value.text if isinstance(value, Text) else value.word if isinstance(value, Word) else ""
    if not text or "$" in text or text.startswith("/proc/"):
        raise beyond(f"the path {text or value}", "it leads to another place for the program that makes the call")
    return word(text)


_MAKERS: dict[str, Callable[[Call, dict[str, File]], Command | None]] = {
    "getuid": _prints("answer id -ru"),
    "geteuid": _prints("answer id -u"),
    "getgid": _prints("answer id -rg"),
    "getegid": _prints("answer id -g"),
    "getresuid": _prints("three_ids Uid"),
    "getresgid": _prints("three_ids Gid"),
    "getgroups": _prints("list $(status_of Groups)"),
    "status": _status,
    "capget": _capget,
    "prctl": _prctl,
    "setgroups": _setgroups,
    "setresuid": _three("uid"),
    "setresgid": _three("gid"),
    "unshare": _unshare,
    "open": _open,
    "stat": _stat,
    "chown": _chown(),
    "lchown": _chown("--no-dereference"),
    "chmod": _chmod,
    "mkdir": _mkdir,
    "rmdir": _with_paths("rmdir"),
    "unlink": _with_paths("unlink"),
    "link": _with_paths("link"),
    "rename": _with_paths("mv", "--no-target-directory"),
    "umask": _umask,
    "exec": _exec,
}
