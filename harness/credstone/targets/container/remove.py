"""All that was ever made in an engine, away again: it carries a label of ours, and nothing else does."""

from __future__ import annotations

from docker.errors import ImageNotFound

from credstone.targets.container.base import PART
from credstone.targets.container.client import Client
from credstone.targets.container.messages import FAULTS, engine_error


def remove_all(client: Client, *, keep_bases: bool) -> tuple[int, int]:
    """Removes the images that were made here; how many went, and how many a container holds.  Raises MachineError."""
    removed: set[str] = set()
    while True:
        left = _ours(client, keep_bases=keep_bases)
        # an image goes after those that were built on it
        gone = {image for image in left if _removed(client, image)}
        removed |= gone
        if not gone:
            return len(removed), len(left)


def _ours(client: Client, *, keep_bases: bool) -> set[str]:
    try:
        found = client.api.images(all=True, filters={"label": PART})
    except FAULTS as error:
        raise engine_error("The engine does not list its images", error) from None
    return {each["Id"] for each in found if not (keep_bases and each["Labels"].get(PART) == "base")}


def _removed(client: Client, image: str) -> bool:
    """Whether it is gone; with several names it takes force, which never takes one from a container that runs."""
    try:
        client.api.remove_image(image, force=True, noprune=True)
    except ImageNotFound:
        return True
    except FAULTS:
        return False
    return True
