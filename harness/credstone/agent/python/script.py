"""A cell as it was sent: set-up lines and lines, read and checked before any process exists.

What this agent cannot perform is found here, so that such a cell ends as ``refused`` without side effects.
"""

import struct
from typing import Any, List, NamedTuple, Optional, Sequence, Set, Tuple, Union

from credential import Credential
from table import NEEDS_FOLDER
from wire import Unreadable, Word, is_ids, number, split, text, token

import calls

MAIN, OUTSIDE, THREADS = "main", "outside", "threads"
_SPOKEN = ("do", "begin", "await")
_PIPED = ("read_pipe", "write_pipe")
_MAKERS = (*NEEDS_FOLDER, "symlink", "mkfifo", "mknod", "makedirs", "chdir")  # the others are functions of os


class File(NamedTuple):
    """A file of the cell's folder; without content it is itself a folder.  ``capabilities`` are the bytes of the
    security.capability attribute."""

    name: str
    content: Optional[str]
    owner: int
    group: int
    mode: int
    capabilities: bytes


class Etc(NamedTuple):
    """The user and group database; None for a file that is not there."""

    passwd: Optional[str]
    group: Optional[str]


class Namespace(NamedTuple):
    """A new user namespace.  An empty map or knob is not written."""

    outside: bool
    uid_map: str
    gid_map: str
    setgroups: str


class Started(NamedTuple):
    """Be as the agent was when it was started."""


SetUp = Union[File, Etc, Namespace, Started, Credential]


class Step(NamedTuple):
    """One line: who performs which call.  ``children`` are those that it names, the performer included.  A call that is
    begun is not waited for; one that is awaited was begun by an earlier line."""

    who: str
    call: calls.Call
    children: Tuple[str, ...]
    begun: bool = False
    awaited: bool = False


_NONE = Step("", calls.NOTHING, ())


class Cell(NamedTuple):
    """One cell.  What its process would have to find out is found out here: there each page touched is a page copied.

    ``patience`` is the time after which a process of the cell ends itself: should the agent be killed, nobody else ends
    it.
    """

    number: int
    limit: float  # seconds
    patience: int  # seconds
    before: List[SetUp]  # up to the first namespace: this is also what `outside` is
    after: List[SetUp]
    load: int
    steps: List[Step]
    has_outside: bool
    has_folder: bool
    nosuid: bool
    has_pipe: bool
    has_others: bool  # processes
    simple: bool  # no threads, and main does nothing that the memory of its process would remember


def heading(line: bytes) -> Tuple[int, float]:
    """The number and the time limit, in seconds, of a ``cell`` line."""
    words = split(line)
    if len(words) != 3 or words[0] != "cell":
        raise Unreadable("a cell was expected, not " + " ".join(words)[:80])
    return number(words[1]), number(words[2]) / 1000.0


def read(cell: int, limit: float, lines: Sequence[bytes]) -> Cell:
    """The lines between ``cell`` and ``end``; Unreadable if one cannot be performed."""
    setup: List[SetUp] = []
    load, nosuid = 0, False
    spoken: List[List[str]] = []
    for line in lines:
        words = split(line)
        if spoken and words[0] not in _SPOKEN:
            raise Unreadable(f"the set-up line {words[0]} stands after the first do")
        if words[0] in _SPOKEN:
            spoken.append(words)
        elif words[0] == "load" and len(words) == 2:
            load = number(words[1])
        elif words == ["nosuid"]:
            nosuid = True
        else:
            setup.append(_set_up(words))
    names = {line.name for line in setup if isinstance(line, File)}
    children = {words[1][len("child:") :] for words in spoken if len(words) > 1 and words[1].startswith("child:")}
    steps: List[Step] = []
    for words in spoken:
        step = _awaited(words, steps) if words[0] == "await" else _step(words, names, children)
        if not step.awaited and _last_of(step.who, steps).begun:
            raise Unreadable(step.who + " is in a call, and can do nothing else")
        steps.append(step)
    namespaces = [line for line in setup if isinstance(line, Namespace)]
    own_names = any(isinstance(line, Etc) for line in setup)
    inside = setup.index(namespaces[0]) if namespaces else len(setup)
    return Cell(
        cell,
        limit,
        int(limit) + 3,
        setup[:inside],
        setup[inside:],
        load,
        steps,
        any(step.who == OUTSIDE for step in steps),
        nosuid or bool(names) or any(_needs_folder(step.call) for step in steps),
        nosuid,
        any(step.call.name in _PIPED for step in steps),
        any(step.who != MAIN or step.children for step in steps),
        not load and all(_is_simple(step, own_names) for step in steps),
    )


def _is_simple(step: Step, own_names: bool) -> bool:
    if step.who != MAIN:
        return step.who == OUTSIDE or step.who.startswith("child ")
    return calls.is_simple(step.call, own_names)


def _needs_folder(call: calls.Call) -> bool:
    """Whether a call could make something in the current directory, or makes it the root."""
    named = [each for each in call.arguments if isinstance(each, str) and not isinstance(each, Word)]
    return call.name.split(".")[-1] in _MAKERS and any(not name.startswith("/") for name in named)


def _set_up(words: List[str]) -> SetUp:
    keyword = words[0]
    try:
        if keyword == "as":
            return _credential([token(word) for word in words[1:]])
        if words == ["started"]:
            return Started()
        if keyword == "file":
            return _file(words[1:])
        if keyword == "etc":
            passwd, group = words[1:]
            return Etc(_content(passwd), _content(group))
        if keyword == "namespace":
            writer, uid_map, gid_map, setgroups = words[1:]
            if writer in ("self", "outside") and setgroups in ("deny", "allow", "keep"):
                return Namespace(
                    writer == "outside", token(uid_map), token(gid_map), "" if setgroups == "keep" else setgroups
                )
    except (ValueError, TypeError):
        pass
    raise Unreadable("the line {} cannot be read".format(" ".join(words)[:80]))


def _content(word: str) -> Optional[str]:
    if word == "missing":
        return None
    if not word.startswith('"'):
        raise Unreadable("a text was expected, not " + word)
    return text(word[1:])


def _file(words: List[str]) -> File:
    name, content, owner, group, mode = words[:5]
    capabilities = b""
    if len(words) == 6:
        capabilities = _attribute(*(int(value) for value in token(words[5])))
    elif len(words) > 6:
        raise ValueError
    if ".." in name.split("/") or name.startswith("/"):
        raise Unreadable("a file of the cell lies in its folder: " + name)
    # Nothing can be executed here, so a copy of the agent need not be one.
    written = None if content == "folder" else "" if content == "agent" else _content(content)
    if content == "missing":
        raise ValueError
    return File(name, written, number(owner), number(group), int(mode, 8), capabilities)


def _attribute(permitted: int, inheritable: int, effective: int, rootid: int) -> bytes:
    """The value of security.capability: struct vfs_ns_cap_data, or the shorter vfs_cap_data where there is no rootid."""
    version = 2 if rootid == -1 else 3
    low, high = 0xFFFFFFFF, 32
    content = struct.pack(
        "<5I",
        version << 24 | bool(effective),
        permitted & low,
        inheritable & low,
        permitted >> high & low,
        inheritable >> high & low,
    )
    return content if rootid == -1 else content + struct.pack("<I", rootid & low)


def _credential(values: List[Any]) -> Credential:
    uid, gid, groups, capabilities, securebits, no_new_privs = values
    if not (
        is_ids(uid)
        and is_ids(gid)
        and is_ids(groups)
        and is_ids(capabilities)
        and len(uid) == len(gid) == 4
        and len(capabilities) == 5
    ):
        raise ValueError
    return Credential(uid, gid, groups, capabilities, int(securebits), bool(no_new_privs), False, 1, 0)


def _who(word: str) -> str:
    kind, colon, name = word.partition(":")
    if colon and name and kind in ("thread", "child"):
        return kind + " " + name
    if word in (MAIN, OUTSIDE, THREADS):
        return word
    raise Unreadable("nobody is called " + word)


def _step(words: List[str], names: Set[str], children: Set[str]) -> Step:
    if len(words) < 4:
        raise Unreadable("a line without a call: " + " ".join(words))
    who, begun = _who(words[1]), words[0] == "begin"
    arguments = [token(word) for word in words[4:]]
    call = calls.find(words[2], words[3], arguments, names, children)
    if who == THREADS and call.name not in calls.OF_THREADS:
        raise Unreadable(f"{call.name} cannot be asked of all threads")
    if who in (MAIN, THREADS, OUTSIDE) and call.name == "exit":
        raise Unreadable("only threads and children can exit")
    if who in (MAIN, THREADS) and begun:
        raise Unreadable("main waits for all others, and cannot begin what it does not end")
    mentioned: Set[str] = set()
    for argument in arguments:
        mentioned |= calls.children_in(argument, children)
    if who.startswith("child "):
        mentioned.add(who[len("child ") :])
    return Step(who, call, tuple(sorted(mentioned)), begun)


def _last_of(who: str, steps: List[Step]) -> Step:
    """The last step of one performer; one that was not begun if there is none."""
    return next((step for step in reversed(steps) if step.who == who), _NONE)


def _awaited(words: List[str], steps: List[Step]) -> Step:
    """The step that waits for the call that was begun."""
    last = _last_of(_who(words[1]) if len(words) == 2 else "", steps)
    if not last.begun:
        raise Unreadable("there is nothing to wait for: " + " ".join(words))
    return last._replace(begun=False, awaited=True)
