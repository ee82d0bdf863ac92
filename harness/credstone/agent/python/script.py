"""A cell as it was sent: set-up lines and lines, read and checked before any process exists.

What this agent cannot perform is found here, so that such a cell ends as ``refused`` without side effects.
"""

from typing import Any, List, NamedTuple, Optional, Sequence, Set, Tuple, Union

import calls
from credential import Credential
from wire import Keyword, Unreadable, Word, is_ids, number, split, text, token

MAIN, OUTSIDE, THREADS = "main", "outside", "threads"


class File(NamedTuple):
    """A file of the cell's folder."""

    name: str
    content: str
    owner: int
    group: int
    mode: int


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


SetUp = Union[File, Etc, Namespace, Credential]


class Step(NamedTuple):
    """One line: who performs which call.  ``children`` are those that it names, the performer included."""

    who: str
    call: calls.Call
    children: Tuple[str, ...]


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
    has_writer: bool  # maps are written by a process that keeps the agent's credentials


def heading(line: bytes) -> Tuple[int, float]:
    """The number and the time limit, in seconds, of a ``cell`` line."""
    words = split(line)
    if len(words) != 3 or words[0] != "cell":
        raise Unreadable("a cell was expected, not " + " ".join(words)[:80])
    return number(words[1]), number(words[2]) / 1000.0


def read(cell: int, limit: float, lines: Sequence[bytes]) -> Cell:
    """The lines between ``cell`` and ``end``; Unreadable if one cannot be performed."""
    setup: List[SetUp] = []
    load = 0
    spoken: List[List[str]] = []
    for line in lines:
        words = split(line)
        if spoken and words[0] != "do":
            raise Unreadable(f"the set-up line {words[0]} stands after the first do")
        if words[0] == "do":
            spoken.append(words)
        elif words[0] == "load" and len(words) == 2:
            load = number(words[1])
        else:
            setup.append(_set_up(words))
    files = {line.name for line in setup if isinstance(line, File)}
    children = {words[1][len("child:") :] for words in spoken if len(words) > 1 and words[1].startswith("child:")}
    steps = [_step(words, files, children) for words in spoken]
    namespaces = [line for line in setup if isinstance(line, Namespace)]
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
        bool(files),
        any(line.outside for line in namespaces),
    )


def _set_up(words: List[str]) -> SetUp:
    keyword = words[0]
    try:
        if keyword == "as":
            return _credential([token(word) for word in words[1:]])
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
    name, content, owner, group, mode = words
    if content == "agent":
        raise Unreadable("a copy of the agent can only be executed by the C agent")
    if "/" in name:
        raise Unreadable("a file of the cell has no / in its name: " + name)
    return File(name, _content(content) or "", number(owner), number(group), int(mode, 8))


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


def _step(words: List[str], files: Set[str], children: Set[str]) -> Step:
    if len(words) < 4:
        raise Unreadable("a line without a call: " + " ".join(words))
    who = _who(words[1])
    arguments = [token(word) for word in words[4:]]
    call = calls.find(words[2], words[3], arguments, files, children)
    if who == THREADS and call.name not in calls.OF_THREADS:
        raise Unreadable(f"{call.name} cannot be asked of all threads")
    named = [argument.value if isinstance(argument, Keyword) else argument for argument in arguments]
    mentioned = {str(word) for word in named if isinstance(word, Word) and word in children}
    if who.startswith("child "):
        mentioned.add(who[len("child ") :])
    return Step(who, call, tuple(sorted(mentioned)))
