"""The calls that this agent can make: how a line becomes a call, and a result an answer.

Those that Python has a way of its own to make go through ``os``, ``pwd``, ``grp`` and ``subprocess`` with exactly the
arguments of the line, so that Python's own checks and a preloaded library take part.  The others, plumbing, answer the
same whatever the API.  What a call takes is in table.py, which is generated; calls that are not regular are in modules of
their own.
"""

import grp
import os
import pwd
import re
import types
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple

import constants
import files
import kernel
import namespaces
import privileges
import processes
import queues
import sockets
import spawn
import status
import table
from kernel import errno_name
from refused import Refused
from rows import Rows
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


_MODULES: Dict[str, types.ModuleType] = {"os": os, "pwd": pwd, "grp": grp}


def _function(name: str, module: str) -> Callable[..., Any]:
    """What makes a regular call: a function of that name, of a module, of the C library, or the kernel's by its number."""
    if module == "library":
        return lambda *arguments: kernel.library(name, *arguments)
    if module == "kernel":
        return lambda *arguments: kernel.call(name, *arguments)
    found: Callable[..., Any] = getattr(_MODULES[module], name)
    return found


FUNCTIONS: Rows = {name: _function(name, module) for name, module in table.REGULAR.items()}
for _rows in (files.ROWS, namespaces.ROWS, privileges.ROWS, processes.ROWS, queues.ROWS, sockets.ROWS):
    FUNCTIONS.update(_rows)

_POINTERS = ("valid", "null", "bad-pointer")
_OPENERS = ("open", "pidfd_open", "dup", "memfd_create", "eventfd")  # functions of os whose answer is a descriptor
_LOOKS_UP_NAMES = ("getpwuid", *(name for name, left in table.LEAVES.items() if left == "names"))
_CLONE_VM = 0x100
_VARIABLE = re.compile(r"\$([a-z]\w*)")


def find(api: str, name: str, arguments: List[Any], paths: Set[str], children: Set[str]) -> Call:
    """The call that a line names, its constants replaced; Unreadable if this agent has no such call."""
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
    if name not in FUNCTIONS:
        raise Unreadable(f"there is no call {name} in the Python agent")
    if "then" in arguments:
        raise Unreadable(f"no new process that could make another call comes from {name}")
    pointers = any(isinstance(argument, Word) and argument in _POINTERS for argument in arguments)
    if (pointers and name in table.OWN) or len(arguments) in table.BEYOND.get(name, ()):
        raise Unreadable(f"{name} with a buffer cannot be expressed in Python")
    if len(arguments) not in table.COUNTS[name]:
        given = f"{len(arguments)} argument{'' if len(arguments) == 1 else 's'}"
        raise Unreadable(f"{name} does not take {given}")
    return FUNCTIONS[name], name not in table.OWN


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
    if call == "status" or argument in table.WORDS.get(call, ()):
        return str(argument)
    if call == "capset" and argument.startswith("CAP_"):
        return constants.mask(argument)
    return constants.value(argument)


def is_simple(call: Call, own_names: bool) -> bool:
    """Whether a call returns, and leaves nothing in the memory of its process: no library loaded, no file read ahead,
    no descriptor in a variable.  What the C library remembers of a look-up of names is the same in all cells that have
    a database of their own."""
    module, _, name = call.name.rpartition(".")
    if name in _LOOKS_UP_NAMES:
        return own_names
    if name == "unshare":  # with CLONE_VM the kernel looks at who shares the memory
        return isinstance(call.arguments[0], int) and not call.arguments[0] & _CLONE_VM
    if name == "subprocess":
        return own_names or not any(map(_holds_text, call.keywords.values()))
    return name in table.COUNTS and name not in table.LEAVES and module in ("", "os")


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
    except (
        Exception
    ) as error:  # what Python says about the arguments is the answer of a call under test, and of no other
        if call.plumbing:
            raise Refused(f"agent: Python cannot make the call {call.name} with these arguments: {error}") from None
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
