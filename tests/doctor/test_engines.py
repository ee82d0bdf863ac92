"""What is said of engines: of those that answer, those that are not there, and those that may not be used."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from credstone.doctor.engines import Engine, look_at_engines
from credstone.doctor.machine import Here
from credstone.doctor.terminal import show_engines
from credstone.targets.container import client
from credstone.words.posture import Posture
from doctor.machines import here

KNOWN = {"open": Posture(seccomp="unconfined"), "runsc": Posture(runtime="runsc"), "podman": Posture(engine="podman")}


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The default socket, at which nobody listens; nor does any of Podman's."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "config"))
    monkeypatch.setattr(client, "DEFAULT_UNIX_SOCKET", f"http+unix://{tmp_path}/docker.sock")
    monkeypatch.setattr(client, "_podman", lambda: iter([tmp_path / "podman.sock"]))
    monkeypatch.setattr("credstone.doctor.engines.PATIENCE", 0.2)
    elsewhere = {"elsewhere": Posture(engine=f"unix://{tmp_path}/elsewhere.sock")}
    monkeypatch.setattr("credstone.doctor.engines.postures", lambda: KNOWN | elsewhere)
    return tmp_path / "docker.sock"


@pytest.fixture
def closed(place: Path) -> Iterator[Path]:
    """A socket that only its owner and group may use."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(place))
        made.listen()
        yield place


def engines(machine: Here) -> dict[str, Engine]:
    return {each.address.partition(":")[0] or "default": each for each in look_at_engines(machine, None)}


def test_none_is_there() -> None:
    found = engines(here())
    assert list(found) == ["default", "podman", "unix"]
    assert not any(each.there for each in found.values())
    assert "there is no such socket" in found["default"].says
    assert found["default"].change == "apt-get install docker.io"
    assert found["podman"].change == "apt-get install podman"
    assert found["podman"].postures == ("podman",)
    assert found["default"].postures == ("open", "runsc")
    assert found["unix"].change.startswith("Start it"), "of an address of somebody's own no more is known"


def test_one_that_is_installed_is_started(place: Path) -> None:
    assert engines(here("dockerd"))["default"].change == "dockerd"
    assert engines(here("dockerd", systemd=True, uid=7))["default"].change == 'su -c "systemctl start docker"'
    service = f"podman system service --time=0 unix://{place.with_name('podman.sock')}"
    assert engines(here("podman"))["default"].change == engines(here("podman"))["podman"].change == service
    assert engines(here("podman", systemd=True))["podman"].change == "systemctl start podman.socket"
    assert engines(here("podman", systemd=True, uid=7))["podman"].change == "systemctl --user start podman.socket"


def test_one_that_somebody_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/engine.sock")
    assert engines(here("dockerd"))["default"].change.endswith("or name another in DOCKER_HOST.")


def test_one_that_may_not_be_used(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    if os.geteuid() == 0:
        os.chown(closed, 0, 1)
    closed.chmod(0o660)
    group = closed.group()
    change = engines(here("sudo", uid=1000))["default"].change
    if os.geteuid() == 0:
        assert change == f"sudo usermod --append --groups {group} somebody   (and log in anew)"
    closed.chmod(0o600)
    assert engines(here("sudo", uid=1000))["default"].change == "sudo /opt/credstone doctor"


def test_one_that_says_nothing_does_not_keep_anybody_waiting(closed: Path) -> None:
    assert engines(here())["default"].says.endswith("it said nothing for 0.2 s.")


def test_for_a_person() -> None:
    there = Engine(
        address="", there=True, says="Docker 28.1", place="/run/docker.sock", runtime="runc 1.2", free=3_200_000_000,
        absent={"runsc": "runsc"}, images={"a": "ready", "b": "base", "c": ""}, change="credstone images build",
    )  # fmt: skip
    missing = Engine(address="podman", there=False, says="No.", postures=("podman",), change="apt-get install podman")
    assert list(show_engines([there, missing])) == [
        "yes   engine           Docker 28.1 at /run/docker.sock, runc 1.2, 3.2 GB free",
        "                       1 of the 3 images in containers/ are ready, of 1 the base: credstone images",
        "                       no posture runsc: it knows no runtime runsc",
        "                       > credstone images build",
        "no    podman           No.",
        "                       no posture podman",
        "                       > apt-get install podman",
    ]
