"""Images in a real engine: what comes of a target and of an image that somebody names, and that failures leave nothing."""

from __future__ import annotations

import io
import tarfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from containers.engine import Engine, why_not
from credstone.agent.session import Session
from credstone.targets.container.base import base_image
from credstone.targets.container.build import NotBuilt, build
from credstone.targets.container.client import Client
from credstone.targets.container.container import Container
from credstone.targets.container.images import Prepared, prepare, state_of
from credstone.targets.container.settings import Base, load, names
from credstone.words.cell import NATIVE, PYTHON
from credstone.words.credential import Ids
from credstone.words.errors import MachineError
from credstone.words.facts import Facts
from credstone.words.posture import Posture

Guest = Callable[..., Prepared]


def ready(client: Client, name: str) -> Prepared:
    """A target; its base is not made for a test."""
    if not state_of(client, load(name)):
        pytest.skip(f"needs the base image of {name}: credstone images build {name}")
    return prepare(client, name)


def facts(client: Client, prepared: Prepared, agent: str) -> Facts:
    """What an agent tells when it is started."""
    container = Container(client, prepared.image, prepared.agents[NATIVE], Posture(), user=prepared.user)
    try:
        stream = container.stream if agent == NATIVE else container.exec(prepared.agents[agent])
        return Session(stream).facts
    finally:
        container.remove()


@pytest.mark.parametrize("name", [name for name in names() if load(name).ci])
def test_the_agents_of_a_target_tell_what_its_settings_say(client: Client, name: str) -> None:
    prepared, settings = ready(client, name), load(name)
    native = facts(client, prepared, NATIVE)
    assert native.libc == settings.libc
    assert native.static == (settings.rests_on == "nothing")
    assert native.abi == ("i386" if settings.from_base.architecture else native.machine)
    if settings.python:
        python = facts(client, prepared, PYTHON)
        assert python.python.startswith(f"CPython {settings.python}.")
        assert (python.libc, python.abi) == (native.libc, native.abi)
    else:
        assert prepared.missing == {PYTHON: f"there is no python3 in {name}"}


def test_a_second_time_nothing_is_built(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ready(client, "scratch")
    monkeypatch.setattr("credstone.targets.container.images.build", lambda *_: pytest.fail("built again"))
    assert prepare(client, "scratch") == first
    assert state_of(client, load("scratch")) == "ready"


def test_another_engine_gets_the_very_image(client: Client, podman: Client) -> None:
    assert prepare(podman, "scratch") == ready(client, "scratch")


@pytest.fixture
def guest(client: Client) -> Iterator[Guest]:
    """Prepares an image of somebody's with these files; it goes again."""
    reference = f"credstone-test/{uuid.uuid4().hex[:12]}:1"
    made: list[str] = []

    def prepared(*changes: str, **files: bytes) -> Prepared:
        ready(client, "scratch")
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w") as archive:
            for name, data in {"file": b"content", **files}.items():
                entry = tarfile.TarInfo(name.replace("__", "/"))
                entry.size, entry.mode = len(data), 0o755
                archive.addfile(entry, io.BytesIO(data))
        client.api.import_image_from_data(content.getvalue(), reference, changes=list(changes))
        made.append(reference)
        found = prepare(client, reference)
        made.insert(0, found.image)
        return found

    yield prepared
    for image in made:
        client.images.remove(image, force=True)


def test_an_image_without_anything_gets_the_static_agent(client: Client, guest: Guest) -> None:
    found = guest()
    assert found.how == "static, with a C library of its own"
    assert list(found.agents) == [NATIVE]
    assert found.user == ""
    assert facts(client, found, NATIVE).static


def test_an_image_whose_processes_run_as_somebody(client: Client, guest: Guest) -> None:
    found = guest("USER postgres", etc__passwd=b"postgres:x:70:71::/:\n")
    assert found.user == "70:71"
    assert facts(client, found, NATIVE).credential.uid == Ids.all(70)


def test_a_toolchain_that_does_not_work_is_not_the_end(client: Client, guest: Guest) -> None:
    found = guest(usr__bin__gcc=b"no compiler")
    assert found.how.startswith("static, with a C library of its own, as another way failed (The image credstone/guest")
    assert facts(client, found, NATIVE).static


def test_a_build_that_fails_leaves_nothing(client: Client) -> None:
    """Its drafts and containers bear a mark of this test's own: other workers build in the same engine meanwhile."""
    on = ready(client, "scratch").image
    mark = f"credstone-test={uuid.uuid4().hex}"
    recipe = f"FROM {on}\nLABEL credstone.part=build {mark}\nCOPY c /source\nCOPY {uuid.uuid4().hex} /nowhere\n"
    with pytest.raises(NotBuilt, match=r"The image credstone/broken cannot be built: .*(no such|not found)"):
        build(client, "credstone/broken:1", recipe, {}, {})
    assert client.api.images(all=True, filters={"label": mark}) == []
    assert client.api.containers(all=True, filters={"label": mark}) == []


def test_an_image_that_cannot_be_had(client: Client) -> None:
    with pytest.raises(MachineError, match="The engine has no image credstone-test/none:1 and cannot pull it: "):
        prepare(client, "credstone-test/none:1")


def test_a_name_that_no_image_can_have(client: Client) -> None:
    with pytest.raises(MachineError, match="Upper"):
        prepare(client, "Upper Case")


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base image larger than what the engine has room for."""
    if why := why_not():
        pytest.skip(why)
    small = Engine(size=20)
    try:
        content = tmp_path / "content"
        with tarfile.open(content, "w") as archive:
            entry = tarfile.TarInfo("large")
            entry.size = 40 << 20
            archive.addfile(entry, io.BytesIO(bytes(entry.size)))
        program = tmp_path / "mmdebstrap"
        program.write_text(f"#!/bin/sh\nexec cat {content}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        with small.client() as client, pytest.raises(MachineError, match="the engine's disk is full"):
            base_image(client, Base(image="credstone-test/large:1", packages="apt", suite="any"))
    finally:
        small.close()
