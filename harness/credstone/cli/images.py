"""``credstone images``: list, build and remove the images that are targets."""

from __future__ import annotations

import sys
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from credstone.cli.options import AsJson
from credstone.targets.container.build_all import prepare_many
from credstone.targets.container.client import Client, open_engine
from credstone.targets.container.images import state_of
from credstone.targets.container.remove import remove_all
from credstone.targets.container.settings import KIND, ImageSettings, load, names, parse
from credstone.text.plural import counted, named
from credstone.words.errors import CredstoneError, MachineError

images = App(name="images", help="List, build and remove the container images that are targets.")

STATES = {"ready": "ready", "base": "base only", "": "not built"}
Names = Annotated[str, Parameter(help="a folder of containers/")]
_WIDTHS = (16, 19, 8, 20, 4)


@images.default
def list_images(*image: Names, json: AsJson = False) -> int:
    """List the images in containers/, and whether the engine has them."""
    chosen = [name.removeprefix(KIND) for name in image] or names()
    for name in chosen:
        if name not in names():
            raise CredstoneError(f"There is no image:{name} in containers/.", f"There are {', '.join(names())}.")
    client = _engine_or_none()
    try:
        rows = [_row(load(name), client) for name in chosen]
    finally:
        if client is not None:
            client.close()
    if json:
        for row in rows:
            print(msgspec.json.encode(row).decode())
        return 0
    for cells in (("name", "libc", "Python", "base", "CI", "state"), *(tuple(row.values()) for row in rows)):
        fields = ("yes" if cell is True else "no" if cell is False else str(cell) or "-" for cell in cells)
        padded = (field.ljust(width) for field, width in zip(fields, (*_WIDTHS, 0), strict=True))
        print(" ".join(padded).rstrip())
    return 0


@images.command(name="build")
def build_images(
    *image: Annotated[str, Parameter(help="a folder of containers/ or any image; default: the images that CI runs")],
) -> int:
    """Prepare images: pull the base image, or make it with mmdebstrap if no registry answers, and build the agents.

    The status is 3 if an image cannot be built; the others are built regardless.
    """
    chosen = [name.removeprefix(KIND) for name in image] or [name for name in names() if load(name).ci]
    for name in chosen:
        parse(name)
    open_engine().close()
    status = 0
    for outcome in prepare_many(chosen):
        if outcome.error is not None:
            print(f"credstone: {outcome.error}", file=sys.stderr)
            status = MachineError.status
        else:
            assert outcome.prepared is not None
            about = "; ".join((outcome.prepared.how, *outcome.prepared.missing.values()))
            print(f"{outcome.name:<{_WIDTHS[0]}} {outcome.seconds:6.1f} s  {outcome.prepared.image[7:19]}  {about}")
            sys.stdout.flush()
    return status


@images.command(name="remove")
def remove_images(
    *,
    keep_bases: Annotated[bool, Parameter(negative="", help="keep the base images that mmdebstrap made")] = False,
) -> int:
    """Remove every image that Credstone made in the engine; pulled images stay."""
    client = open_engine()
    try:
        removed, in_use = remove_all(client, keep_bases=keep_bases)
    finally:
        client.close()
    print(
        f"{counted(removed, 'image')} removed" + (f", {in_use} {named(in_use, 'is', 'are')} in use" if in_use else "")
    )
    return 0


def _engine_or_none() -> Client | None:
    """The engine; without one the list is still worth something."""
    try:
        return open_engine()
    except CredstoneError as error:
        print(f"credstone: {error}", file=sys.stderr)
        return None


def _row(settings: ImageSettings, client: Client | None) -> dict[str, str | bool]:
    return {
        "name": settings.name,
        "libc": settings.libc,
        "python": settings.python,
        "base": settings.from_base.image,
        "ci": settings.ci,
        "state": "unknown" if client is None else STATES[state_of(client, settings)],
    }
