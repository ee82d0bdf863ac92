"""The calls that this agent can make: one row for each.

Those under test are here; they go through ``os``, ``pwd``, ``grp`` and ``subprocess`` with exactly the arguments of the line, so that
Python's own checks and a preloaded library take part.  The others, plumbing, only look or prepare: they answer
the same whatever the API, and stand in modules of their own.
"""

import grp
import os
import pwd
import re
import types
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple

import constants
import files
import namespaces
import privileges
import processes
import queues
import sockets
import spawn
import status
from kernel import errno_name
from refused import Refused
from rows import Row, Rows
from wire import Keyword, Unreadable, Word, encode_answer, is_ids

OF_THREADS = status.READABLE


class Call(NamedTuple):
    """A call that is ready to be made; only words for processes are still to be replaced.  ``then`` is made in the
    child of a clone."""

    name: str
    function: Callable[..., Any]
    arguments: Tuple[Any, ...]
    keywords: Dict[str, Any]
    plumbing: bool
    then: Optional["Call"] = None


NOTHING = Call("", int, (), {}, True)


def _ids_of_user(name: str) -> List[int]:
    entry = pwd.getpwnam(name)
    return [entry.pw_uid, entry.pw_gid]


_OWN: Rows = {
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
}
TABLE: Rows = {name: row._replace(plumbing=False) for name, row in _OWN.items()}
for _rows in (files.ROWS, namespaces.ROWS, privileges.ROWS, processes.ROWS, queues.ROWS, sockets.ROWS):
    TABLE.update(_rows)

_POINTERS = ("valid", "null", "bad-pointer")
_BUFFERS = ("getgroups", "getgrouplist")
_OF_C_AGENT = ("exec", "getauxval")
_KEPT = {  # words that are no constants, and which the call itself understands
    "capget": ("valid", "null", "bad-pointer", "header"),
    "capset": ("valid", "null", "bad-pointer", "header"),
    "prctl": ("valid", "null", "bad-pointer"),
    "setns": (namespaces.HELD,),
    "ioctl": (namespaces.HELD,),
    "pause": ("on-a-small-stack",),
    "sigprocmask": ("all",),
}
_OPENERS = ("open", "pidfd_open", "dup", "memfd_create", "eventfd")  # functions of os whose answer is a descriptor
_NAMES = {"initgroups", "getgrouplist", "getpwnam", "getpwuid", "getgrnam", "getgrgid"}
_SIMPLE = set(_OWN) - _NAMES | {
    "access", "capget", "capset", "chmod", "chown", "chroot", "clone", "faccessat", "getpid", "getpriority", "ioctl",
    "ioprio_set", "kill", "lchown", "link", "mkdir", "open", "pidfd_send_signal", "prctl", "process_vm_readv", "pwrite", "read",
    "rename", "rmdir", "same_namespace", "sched_setaffinity", "sched_setscheduler", "setns", "setpriority",
    "sigprocmask", "sigqueue", "sigwaitinfo", "stat", "status", "tgkill", "tkill", "truncate", "umask", "unlink", "unshare",
    "utimensat", "waitid", "write",
}  # fmt: skip
_VARIABLE = re.compile(r"\$([a-z]\w*)")
_MODULES: Dict[str, types.ModuleType] = {"os": os, "pwd": pwd, "grp": grp}


def find(api: str, name: str, arguments: List[Any], paths: Set[str], children: Set[str]) -> Call:
    """The call that a line names, its constants replaced; Unreadable if this agent has no such call."""
    if name in _OF_C_AGENT:
        raise Unreadable(name + " is the C agent's")
    if name == "clone" and arguments[1:2] == ["then"]:
        if len(arguments) == 2:
            raise Unreadable("no call follows the word 'then'")
        clone = find(api, name, arguments[:1], paths, children)
        return clone._replace(then=find(api, str(arguments[2]), arguments[3:], paths, children))
    plumbed = False
    if name == "subprocess":
        function, arguments = _subprocess(arguments)
    elif "." in name:
        function = _attribute(name)
    else:
        function, plumbed = _row(name, arguments)
    if api != "python" and not plumbed:
        raise Unreadable("the Python agent has no API " + api)
    known = paths | children | {"$pid"} | {"$" + child for child in children}
    keywords = {each.name: _constant(each.value, name, known) for each in arguments if isinstance(each, Keyword)}
    positional = [_constant(each, name, known) for each in arguments if not isinstance(each, Keyword)]
    return Call(name, function, tuple(positional), keywords, plumbed)


def _row(name: str, arguments: List[Any]) -> Tuple[Callable[..., Any], bool]:
    """The function of a row, and whether it is plumbing."""
    if name not in TABLE:
        raise Unreadable(f"there is no call {name} in the Python agent")
    if "then" in arguments:
        raise Unreadable(f"no new process that could make another call comes from {name}")
    row = TABLE[name]
    pointers = any(isinstance(argument, Word) and argument in _POINTERS for argument in arguments)
    if not row.plumbing and (pointers or (name in _BUFFERS and len(arguments) > row.most)):
        raise Unreadable(f"{name} with a buffer cannot be expressed in Python")
    if not row.least <= len(arguments) <= row.most:
        raise Unreadable(f"{name} takes {_how_many(row)}")
    return row.function, row.plumbing


def _how_many(row: Row) -> str:
    """How many arguments a call takes, in words."""
    if row.least == row.most:
        return "1 argument" if row.most == 1 else "{} arguments".format(row.most)
    return "{} to {} arguments".format(row.least, row.most)


def _attribute(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(".")
    if name in ("os.fork", "os.forkpty"):
        raise Unreadable(name + " would give the cell a second main; a child is named in the line")
    found: object = getattr(_MODULES.get(module), attribute, None)
    if not callable(found):
        raise Unreadable("this Python has no " + name)
    if module == "os" and attribute in _OPENERS:
        return lambda *arguments, **keywords: os.close(found(*arguments, **keywords))
    return found


def _subprocess(arguments: List[Any]) -> Tuple[Callable[..., Any], List[Any]]:
    if "then" not in arguments:
        raise Unreadable("subprocess ends in: then, and a call")
    end = arguments.index("then")
    then = status.reader(arguments[end + 1 :])
    for argument in arguments[:end]:
        if not isinstance(argument, Keyword):
            raise Unreadable("subprocess takes keywords only")

    def run(**keywords: Any) -> Any:
        return spawn.ask(then, keywords, mask=arguments[end + 1] == "umask")

    if not spawn.possible():
        raise Unreadable(f"no {spawn.PROGRAM[0]} here")
    return run, arguments[:end]


def _constant(argument: Any, call: str, known: Set[str]) -> Any:
    """An argument with its constants replaced.  Words for processes stay until the call is made."""
    if isinstance(argument, list):
        return argument if is_ids(argument) else [_constant(item, call, known) for item in argument]
    if not isinstance(argument, Word):
        return argument
    if argument in known:
        return argument
    if call == "status" or argument in _KEPT.get(call, ()):
        return str(argument)
    if call == "capset" and argument.startswith("CAP_"):
        return constants.mask(argument)
    return constants.value(argument)


def is_simple(call: Call, own_names: bool) -> bool:
    """Whether a call returns, and leaves nothing in the memory of its process: no library loaded, no file read ahead,
    no descriptor in a variable.  What the C library remembers of a look-up of names is the same in all cells that have
    a database of their own."""
    module, _, name = call.name.rpartition(".")
    if name in _NAMES:
        return own_names
    if name == "subprocess":
        return own_names or not any(map(_holds_text, call.keywords.values()))
    return name in _SIMPLE and module in ("", "os")


def _holds_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and not is_ids(value))


def children_in(argument: Any, children: Set[str]) -> Set[str]:
    """The children that an argument names: as a word, or by ``$c`` in a word or a text."""
    if isinstance(argument, Keyword):
        return children_in(argument.value, children)
    if isinstance(argument, list) and not is_ids(argument):
        return set().union(*(children_in(item, children) for item in argument if isinstance(item, str)))
    if not isinstance(argument, str):
        return set()
    found = set(_VARIABLE.findall(argument)) & children
    if isinstance(argument, Word) and argument in children:
        found.add(str(argument))
    return found


def _live(argument: Any, numbers: Dict[str, int]) -> Any:
    if isinstance(argument, Word):
        name = argument[1:] if argument.startswith("$") else argument
        return numbers.get(name, str(argument))  # no process: a file of the cell, whose folder is where we are
    if isinstance(argument, str) and "$" in argument:
        return _VARIABLE.sub(lambda found: str(numbers.get(found.group(1), found.group())), argument)
    if isinstance(argument, list) and not is_ids(argument):
        return [_live(item, numbers) for item in argument]
    return argument


def make(call: Call, numbers: Dict[str, int]) -> str:
    """Make the call and return its answer as JSON.  ``numbers`` has the process IDs by name, main's as ``pid``."""
    arguments = [_live(argument, numbers) for argument in call.arguments]
    keywords = {name: _live(argument, numbers) for name, argument in call.keywords.items()}
    try:
        if call.then is not None:
            then = call.then
            return namespaces.in_clone(arguments[0], lambda: make(then, numbers))
        return encode_answer(value=plain(call.function(*arguments, **keywords)))
    except OSError as error:
        # Plumbing answers as the C agent does; that Python raised something on the way is no finding.
        return encode_answer(errno_name(error.errno or 0), -1, "" if call.plumbing else type(error).__name__)
    except Refused:
        raise
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
        return files.ids_and_mode(value)
    if isinstance(value, (list, tuple)) and is_ids(list(value)):
        return list(value)
    if isinstance(value, bytes):
        return os.fsdecode(value)
    return str(value)
