"""Base images: the engine's own, a registry's, or made here; and what is said where none of these can be had."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docker.errors
import pytest

from credstone.targets.container import base
from credstone.targets.container.base import Unavailable, base_image, own_name
from credstone.targets.container.settings import Base
from credstone.words.errors import MachineError

SMALL = Base(image="small:1", packages="apt", suite="tiny")
NO_SUCH_HOST = 'Get "https://r/v2/": dial tcp: lookup r: no such host'


class Engine:
    """An engine with these images, and a registry with those."""

    def __init__(self, *present: str, registry: tuple[str, ...] = (), answer: str = "") -> None:
        self.present, self.registry, self.answer = set(present), registry, answer
        self.imported: dict[str, bytes] = {}
        self.changes: list[str] = []
        self.api, self.images = self, self

    def get(self, name: str) -> SimpleNamespace:
        if name not in self.present:
            raise docker.errors.ImageNotFound(name)
        return SimpleNamespace(id=f"id of {name}")

    def pull(self, repository: str, *, tag: str, **_: object) -> list[dict[str, str]]:
        if f"{repository}:{tag}" not in self.registry:
            return [{"status": "Pulling"}, {"error": NO_SUCH_HOST}]
        self.present.add(f"{repository}:{tag}")
        return [{"status": "done"}]

    def import_image_from_stream(self, pieces: Any, name: str, changes: list[str]) -> str:
        self.imported[name] = b"".join(pieces)
        self.changes = changes
        if not self.answer:
            self.present.add(name)
        return self.answer

    def remove_image(self, image: str) -> None:
        self.present.discard(image.removeprefix("id of "))


def engine_with(*present: str, registry: tuple[str, ...] = (), answer: str = "") -> Any:
    """Such an engine, wherever a client of a real one is taken."""
    return Engine(*present, registry=registry, answer=answer)


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with no programs but those that a test puts into this folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CREDSTONE_MIRROR", raising=False)
    return folder


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_what_the_engine_has_is_taken() -> None:
    assert base_image(engine_with("small:1", own_name(SMALL)), SMALL) == "id of small:1"
    assert base_image(engine_with(own_name(SMALL)), SMALL) == "id of credstone/base:small-1"


def test_a_registry_comes_first() -> None:
    assert base_image(engine_with(registry=("small:1",)), SMALL) == "id of small:1"


def test_made_where_no_registry_answers(programs: Path) -> None:
    program(programs, "mmdebstrap", 'echo "$@"')
    engine = engine_with()
    assert base_image(engine, SMALL) == "id of credstone/base:small-1"
    (made,) = engine.imported.values()
    assert made.startswith(b"--variant=apt --format=tar ")
    assert made.endswith(b" tiny -\n")
    assert engine.changes == ["LABEL credstone.part=base", 'CMD ["/bin/sh"]']


def test_another_architecture(programs: Path) -> None:
    program(programs, "mmdebstrap", 'echo "$@"')
    engine = engine_with()
    base_image(engine, Base(image="i386/small:1", packages="apt", suite="tiny", architecture="i386"))
    assert list(engine.imported) == ["credstone/base:i386-small-1"]
    assert b"--architectures=i386 " in engine.imported["credstone/base:i386-small-1"]


def test_the_mirror_of_this_machine(programs: Path) -> None:
    program(programs, "mmdebstrap", 'echo "$@"')
    program(programs, "apt-get", "echo http://mirror/debian/; echo http://mirror/debian/")
    engine = engine_with()
    base_image(engine, SMALL)
    assert engine.imported["credstone/base:small-1"].endswith(b" tiny - http://mirror/debian/\n")


def test_mirrors_that_are_named_are_tried_in_their_order(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDSTONE_MIRROR", "http://gone http://there")
    program(programs, "apt-get", "echo http://mirror/debian/")
    program(programs, "mmdebstrap", 'case "$*" in *gone) echo "E: gone" >&2; exit 1;; esac; echo "$@"')
    engine = engine_with()
    assert base_image(engine, SMALL) == "id of credstone/base:small-1"
    assert engine.imported["credstone/base:small-1"].endswith(b" http://there\n")


def refusal(engine: Any, of: Base = SMALL) -> MachineError:
    with pytest.raises(MachineError) as caught:
        base_image(engine, of)
    assert caught.value.hint
    return caught.value


def test_no_mmdebstrap() -> None:
    found = refusal(Engine())
    assert found.what == (
        "This engine can pull no small:1, and mmdebstrap, which would make one, is not installed here."
    )
    assert "apt-get install mmdebstrap" in found.hint


def test_mmdebstrap_that_fails_leaves_no_image(programs: Path) -> None:
    program(programs, "mmdebstrap", 'echo "I: begin" >&2; echo "E: need root" >&2; echo "I: end" >&2; exit 1')
    engine = engine_with()
    found = refusal(engine)
    assert isinstance(found, Unavailable)
    assert found.what == "mmdebstrap cannot make small:1: need root"
    assert "mmdebstrap --variant=apt" in found.hint
    assert engine.present == set()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('{"error":"write: no space left on device"}', "the engine's disk is full."),
        ('{"status":"x"}\r\n{"errorDetail":{},"error": "it is \\"bad\\""}', 'it is "bad"'),
    ],
)
def test_an_engine_that_does_not_take_it(programs: Path, answer: str, said: str) -> None:
    program(programs, "mmdebstrap", "echo content")
    with pytest.raises(MachineError, match="does not take the base image small:1") as caught:
        base_image(engine_with(answer=answer), SMALL)
    assert caught.value.what.endswith(said)


def test_an_image_that_only_a_registry_has() -> None:
    found = refusal(Engine(), Base(image="other:2", packages="apk"))
    assert found.what == f"The engine has no image other:2 and cannot pull it: {NO_SUCH_HOST}"


def test_an_engine_that_says_nothing_of_a_pull(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_with()
    monkeypatch.setattr(engine, "pull", lambda *_, **__: [])
    assert refusal(engine, Base(image="other:2", packages="apk")).what.endswith("cannot pull it: it is not there")


def test_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[str] = []

    def alone(what: str) -> AbstractContextManager[None]:
        held.append(what)
        return nullcontext()

    monkeypatch.setattr(base, "alone", alone)
    base_image(engine_with("small:1"), SMALL)
    assert held == ["credstone/base:small-1"]
