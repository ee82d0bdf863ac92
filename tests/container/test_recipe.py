"""The Dockerfiles: one template for all, and what is kept beside the targets is what it gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from credstone.targets.container.foreign_image import Way
from credstone.targets.container.recipe import of_guest, of_target, recipe_of, write_all
from credstone.targets.container.settings import containers, load, names


@pytest.mark.parametrize("name", names())
def test_the_dockerfile_is_in_step(name: str) -> None:
    kept = containers() / name / "Dockerfile"
    assert kept.read_text() == of_target(load(name)), "make dockerfiles writes them anew"
    assert recipe_of(load(name)) == kept.read_text()


def test_they_are_written_where_they_are_read(tmp_path: Path) -> None:
    for name in names():
        (tmp_path / name).mkdir()
    write_all(tmp_path)
    assert all((tmp_path / name / "Dockerfile").read_text() == recipe_of(load(name)) for name in names())


def lines(name: str) -> list[str]:
    return of_target(load(name)).splitlines()


@pytest.mark.parametrize("name", names())
def test_what_every_dockerfile_does(name: str) -> None:
    text = of_target(load(name))
    assert text.count("FROM ") == 2
    assert "COPY c /source\n" in text
    assert 'ENTRYPOINT ["/credstone/agent"]\n' in text
    assert "mkdir -m 0711 /target/credstone/work" in text
    assert text.count("LABEL credstone.part=") == 2, "whatever is left can be found"
    assert "\n\n\n" not in text and text.endswith("CMD []\n")


@pytest.mark.parametrize(("name", "on"), [("musl-1.2.3", "debian-12"), ("scratch", "debian-12")])
def test_the_layers_with_the_toolchain_are_shared(name: str, on: str) -> None:
    shared = lines(on)[lines(on).index("FROM ${BASE} AS build") : lines(on).index("COPY c /source")]
    begin = lines(name).index("FROM ${BASE} AS build")
    assert lines(name)[begin : begin + len(shared)] == shared


def test_what_an_image_rests_on() -> None:
    assert lines("musl-1.2.3").count("FROM scratch") == lines("scratch").count("FROM scratch") == 1
    assert "FROM scratch" not in lines("debian-12")
    assert "-DCREDSTONE_STATIC -static" in of_target(load("scratch"))
    assert "/lib/ld-musl-*.so.1 /target/lib" in of_target(load("musl-1.2.3"))
    assert not any("python" in line for line in [*lines("musl-1.2.3"), *lines("scratch")])
    assert "COPY python /credstone/python" in lines("alpine")


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("ubuntu", "apt-get -o Acquire::Retries=3 install -y --no-install-recommends gcc libc6-dev &&"),
        ("alpine", "apk add --no-cache gcc musl-dev linux-headers"),
        ("fedora", "dnf install -y --setopt=install_weak_deps=False gcc glibc-devel"),
        ("opensuse", "zypper --non-interactive install --no-recommends gcc glibc-devel"),
        ("arch", "pacman -Sy --noconfirm --needed gcc"),
    ],
)
def test_each_installs_in_its_own_way(name: str, command: str) -> None:
    assert command in of_target(load(name))


def test_an_image_with_a_compiler() -> None:
    text = of_guest("tool:1", Way(compiler="/usr/bin/cc"))
    assert "/usr/bin/cc -O2" in text
    assert "install" not in text
    assert "USER root\n" in text
    assert "HEALTHCHECK NONE\n" in text


def test_an_image_beside_another() -> None:
    text = of_guest("bare:1", Way(beside="musl-1.2.3"))
    assert "FROM ${BESIDE} AS build\n" in text
    assert "COPY --from=build /credstone /credstone\n" in text
    assert 'RUN ["/credstone/agent"]\n' in text, "that it runs there is tried while there are other ways left"
    assert "/source" not in text
