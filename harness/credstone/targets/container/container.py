"""A container: created, started with an agent as its process, and removed, however its run ends.

It has no network, nothing of the host is mounted into it, and its output is written to no log.  It is never left to the
engine to remove it: whoever makes it does, and what a killed run left is swept up by the next one.
"""

from __future__ import annotations

import contextlib
import re
import resource
import tarfile
import time
from collections.abc import Callable
from typing import Any

import requests
from docker.errors import APIError, NotFound
from docker.types import LogConfig, Ulimit

from credstone.targets.container.archive import packed
from credstone.targets.container.capabilities import ALL, wanted
from credstone.targets.container.channel import Stream
from credstone.targets.container.client import Client
from credstone.targets.container.messages import FAULTS, said
from credstone.targets.container.owner import LABEL, is_dead, owner
from credstone.words.errors import MachineError
from credstone.words.posture import Posture

WORK = "/credstone/work"
"""Where agents live and write: a folder that belongs to whom the container runs as."""
MARK = "credstone.mark"
"""The label with what tells the containers of one target in a run from those of another."""
_POSTURES = "'credstone doctor' says which postures this engine has."
_UNKNOWN = re.compile(r'unknown capability: "?(CAP_\w+)')


class Container:
    """A running container with a stream to its first process.

    ``capabilities`` are those that the engine was asked to give, by name; None where nothing was said of them.
    """

    def __init__(
        self,
        client: Client,
        image: str,
        command: tuple[str, ...],
        posture: Posture,
        *,
        mark: str = "",
        user: str = "",
    ) -> None:
        """Creates and starts it, under a ``mark`` of its maker's; ``user`` is whom the image itself asks for.  Raises MachineError with what the engine said."""
        self._client = client
        self._api = client.api
        self.id = ""
        self._labels = {LABEL: owner(), MARK: mark}
        self._told: str | None = None
        self.capabilities = wanted(client, posture)
        try:
            self.id = self._create(image, command, posture)
            self._api.put_archive(self.id, "/", _work_folder(posture.user or user))
            connection = self._api.attach_socket(self.id, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
            self.stream = Stream(command[0], connection, self._ended, self.remove)
            self._api.start(self.id)
        except FAULTS as error:
            self.remove()
            raise MachineError(f"The container of {image} does not start: {said(error)}", _POSTURES) from None

    def exec(self, command: tuple[str, ...]) -> Stream:
        """One more agent in this container.  Raises MachineError with what the engine said."""
        try:
            made = self._api.exec_create(self.id, list(command), stdin=True, workdir=WORK)["Id"]
            connection = self._api.exec_start(made, socket=True)
        except FAULTS as error:
            raise MachineError(f"{command[0]} cannot be executed in the container: {said(error)}") from None
        return Stream(command[0], connection, lambda: self._exec_ended(made), lambda: None)

    @property
    def running(self) -> bool:
        """Whether the first process still lives; False also when the engine does not say."""
        with contextlib.suppress(*FAULTS):
            return bool(self._api.inspect_container(self.id)["State"]["Running"])
        return False

    def remove(self) -> None:
        """Kills and removes it; once is enough, and a container that is gone is no error."""
        if self.id:
            if self._told is None:
                self._told = "the container was removed"
            discard(self._client, self.id)

    def _create(self, image: str, command: tuple[str, ...], posture: Posture) -> str:
        while True:
            try:
                return self._created(image, command, posture)
            except APIError as error:
                unknown = set(_UNKNOWN.findall(said(error))) & set(self.capabilities or ())
                if not unknown or posture.capabilities != ALL:
                    raise
                # younger than the engine, which so cannot give it
                self.capabilities = [name for name in self.capabilities or () if name not in unknown]

    def _created(self, image: str, command: tuple[str, ...], posture: Posture) -> str:
        host = self._api.create_host_config(
            network_mode="none",
            log_config=LogConfig(type="none"),
            group_add=list(posture.groups) or None,
            security_opt=_security(posture) or None,
            runtime=posture.runtime or None,
            ulimits=_limits(self._client) or None,
            cap_drop=None if self.capabilities is None else ["ALL"],
            cap_add=self.capabilities,
        )
        made = self._api.create_container(
            image,
            command=list(command[1:]),
            entrypoint=[command[0]],
            user=posture.user or None,
            stdin_open=True,
            working_dir=WORK,
            labels=self._labels,
            host_config=host,
            hostname="credstone",
        )
        # a harness that dies closes the connection, the engine then the agent's input, and the agent ends
        return str(made["Id"])

    def _ended(self) -> str:
        """How the first process ended."""
        if self._told is not None:
            return self._told
        try:
            with contextlib.suppress(requests.Timeout):
                self._api.wait(self.id, timeout=2)
            state: dict[str, Any] = self._api.inspect_container(self.id)["State"]
        except NotFound:
            return "somebody removed the container"
        except FAULTS:
            return "the engine no longer answers, and the container with it"
        if state.get("Running"):
            return "the engine closed the connection to the container"
        if state.get("OOMKilled"):
            return "the kernel killed the container: it had no memory left"
        return f"the container's first process ended with status {state['ExitCode']}{_by_signal(state['ExitCode'])}"

    def _exec_ended(self, made: str) -> str:
        try:
            state = self._api.exec_inspect(made)
        except FAULTS:
            return self._ended()
        if state.get("Running"):
            return "the engine closed the connection to the agent"
        status = state.get("ExitCode")
        return f"the agent's process ended with status {status}{_by_signal(status)}"


def sweep(client: Client) -> None:
    """Removes the containers whose run is dead."""
    _remove_labelled(client, LABEL, lambda labels: is_dead(labels.get(LABEL, "")))


def remove_marked(client: Client, mark: str) -> None:
    """Removes the containers under a mark: those too that could not be removed, or were not heard of, at their time."""
    _remove_labelled(client, f"{MARK}={mark}")


def _remove_labelled(client: Client, label: str, when: Callable[[dict[str, str]], bool] = lambda _: True) -> None:
    with contextlib.suppress(*FAULTS):
        for found in client.api.containers(all=True, filters={"label": label}):
            if when(found["Labels"]):
                discard(client, found["Id"])


def discard(client: Client, container: str) -> None:
    """Kills and removes a container; one that is gone, or an engine that is, is no error."""
    with contextlib.suppress(*FAULTS):
        client.api.remove_container(container, force=True, v=True)


def answers(client: Client, patience: float) -> bool:
    """Whether the engine answers within so many seconds."""
    deadline = time.monotonic() + patience
    while True:
        with contextlib.suppress(*FAULTS):
            return bool(client.ping())
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def _security(posture: Posture) -> list[str]:
    options = [f"seccomp={posture.seccomp}"] if posture.seccomp else []
    return options + (["no-new-privileges"] if posture.no_new_privileges else [])


def _limits(client: Client) -> list[Ulimit]:
    """Podman asks for limits by itself that a host without CAP_SYS_RESOURCE cannot give: its own are asked for."""
    engine = client.process if client.is_podman else 0
    limits = {"nofile": resource.RLIMIT_NOFILE, "nproc": resource.RLIMIT_NPROC}
    if not engine:
        return []
    with contextlib.suppress(OSError):
        found = {name: resource.prlimit(engine, limit) for name, limit in limits.items()}
        return [Ulimit(name=name, soft=soft, hard=hard) for name, (soft, hard) in found.items()]
    return []


def _work_folder(user: str) -> bytes:
    """An archive with the folder of the agents, which belongs to the user of the container."""
    uid, _, gid = user.partition(":")
    folder = tarfile.TarInfo(WORK.removeprefix("/"))
    folder.type, folder.mode = tarfile.DIRTYPE, 0o711
    folder.uid, folder.gid = int(uid or 0), int(gid or 0)
    return packed([(folder, b"")])


def _by_signal(status: int | None) -> str:
    """An engine gives 128 more than the number of the signal that ended a process."""
    return f" (ended by signal {status - 128})" if status and 128 < status < 193 else ""
