"""The engines for containers: the one that the environment names and those of the postures, and what can be run on each."""

from __future__ import annotations

import contextlib
import grp
import os
import shutil
from pathlib import Path

import msgspec

from credstone.doctor.change import OUTSIDE, as_root, install
from credstone.doctor.machine import Here
from credstone.targets.container.client import PODMAN, Client, open_engine, place_of
from credstone.targets.container.images import state_of
from credstone.targets.container.messages import FAULTS
from credstone.targets.container.metadata import engine_of, runtime_of
from credstone.targets.container.settings import load, names, postures
from credstone.words.errors import MachineError
from credstone.words.facts import Facts
from credstone.words.posture import ENGINE, Posture

PATIENCE = 4
"""Seconds in which an engine has to say that it is there: a mute one must not keep a person waiting."""
READY, BASE = "ready", "base"


class Engine(msgspec.Struct, frozen=True, kw_only=True):
    """An engine.

    ``address`` is how a posture names it, empty for that of the environment; ``postures`` are those that it is needed for,
    ``absent`` those for which it lacks the runtime.  ``says`` is what it is or why there is none, ``images`` how far it is
    with each target of containers/, ``free`` the bytes on its disk, -1 where that is not to be seen from here.
    """

    address: str
    there: bool
    says: str
    place: str = ""
    runtime: str = ""
    postures: tuple[str, ...] = ()
    absent: dict[str, str] = {}
    images: dict[str, str] = {}
    free: int = -1
    change: str = ""


def look_at_engines(here: Here, facts: Facts | None) -> list[Engine]:
    """All engines that can be meant, each once."""
    by_address: dict[str, dict[str, Posture]] = {ENGINE: {}}
    for name, posture in postures().items():
        by_address.setdefault(posture.engine, {})[name] = posture
    return [_engine(address, meant, here, facts) for address, meant in by_address.items()]


def _engine(address: str, meant: dict[str, Posture], here: Here, facts: Facts | None) -> Engine:
    try:
        client = open_engine(address, PATIENCE)
    except MachineError as error:
        return Engine(
            address=address,
            there=False,
            says=error.what,
            postures=tuple(meant),
            change=_to_start(address, here, facts) or error.hint,
        )
    with contextlib.closing(client):
        images = {} if address else _images(client)
        return Engine(
            address=address,
            there=True,
            says=engine_of(client),
            place=client.address,
            runtime=runtime_of(client, Posture()),
            postures=tuple(meant),
            absent=_without_runtime(client, meant),
            images=images,
            free=_free(client),
            change="credstone images build" if any(images[name] != READY for name in images if load(name).ci) else "",
        )


def _images(client: Client) -> dict[str, str]:
    with contextlib.suppress(MachineError):
        return {name: state_of(client, load(name)) for name in names()}
    return {}


def _free(client: Client) -> int:
    """The room on the disk of an engine of this machine."""
    with contextlib.suppress(OSError, *FAULTS):
        if client.process and (root := str(client.system.get("DockerRootDir") or "")):
            return shutil.disk_usage(root).free
    return -1


def _without_runtime(client: Client, meant: dict[str, Posture]) -> dict[str, str]:
    """The postures whose runtime an engine does not know; Podman takes what is installed."""
    known: set[str] = set()
    with contextlib.suppress(*FAULTS):
        known = {*(client.system.get("Runtimes") or {})}
    return {
        name: posture.runtime for name, posture in meant.items() if posture.runtime and posture.runtime not in known
    }


def _to_start(address: str, here: Here, facts: Facts | None) -> str:
    """What would make an engine answer; empty where its address is somebody's own."""
    named = os.environ.get("DOCKER_HOST") or os.environ.get("DOCKER_CONTEXT")
    if address not in (ENGINE, PODMAN) or (address == ENGINE and named):
        return ""
    with contextlib.suppress(MachineError, OSError, KeyError):
        socket = Path(place_of(address).removeprefix("unix://"))
        if socket.exists() and not os.access(socket, os.R_OK | os.W_OK):
            return _to_be_let_in(socket, here, facts)
    if "dockerd" in here and address == ENGINE:
        return as_root(here, facts, "systemctl start docker" if here.systemd else "dockerd")
    if "podman" not in here:
        return install(here, facts, "podman" if address == PODMAN else "docker.io")
    if here.systemd:
        return "systemctl start podman.socket" if here.uid == 0 else "systemctl --user start podman.socket"
    return f"podman system service --time=0 {place_of(PODMAN)}"


def _to_be_let_in(socket: Path, here: Here, facts: Facts | None) -> str:
    """What lets a user use an engine that is there.  Raises KeyError where its group has no name."""
    if facts and not facts.initial_user_namespace:
        return OUTSIDE
    owner = socket.stat()
    if owner.st_gid == 0 or not owner.st_mode & 0o020:
        return as_root(here, facts, f"{here.command} doctor")
    group = grp.getgrgid(owner.st_gid).gr_name
    return f"{as_root(here, facts, f'usermod --append --groups {group} {here.user}')}   (and log in anew)"
