"""Builds: what their name stands for, what is said of one that failed, and what goes with it."""

from __future__ import annotations

import io
import tarfile
from types import SimpleNamespace
from typing import Any

import docker.errors
import pytest

from credstone.targets.container import build as building
from credstone.targets.container.build import NotBuilt, build, tag_of
from credstone.targets.container.remove import remove_all
from credstone.words.errors import MachineError

DOCKERS = """\
Step 1/3 : FROM base
 ---> 111111111111
Step 2/3 : RUN apt-get install gcc
 ---> Using cache
 ---> 222222222222
Step 3/3 : RUN gcc a.c
 ---> Running in 999999999999
a.c:1:1: error: expected identifier before ';' token
collect2: error: ld returned 1 exit status
Removing intermediate container 999999999999
 ---> 333333333333
"""


PODMANS = """\
[1/2] STEP 1/3: FROM sha256:111111111111
--> 11111111111
[1/2] STEP 2/3: LABEL a=b
--> Using cache 22222222222
--> 22222222222
[1/2] STEP 3/3: COPY c /source
--> aaaaaaaaaaa
[2/2] STEP 1/2: RUN false
"""


class Engine:
    """An engine that answers a build with these lines, and then this error."""

    def __init__(self, log: str, error: str = "The command '/bin/sh -c x' returned a non-zero code: 1") -> None:
        self.events = [{"stream": f"{line}\n"} for line in log.splitlines()] + ([{"error": error}] if error else [])
        self.removed: list[str] = []
        self.given: dict[str, Any] = {}
        self.api, self.images = self, self

    def build(self, **given: object) -> list[dict[str, str]]:
        self.given = given
        return self.events

    def remove_image(self, image: str, *, noprune: bool) -> None:
        assert noprune
        self.removed.append(image)

    def get(self, name: str) -> SimpleNamespace:
        return SimpleNamespace(id="sha256:1")


def failure(log: str, **error: str) -> tuple[MachineError, Any]:
    engine: Any = Engine(log, **error)
    with pytest.raises(MachineError) as caught:
        build(engine, "credstone/x:1", "FROM x\n", {}, {})
    return caught.value, engine


def test_the_first_error_is_told() -> None:
    found, _ = failure(DOCKERS)
    assert isinstance(found, NotBuilt)
    assert found.what == ("The image credstone/x cannot be built: a.c:1:1: error: expected identifier before ';' token")


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("Get:1 libgpg-error0 [1 kB]\nSetting up libgpg-error (1.2)\nE: Unable to locate package gcc", "E: Unable to"),
        ("\x1b[91mW: Failed to fetch http://m/x  Temporary failure resolving 'm'\x1b[0m\nE: Unable", "W: Failed to fe"),
        ("(1/2) Installing libgpg-error\nERROR: unable to select packages:\n  gcc (no such package):", "ERROR: unable"),
        ("debconf: error: nothing\nsomething went wrong", "something went wrong"),
        ("STEP 2/3: RUN false\n--> 123456789abc\n", "The command '/bin/sh -c x' returned a non-zero code: 1"),
    ],
)
def test_lines_of_other_package_managers(log: str, told: str) -> None:
    found, _ = failure(log)
    assert found.what.startswith(f"The image credstone/x cannot be built: {told}")


def test_a_full_disk_is_no_fault_of_the_recipe() -> None:
    found, _ = failure(DOCKERS, error="write /var/lib/x: no space left on device")
    assert not isinstance(found, NotBuilt)
    assert found.what == "The image credstone/x cannot be built: the engine's disk is full."
    assert "credstone images remove" in found.hint


def test_drafts_go_and_what_was_there_before_stays() -> None:
    _, engine = failure(DOCKERS)
    assert engine.removed == ["333333333333"]


def test_drafts_of_podman() -> None:
    _, engine = failure(PODMANS)
    assert engine.removed == ["aaaaaaaaaaa"]


def test_what_an_engine_is_given() -> None:
    engine: Any = Engine("", error="")
    assert build(engine, "credstone/x:1", "FROM x\n", {"BASE": "b"}, {"credstone.target": "x"}) == "sha256:1"
    assert engine.given["buildargs"] == {"BASE": "b"}
    assert engine.given["labels"] == {"credstone.target": "x"}
    with tarfile.open(fileobj=io.BytesIO(engine.given["fileobj"].read())) as archive:
        names = archive.getnames()
        assert archive.extractfile("Dockerfile").read() == b"FROM x\n"  # type: ignore[union-attr]
    assert {"c/main.c", "c/agent.h", "python/__main__.py"} <= set(names)
    assert not any("__pycache__" in name for name in names)


def test_a_tag_stands_for_all_that_goes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    first = tag_of("x", "FROM a\n", "sha256:1")
    assert first.startswith("credstone/x:")
    assert first == tag_of("x", "FROM a\n", "sha256:1")
    others = {tag_of("x", "FROM b\n", "sha256:1"), tag_of("x", "FROM a\n", "sha256:2")}
    sources = building._sources()
    monkeypatch.setattr(building, "_sources", lambda: {**sources, "c/main.c": b"int main;\n"})
    assert len({first, *others, tag_of("x", "FROM a\n", "sha256:1")}) == 4


class Shelf:
    """An engine with images that stand on each other, some of them held by a container."""

    def __init__(self, parents: dict[str, str], held: set[str], bases: set[str]) -> None:
        self.parents, self.held, self.bases = dict(parents), held, bases
        self.api = self

    def images(self, *, all: bool, filters: dict[str, str]) -> list[dict[str, Any]]:  # noqa: A002
        assert all
        assert filters == {"label": "credstone.part"}
        return [
            {"Id": name, "Labels": {"credstone.part": "base" if name in self.bases else "target"}}
            for name in self.parents
        ]

    def remove_image(self, image: str, *, force: bool, noprune: bool) -> None:
        if image in self.held or image in self.parents.values():
            raise docker.errors.APIError("conflict")
        del self.parents[image]


def test_all_that_is_ours_goes_from_the_top_down() -> None:
    shelf: Any = Shelf({"base": "", "build": "base", "target": "build"}, set(), {"base"})
    assert remove_all(shelf, keep_bases=False) == (3, 0)
    assert shelf.parents == {}


def test_what_is_in_use_stays_with_what_it_stands_on() -> None:
    shelf: Any = Shelf({"base": "", "used": "base", "other": "base"}, {"used"}, {"base"})
    assert remove_all(shelf, keep_bases=False) == (1, 2)


def test_bases_can_stay() -> None:
    shelf: Any = Shelf({"base": "", "target": "base"}, set(), {"base"})
    assert remove_all(shelf, keep_bases=True) == (1, 0)
    assert shelf.parents == {"base": ""}
