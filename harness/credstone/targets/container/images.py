"""The image of a target with the agents in it: built once, kept in the engine under a name that changes with its content.

A target that has a folder is built by its Dockerfile.  Any other name is an image of somebody's, and how an agent gets into
that is found out from what it has.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, cast

import msgspec

from credstone.targets.container.base import PART, Unavailable, base_image, find_base, image_id, own_name, pull
from credstone.targets.container.build import NotBuilt, build, sweep_older, tag_of
from credstone.targets.container.client import Client, open_engine
from credstone.targets.container.container import discard
from credstone.targets.container.contents import PATH, Contents, Created, look_into
from credstone.targets.container.foreign_image import Way, ways
from credstone.targets.container.lock import alone
from credstone.targets.container.messages import FAULTS, engine_error
from credstone.targets.container.recipe import of_guest, recipe_of
from credstone.targets.container.settings import ImageSettings, load, managers, names
from credstone.words.cell import NATIVE, PYTHON
from credstone.words.errors import CredstoneError, MachineError

AGENT = ("/credstone/agent",)
PYTHON_AGENT = ("-I", "-B", "/credstone/python")
TARGET, PYTHON3, HOW, USER = "credstone.target", "credstone.python", "credstone.how", "credstone.user"
"""Labels: for which target an image was built, the python3 in it, how its agent came about, as whom it runs."""


class Prepared(msgspec.Struct, frozen=True):
    """An image that can be run.

    ``agents`` has the command of each agent that is in it, ``missing`` one sentence for each that cannot be had.  ``how``
    says how the C agent came about, ``user`` as whom the image's processes run (``UID:GID``, empty for root).
    """

    image: str
    agents: dict[str, tuple[str, ...]]
    missing: dict[str, str] = {}
    how: str = ""
    user: str = ""


def prepare(client: Client, name: str) -> Prepared:
    """The image of a target, built where the engine does not have it yet.

    An engine beside the one that the environment names gets the very image that was built there, if that one answers.
    Raises MachineError.
    """
    home = _home(client)
    if home is not None:
        with contextlib.suppress(MachineError), contextlib.closing(home):
            return _brought(home, client, prepare(home, name).image, name)
    return _as_labelled(client, name, _target(client, load(name)) if name in names() else _guest(client, name))


def state_of(client: Client, settings: ImageSettings) -> str:
    """How far an engine is with a target: ``ready``, ``base`` where only that is there, or empty."""
    base = find_base(client, settings.from_base)
    if not base:
        return ""
    return "ready" if image_id(client, tag_of(settings.name, recipe_of(settings), base)) else "base"


def _target(client: Client, settings: ImageSettings) -> str:
    recipe = recipe_of(settings)
    base = base_image(client, settings.from_base)
    tag = tag_of(settings.name, recipe, base)
    present = image_id(client, tag)
    if present:
        return present
    # targets on one base one after the other: what the first installs the others find
    with alone(f"{own_name(settings.from_base)} {client.address}"):
        python = "/usr/bin/python3" if settings.python else ""
        labels = {TARGET: settings.name, PYTHON3: python, HOW: "by the toolchain of its release"}
        image = image_id(client, tag) or build(client, tag, recipe, {"BASE": base}, labels)
    sweep_older(client, tag, {TARGET: settings.name, PART: "target"})
    return image


def _guest(client: Client, reference: str) -> str:
    """The image that somebody named, with the agents in it."""
    own = image_id(client, reference) or pull(client, reference)
    tag = tag_of("guest", of_guest(reference), own)
    present = image_id(client, tag)
    if present:
        return present
    with alone(f"{own} {client.address}"):
        return image_id(client, tag) or _in_some_way(client, reference, own, tag)


def _in_some_way(client: Client, reference: str, own: str, tag: str) -> str:
    """Builds the agents into an image, in the first way that leads there."""
    contents = _contents(client, own)
    failures: list[str] = []
    for way in ways(contents, managers(), [load(name) for name in names()]):
        labels = {TARGET: reference, PYTHON3: contents.python, HOW: _how(way, failures), USER: contents.user}
        arguments = {"BASE": own}
        try:
            if way.beside:
                arguments["BESIDE"] = prepare(client, way.beside).image
            image = build(client, tag, of_guest(reference, way), arguments, labels)
        except (NotBuilt, Unavailable) as error:
            failures.append(error.what)
            continue
        sweep_older(client, tag, {TARGET: reference, PART: "target"})
        return image
    raise MachineError(
        f"No agent can be built for {reference}: {failures[-1] if failures else 'no way is known'}",
        "An image with a C compiler, or with a package manager that can install one, gets an agent of its own.",
    )


def _how(way: Way, failures: list[str]) -> str:
    return f"{way.says}, as another way failed ({failures[-1].rstrip('.')})" if failures else way.says


def _contents(client: Client, image: str) -> Contents:
    """What an image has in it."""
    container = ""
    try:
        # the command is never executed, but an image without one takes no container
        container = str(client.api.create_container(image, command=["/credstone/agent"])["Id"])
        settings = client.images.get(image).attrs["Config"]
        return look_into(Created(client, container), _path_in(settings), settings.get("User") or "", managers())
    except FAULTS as error:
        raise engine_error(f"The image {image} cannot be read", error) from None
    finally:
        if container:
            discard(client, container)


def _path_in(settings: dict[str, Any]) -> str:
    environment: list[str] = settings.get("Env") or []
    return next((each.removeprefix("PATH=") for each in environment if each.startswith("PATH=")), PATH)


def _as_labelled(client: Client, name: str, image: str) -> Prepared:
    """What the labels of an image that was built say of it."""
    labels: dict[str, str] = client.images.get(image).labels
    agents: dict[str, tuple[str, ...]] = {NATIVE: AGENT}
    python = labels.get(PYTHON3, "")
    if python:
        agents[PYTHON] = (python, *PYTHON_AGENT)
    missing = {} if python else {PYTHON: f"there is no python3 in {name}"}
    return Prepared(image, agents, missing, labels.get(HOW, ""), labels.get(USER, ""))


def _home(client: Client) -> Client | None:
    """The engine that the environment names, if it is another one and answers."""
    try:
        home = open_engine()
    except CredstoneError:
        return None
    if home.address == client.address:
        home.close()
        return None
    return home


def _brought(home: Client, client: Client, image: str, name: str) -> Prepared:
    """The same image in another engine: it is carried there, with its tag, unless it is there."""
    (tag, *_) = home.images.get(image).tags
    present = image_id(client, tag)
    if not present:
        with alone(f"{tag} {client.address}"):
            try:
                client.images.load(cast("bytes", _saved(home, tag)))  # pieces do as well
            except FAULTS as error:
                raise engine_error(f"The image {name} cannot be brought to {client.address}", error) from None
            present = image_id(client, tag)
    return _as_labelled(client, name, present)


def _saved(home: Client, tag: str) -> Iterator[bytes]:
    yield from home.images.get(tag).save(named=tag)
