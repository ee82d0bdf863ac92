"""The image of a target with the agent in it: built once, kept in the engine under a name that changes with its content."""

from __future__ import annotations

import hashlib
import io
import tarfile
from importlib import resources
from pathlib import Path

import docker
import msgspec
from docker.errors import APIError, BuildError, ImageNotFound

from credstone.engine.base import base_image
from credstone.engine.settings import containers, load, names
from credstone.words.cell import NATIVE, PYTHON
from credstone.words.errors import MachineError


class Prepared(msgspec.Struct, frozen=True):
    """An image that can be run.

    ``agents`` has the command of each agent that is in it, ``missing`` one sentence for each that cannot be had.
    """

    image: str
    agents: dict[str, tuple[str, ...]]
    missing: dict[str, str] = {}


def prepare(client: docker.DockerClient, name: str) -> Prepared:
    """The image of a target, built where the engine does not have it yet.  Raises MachineError."""
    if name not in names():
        raise MachineError(f"There is no target {name}.", f"There are {', '.join(names())}.")
    settings = load(name)
    recipe = (containers() / name / "Dockerfile").read_text()
    base = base_image(client, settings)
    context = _context(recipe)
    digest = hashlib.sha256(context + base.encode()).hexdigest()[:16]
    tag = f"credstone/{name}:{digest}"
    try:
        image = str(client.images.get(tag).id)
    except ImageNotFound:
        image = _build(client, context, tag, base)
    agents: dict[str, tuple[str, ...]] = {NATIVE: ("/credstone/agent",)}
    if settings.python:
        agents[PYTHON] = ("/usr/bin/python3", "-I", "-B", "/credstone/python")
    return Prepared(image, agents, {} if settings.python else {PYTHON: f"{name} has no python3"})


def _build(client: docker.DockerClient, context: bytes, tag: str, base: str) -> str:
    try:
        image, _ = client.images.build(
            fileobj=io.BytesIO(context), custom_context=True, tag=tag, buildargs={"BASE": base}, rm=True, forcerm=True
        )
    except BuildError as error:
        raise MachineError(f"The image {tag} cannot be built: {error.msg}") from None
    except APIError as error:
        raise MachineError(f"The image {tag} cannot be built: {error.explanation}") from None
    return str(image.id)


def _context(recipe: str) -> bytes:
    """What the engine gets to build from: the recipe and the sources of the agents, the same bytes each time."""
    agents = Path(str(resources.files("credstone.agent")))
    files = {"Dockerfile": recipe.encode()}
    for source in sorted([*agents.glob("c/*.[ch]"), *agents.glob("python/*.py")]):
        files[str(source.relative_to(agents))] = source.read_bytes()
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()
