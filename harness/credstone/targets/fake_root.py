"""fakeroot and proot: they pretend to an ordinary user's programs that these are root's.

Run by root the agent becomes user 65534 first, because who is root has nothing to pretend.  What is judged is the claim: a
root who can take any id, and, once it has given them up, nobody who can.  So the actor ``root`` is the one that is pretended.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import msgspec

from credstone.agent.build import PRETENDED, build, sources
from credstone.agent.process import Process
from credstone.agent.session import Session
from credstone.targets.standin import StandIn
from credstone.words.capability import NAMES
from credstone.words.credential import Capabilities
from credstone.words.errors import LackingError, MachineError

NOBODY = 65534
"""Who runs the agent where the harness is root."""
_EVERYTHING = (1 << len(NAMES)) - 1


class Pretended(StandIn):
    """Runs cells behind a program that pretends to be root; ``pretends_to`` is as in the facts."""

    pretends_to: str

    def _launch(self, agent: str) -> Session:
        session = super()._launch(agent)
        credential = session.facts.credential
        everything = Capabilities(permitted=_EVERYTHING, effective=_EVERYTHING, bounding=_EVERYTHING)
        session.facts = msgspec.structs.replace(
            session.facts,
            credential=msgspec.structs.replace(credential, capabilities=everything),
            pretends_to=self.pretends_to,
            runtime=session.facts.runtime.replace(self.program, self.kind),
        )
        return session

    @property
    def _user(self) -> int | None:
        return NOBODY if os.geteuid() == 0 else None

    def _agent(self) -> tuple[Path, Path]:
        """The agent, where that user may execute it, and a folder in which it may write.  Raises MachineError."""
        place = self._folder.path / "pretended"
        agent = place / "agent"
        if not place.exists():
            place.mkdir()
            shutil.copy(build(self._folder.path, "agent-pretended", sources(), PRETENDED), agent)
            agent.chmod(0o755)
            if self._user is not None:
                os.chown(place, self._user, self._user)
        closed = [folder for folder in place.parents if self._user is not None and not folder.stat().st_mode & 1]
        if closed:
            raise MachineError(
                f"The folder {closed[0]} is closed to user {self._user}, who is to run the agent.",
                "Set TMPDIR to a folder that everybody may enter, such as /tmp.",
            )
        return agent, place


class Proot(Pretended):
    """proot -0 traces the agent and answers its system calls."""

    kind = program = package = "proot"
    pretends_to = "syscall"

    def _start(self) -> Process:
        agent, place = self._agent()
        return Process([self._found(), "-0", str(agent)], place, user=self._user)


class Fakeroot(Pretended):
    """fakeroot stands before the C library; a process of its own, faked, keeps what files pretend to be.

    That process is started here and not by fakeroot(1), which leaves it behind when it is killed.
    """

    kind = package = "fakeroot"
    program = "faked-tcp"
    pretends_to = "libc"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._faked: subprocess.Popen[str] | None = None

    def close(self) -> None:
        super().close()
        self._end()

    def _start(self) -> Process:
        self._end()
        agent, place = self._agent()
        self._faked = subprocess.Popen(
            [self._found(), "--foreground"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
            cwd=place, user=self._user, group=self._user, extra_groups=None if self._user is None else (),
        )  # fmt: skip
        assert self._faked.stdout is not None
        key = self._faked.stdout.readline().partition(":")[0]
        if not key:
            raise MachineError("faked-tcp does not start: it names no port.")
        return Process(
            [str(agent)], place, user=self._user, environment={"LD_PRELOAD": str(_library()), "FAKEROOTKEY": key}
        )

    def _end(self) -> None:
        if self._faked is not None:
            self._faked.kill()
            self._faked.communicate()
            self._faked = None


def _library() -> Path:
    """The library that goes with faked-tcp.  Raises LackingError where there is none."""
    for path in sorted(Path("/usr").glob("lib*/**/libfakeroot-tcp.so")):
        return path
    raise LackingError(
        "There is no libfakeroot-tcp.so below /usr/lib.", "Install it (Debian: apt-get install fakeroot)."
    )
