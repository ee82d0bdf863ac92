"""Writing the maps of a user namespace, by who is in it or by a process that stayed outside.

user_namespaces(7) lets an unprivileged process map only itself; ranges are written by a privileged process of the
parent namespace.  Which of the two a cell uses is part of its actor.
"""

import os
from typing import List

import kernel
from refused import Doing, Refused
from script import Namespace, SetUp

_LEAVE = b"leave"


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


class Writer:
    """A process that keeps the agent's credentials and writes the maps of the namespaces that main makes.

    It is forked before main becomes the actor, and only if a line of the set-up asks for it.
    """

    def __init__(self, lines: List[SetUp]) -> None:
        self.lines = lines
        main = os.getpid()
        ask_in, self.ask = os.pipe()
        self.reply, reply_out = os.pipe()
        self.pid = kernel.fork()
        if self.pid == 0:
            os.close(self.ask)
            os.close(self.reply)
            self._serve(main, ask_in, reply_out)
        os.close(ask_in)
        os.close(reply_out)

    def _serve(self, main: int, ask: int, reply: int) -> None:
        try:
            while True:
                asked = os.read(ask, 16)  # main waits for each answer, so this is one number
                if not asked or asked == _LEAVE:
                    break
                note = ""
                try:
                    line = self.lines[int(asked)]
                    assert isinstance(line, Namespace)
                    write(f"/proc/{main}/", line)
                except Refused as error:
                    note = str(error)
                os.write(reply, note.encode() + b"\n")
        finally:
            os._exit(0)

    def write(self, wanted: Namespace) -> None:
        """Have the maps of main's new namespace written; Refused as if main had written them."""
        os.write(self.ask, b"%d" % self.lines.index(wanted))
        note = os.read(self.reply, 200)
        if note != b"\n":
            raise Refused(note.decode().strip() or "the process that writes the maps has ended")

    def close(self) -> None:
        """The set-up is done: the process goes."""
        os.write(self.ask, _LEAVE)  # the end of the pipe would not be seen: `outside` holds it too
        os.close(self.ask)
        os.close(self.reply)
        os.waitpid(self.pid, 0)
