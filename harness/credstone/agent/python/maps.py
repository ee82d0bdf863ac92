"""Writing the maps of a user namespace, by who is in it or by a process that stayed outside.

user_namespaces(7) lets an unprivileged process map only itself; ranges are written by a privileged process of the
parent namespace.  Which of the two a cell uses is part of its actor.
"""

import os

import kernel
from refused import Doing, Refused
from script import Namespace

_ask = _reply = -1


def write(folder: str, wanted: Namespace) -> None:
    """setgroups first: once gid_map is written it cannot be denied any more."""
    for name, content in (("setgroups", wanted.setgroups), ("uid_map", wanted.uid_map), ("gid_map", wanted.gid_map)):
        if content:
            with Doing(name):
                file = os.open(folder + name, os.O_WRONLY | os.O_CLOEXEC)
                try:
                    os.write(file, os.fsencode(content))
                finally:
                    os.close(file)


def _serve(ask: int, reply: int) -> None:
    """The life of the process that writes maps for others: their process ID and a namespace in, a note out."""
    try:
        with open(ask, "rb") as asked:
            for line in asked:
                process, *parts = line[:-1].split(b"\0")
                uid_map, gid_map, setgroups = (os.fsdecode(part).replace("\1", "\n") for part in parts)
                note = ""
                try:
                    write(f"/proc/{int(process)}/", Namespace(True, uid_map, gid_map, setgroups))
                except Refused as error:
                    note = str(error)
                os.write(reply, process + b" " + note.encode() + b"\n")
    finally:
        os._exit(0)


def start() -> None:
    """Fork the process that keeps the agent's credentials, and writes the maps of namespaces from outside."""
    global _ask, _reply
    for old in (_ask, _reply):
        if old >= 0:
            os.close(old)
    ask, _ask = os.pipe()
    _reply, reply = os.pipe()
    if kernel.fork() == 0:
        os.close(_ask)
        os.close(_reply)
        kernel.default_signals()
        _serve(ask, reply)
    os.close(ask)
    os.close(reply)


def write_from_outside(wanted: Namespace) -> None:
    """Have the maps of this process's new namespace written; Refused as if it had written them."""
    own = b"%d" % os.getpid()
    parts = [os.fsencode(part.replace("\n", "\1")) for part in (wanted.uid_map, wanted.gid_map, wanted.setgroups)]
    os.write(_ask, b"\0".join([own] + parts) + b"\n")
    while True:
        said = os.read(_reply, 200).split(b"\n")[-2]
        process, _, note = said.partition(b" ")
        if process == own:  # another one would have been killed while it waited
            break
    if note:
        raise Refused(note.decode())
