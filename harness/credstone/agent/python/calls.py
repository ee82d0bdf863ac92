"""The calls that this agent can make: one row for each.

Those under test go through ``os``, ``pwd``, ``grp`` and ``subprocess`` with exactly the arguments of the line, so that
Python's own checks and a preloaded library take part.  The rows marked ``plumbing`` only look or prepare; they answer
the same whatever the API.
"""

import grp
import os
import pwd
import types
from typing import Any, Callable, Dict, List, NamedTuple, Set, Tuple

import constants
import plumbing
import spawn
import status
from kernel import errno_name
from wire import Keyword, Unreadable, Word, encode_answer, is_ids

OF_THREADS = status.READABLE


class Row(NamedTuple):
    """How a call is made: the function, and how many arguments it takes."""

    function: Callable[..., Any]
    least: int = 0
    most: int = 0
    plumbing: bool = False


class Call(NamedTuple):
    """A call that is ready to be made; only words for processes are still to be replaced."""

    name: str
    function: Callable[..., Any]
    arguments: Tuple[Any, ...]
    keywords: Dict[str, Any]
    plumbing: bool


def _ids_of_user(name: str) -> List[int]:
    entry = pwd.getpwnam(name)
    return [entry.pw_uid, entry.pw_gid]


TABLE: Dict[str, Row] = {
    "getuid": Row(os.getuid),
    "geteuid": Row(os.geteuid),
    "getgid": Row(os.getgid),
    "getegid": Row(os.getegid),
    "getresuid": Row(os.getresuid),
    "getresgid": Row(os.getresgid),
    "getgroups": Row(os.getgroups),
    "setuid": Row(os.setuid, 1, 1),
    "setgid": Row(os.setgid, 1, 1),
    "seteuid": Row(os.seteuid, 1, 1),
    "setegid": Row(os.setegid, 1, 1),
    "setreuid": Row(os.setreuid, 2, 2),
    "setregid": Row(os.setregid, 2, 2),
    "setresuid": Row(os.setresuid, 3, 3),
    "setresgid": Row(os.setresgid, 3, 3),
    "setgroups": Row(os.setgroups, 1, 1),
    "initgroups": Row(os.initgroups, 2, 2),
    "getgrouplist": Row(os.getgrouplist, 2, 2),
    "sysconf": Row(os.sysconf, 1, 1),
    "getpwnam": Row(_ids_of_user, 1, 1),
    "getgrnam": Row(lambda name: grp.getgrnam(name).gr_gid, 1, 1),
    "getgrgid": Row(lambda gid: grp.getgrgid(gid).gr_gid, 1, 1),
    "unshare": Row(plumbing.unshare, 1, 1, True),
    "read": Row(plumbing.read, 1, 1, True),
    "write": Row(plumbing.write, 2, 2, True),
    "open": Row(plumbing.open_, 2, 2, True),
    "access": Row(plumbing.access, 2, 2, True),
    "stat": Row(plumbing.stat, 1, 1, True),
    "chown": Row(os.chown, 3, 3, True),
    "chmod": Row(os.chmod, 2, 2, True),
    "status": Row(plumbing.status_of, 2, 2, True),
    "kill": Row(os.kill, 2, 2, True),
    "prctl": Row(plumbing.prctl, 1, 5, True),
    "capset": Row(plumbing.capset, 3, 3, True),
    "getpid": Row(os.getpid, 0, 0, True),
    "pause": Row(plumbing.pause, 0, 0, True),
    "abort": Row(os.abort, 0, 0, True),
}

_POINTERS = ("valid", "null", "bad-pointer")
_BUFFERS = ("getgroups", "getgrouplist")
_MODULES: Dict[str, types.ModuleType] = {"os": os, "pwd": pwd, "grp": grp}


def find(api: str, name: str, arguments: List[Any], files: Set[str], children: Set[str]) -> Call:
    """The call that a line names, its constants replaced; Unreadable if this agent has no such call."""
    if name == "exec":
        raise Unreadable("exec is the C agent's")
    plumbed = False
    if name == "subprocess":
        function, arguments = _subprocess(arguments)
    elif "." in name:
        function = _attribute(name)
    else:
        function, plumbed = _row(name, arguments)
    if api != "python" and not plumbed:
        raise Unreadable("the Python agent has no API " + api)
    known = files | children
    keywords = {each.name: _constant(each.value, name, known) for each in arguments if isinstance(each, Keyword)}
    positional = [_constant(each, name, known) for each in arguments if not isinstance(each, Keyword)]
    return Call(name, function, tuple(positional), keywords, plumbed)


def _row(name: str, arguments: List[Any]) -> Tuple[Callable[..., Any], bool]:
    """The function of a row, and whether it is plumbing."""
    if name not in TABLE:
        raise Unreadable("Python has no call " + name)
    row = TABLE[name]
    pointers = any(isinstance(argument, Word) and argument in _POINTERS for argument in arguments)
    if not row.plumbing and (pointers or (name in _BUFFERS and len(arguments) > row.most)):
        raise Unreadable(f"{name} with a buffer cannot be expressed in Python")
    if not row.least <= len(arguments) <= row.most:
        raise Unreadable(f"{name} takes {row.least} to {row.most} arguments")
    return row.function, row.plumbing


def _attribute(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(".")
    if name in ("os.fork", "os.forkpty"):
        raise Unreadable(name + " would give the cell a second main; a child is named in the line")
    found = getattr(_MODULES.get(module), attribute, None)
    if not callable(found):
        raise Unreadable("this Python has no " + name)
    return found  # type: ignore[no-any-return]


def _subprocess(arguments: List[Any]) -> Tuple[Callable[..., Any], List[Any]]:
    if len(arguments) < 2 or arguments[-2] != "then" or arguments[-1] not in status.READABLE:
        raise Unreadable("subprocess ends in: then, and one of " + " ".join(status.READABLE))
    for argument in arguments[:-2]:
        if not isinstance(argument, Keyword):
            raise Unreadable("subprocess takes keywords only")
    then = str(arguments[-1])

    def run(**keywords: Any) -> Any:
        return spawn.ask(then, keywords)

    if not spawn.possible():
        raise Unreadable(f"no {spawn.PROGRAM[0]} here")
    return run, arguments[:-2]


def _constant(argument: Any, call: str, known: Set[str]) -> Any:
    """An argument with its constants replaced.  Words for processes stay until the call is made."""
    if isinstance(argument, list):
        return [_constant(item, call, known) for item in argument]
    if not isinstance(argument, Word):
        return argument
    if argument == "$pid":
        return argument
    if argument in known:
        return argument
    if call == "status":
        return str(argument)
    if call == "capset":
        return constants.mask(argument)
    return constants.value(argument)


def _live(argument: Any, processes: Dict[str, int]) -> Any:
    if isinstance(argument, Word):
        return processes.get(argument, str(argument))  # no process: a file of the cell, whose folder is where we are
    if isinstance(argument, str) and "$pid" in argument:
        return argument.replace("$pid", str(processes["$pid"]))
    if isinstance(argument, list) and any(isinstance(item, str) for item in argument):
        return [_live(item, processes) for item in argument]
    return argument


def make(call: Call, processes: Dict[str, int]) -> str:
    """Make the call and return its answer as JSON.  ``processes`` has the process IDs by name, main's as ``$pid``."""
    arguments = [_live(argument, processes) for argument in call.arguments]
    keywords = {name: _live(argument, processes) for name, argument in call.keywords.items()}
    try:
        return encode_answer(value=plain(call.function(*arguments, **keywords)))
    except OSError as error:
        # Plumbing answers as the C agent does; that Python raised something on the way is no finding.
        return encode_answer(errno_name(error.errno or 0), -1, "" if call.plumbing else type(error).__name__)
    except Exception as error:  # whatever Python says about the arguments is the answer
        return encode_answer("", -1, type(error).__name__)


def plain(value: Any) -> Any:
    """A result as the protocol writes it: None is 0, a passwd entry its ids, a group entry its gid."""
    if value is None:
        return 0
    if isinstance(value, int):
        return int(value)
    if isinstance(value, pwd.struct_passwd):
        return [value.pw_uid, value.pw_gid]
    if isinstance(value, grp.struct_group):
        return value.gr_gid
    if isinstance(value, os.stat_result):
        return plumbing.ids_and_mode(value)
    if isinstance(value, (list, tuple)) and is_ids(list(value)):
        return list(value)
    if isinstance(value, bytes):
        return os.fsdecode(value)
    return str(value)
