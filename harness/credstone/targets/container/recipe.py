"""The Dockerfiles: one template, rendered for each target of ``containers/`` and for any image that somebody names.

Those of the targets are kept beside their settings, to be read and to be built by hand; this module as a program writes
them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2

from credstone.agent.build import FLAGS
from credstone.targets.container.foreign_image import Way
from credstone.targets.container.settings import ImageSettings, containers, load, managers, names

TEMPLATE = "Dockerfile.j2"
ANY = Way(says="any")
_STATIC = "-DCREDSTONE_STATIC -static"


def of_target(settings: ImageSettings) -> str:
    """The Dockerfile of a target that has a folder."""
    base = settings.from_base
    manager = managers()[base.packages]
    compiler = {"image": "gcc", "loader": "musl-gcc -idirafter /kernel", "nothing": f"gcc {_STATIC}"}
    return _rendered(
        says=f"{settings.name}: {settings.says}.",
        by_hand=f"containers/{settings.name}/Dockerfile",
        image=base.image,
        toolchain=manager.installing(base.toolchain or manager.toolchain),
        compile=f"{compiler[settings.rests_on]} {' '.join(FLAGS)}",
        python=manager.installing(manager.python) if settings.rests_on == "image" else "",
        rests_on=settings.rests_on,
    )


def recipe_of(settings: ImageSettings) -> str:
    """The Dockerfile by which a target is built: the one that stands in its folder, else what it should be."""
    kept = containers() / settings.name / "Dockerfile"
    return kept.read_text(encoding="utf-8") if kept.is_file() else of_target(settings)


def of_guest(reference: str, way: Way = ANY) -> str:
    """The Dockerfile by which the agent gets into an image that somebody named; ``ANY`` way stands for all of them."""
    return _rendered(
        says=f"{reference} with an agent in it.",
        guest=True,
        image=reference,
        beside=way.beside,
        toolchain=way.toolchain,
        compile=f"{way.compiler} {' '.join(FLAGS)}",
        rests_on="image",
    )


def write_all(folder: Path) -> None:
    """Writes the Dockerfiles of all targets."""
    for name in names():
        (folder / name / "Dockerfile").write_text(of_target(load(name)))


def _rendered(**given: object) -> str:
    environment = jinja2.Environment(  # noqa: S701 - a Dockerfile is no page
        loader=jinja2.FileSystemLoader(containers()),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    absent = {"by_hand": "", "beside": "", "guest": False, "toolchain": "", "python": ""}
    return environment.get_template(TEMPLATE).render(absent | given).lstrip()


if __name__ == "__main__":
    write_all(containers())
    sys.exit(0)
