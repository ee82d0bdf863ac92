"""A container image: its C library, its Python, its ABI, and how an engine runs it; the kernel stays the engine's own.

There is one container for as long as it lives.  The C agent is its first process, the Python agent one more process in it,
and cells are streamed through both.
"""

from __future__ import annotations

import uuid
from pathlib import Path

import msgspec

from credstone.agent.session import Session
from credstone.targets.agents import AnyAbi
from credstone.targets.container.client import open_engine
from credstone.targets.container.container import Container, answers, remove_marked, sweep
from credstone.targets.container.images import Prepared, prepare
from credstone.targets.container.metadata import asked_of, engine_of, host_kernel_of, runtime_of
from credstone.targets.container.settings import KIND, deviations_of, parse
from credstone.words.cell import NATIVE
from credstone.words.errors import LackingError, MachineError

COMES_BACK = 20.0
"""Seconds that an engine which was there has to come back, before the cells are given up."""


class Image(AnyAbi):
    """Runs cells in a container of an image, in some posture."""

    def __init__(self, name: str) -> None:
        """Opens the engine and makes the image ready.  Raises MachineError."""
        super().__init__()
        self.name = name
        self._image, self._posture = parse(name.removeprefix(KIND))
        self._client = open_engine(self._posture.engine)
        sweep(self._client)
        self._prepared: Prepared = prepare(self._client, self._image)
        self._mark = uuid.uuid4().hex
        self._container: Container | None = None
        self._claimed = False
        self._told = {
            "engine": engine_of(self._client),
            "host_kernel": host_kernel_of(self._client),
            "runtime": runtime_of(self._client, self._posture),
            "image": self._image,
            "posture": self._posture.says,
        }

    @property
    def deviations(self) -> Path | None:
        """Those beside the target's settings; an image that has no folder has none."""
        return deviations_of(self._image)

    def close(self) -> None:
        super().close()
        if self._container is not None:
            self._container.remove()
        remove_marked(self._client, self._mark)
        self._client.close()

    def _launch(self, agent: str) -> Session:
        if agent not in self._prepared.agents:
            why = self._prepared.missing.get(agent, f"there is no agent for {agent} in {self._image}")
            raise LackingError(f"{why[0].upper()}{why[1:]}.")
        container = self._running(fresh=agent == NATIVE)
        if agent == NATIVE:
            self._claimed = True
            stream = container.stream
        else:
            stream = container.exec(self._prepared.agents[agent])
        session = Session(stream)
        asked = asked_of(self._client, self._posture, container.capabilities, self._prepared.user)
        session.facts = msgspec.structs.replace(session.facts, asked=asked, **self._told)
        return session

    def _running(self, *, fresh: bool) -> Container:
        """The container, started again if it is gone; ``fresh`` with a first process that nobody has spoken to."""
        if self._container is not None and (not self._container.running or (fresh and self._claimed)):
            self._container.remove()
            self._container = None
        if self._container is None:
            self._container = self._start()
            self._claimed = False
        return self._container

    def _start(self) -> Container:
        """Starts the container.  An engine that was there and is not is waited for: it may be starting again."""
        try:
            return self._create()
        except MachineError:
            if answers(self._client, 1):
                raise
        if not answers(self._client, COMES_BACK):
            raise MachineError(
                f"The container engine has not answered for {COMES_BACK:.0f} s.", "Start it, and run again."
            )
        return self._create()

    def _create(self) -> Container:
        prepared = self._prepared
        return Container(
            self._client, prepared.image, prepared.agents[NATIVE], self._posture, mark=self._mark, user=prepared.user
        )
