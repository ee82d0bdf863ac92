"""One build: recipe and sources go to the engine, an image with a tag comes back, and of a failed build nothing stays."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import tarfile
import time
from importlib import resources
from pathlib import Path

from credstone.targets.container.archive import packed
from credstone.targets.container.base import PART, image_id
from credstone.targets.container.client import Client
from credstone.targets.container.messages import FAULTS, engine_error, said
from credstone.words.errors import MachineError

LIMIT = 900
"""Seconds without a word after which a build is given up: installing packages says nothing for long."""
KEPT = 24 * 60 * 60
"""Seconds for which what was built from older sources is kept: another checkout may still run it."""
_STEP = re.compile(r"(?i)(?:\[\d+/\d+\] )?step \d+/\d+ ?: (\w+)")
_MADE = re.compile(r"-+> ([0-9a-f]{11,64})$")
_NO_NEWS = re.compile(
    r"(?i)(\[\d+/\d+\] )?step \d+|-+> |removing intermediate|commit |the command |debconf: |error: building at"
)
_ERROR = re.compile(r"(?i)\b(fatal )?error: |^E: |failed to fetch|no such file|: not found|no match for argument")


class NotBuilt(MachineError):
    """The engine did what it was told, and something in the recipe did not work."""


def tag_of(name: str, recipe: str, *others: str) -> str:
    """The tag of an image made from this recipe, the sources of the agents, and what else decides over it."""
    digest = hashlib.sha256("\0".join((recipe, *others)).encode())
    for path, content in _sources().items():
        digest.update(path.encode() + b"\0" + content)
    return f"credstone/{name}:{digest.hexdigest()[:16]}"


def build(client: Client, tag: str, recipe: str, arguments: dict[str, str], labels: dict[str, str]) -> str:
    """The id of the image that the engine builds.  Raises MachineError with the line of the log that tells why not."""
    log: list[str] = []
    failure = ""
    try:
        for event in client.api.build(
            fileobj=io.BytesIO(_context(recipe)),
            custom_context=True,
            tag=tag,
            buildargs=arguments,
            labels=labels,
            rm=True,
            forcerm=True,
            timeout=LIMIT,
            decode=True,
        ):
            log += str(event.get("stream", "")).splitlines()
            failure = str(event.get("error", "")) or failure
    except FAULTS as error:
        failure = said(error)
    image = "" if failure else image_id(client, tag)
    if image:
        return image
    _remove_drafts(client, log)
    what = f"The image {tag.partition(':')[0]} cannot be built"
    if not log or "no space left" in failure.lower():
        raise engine_error(what, failure)
    raise NotBuilt(f"{what}: {_last_words(log, failure)}", "")


def sweep_older(client: Client, tag: str, labels: dict[str, str]) -> None:
    """Removes what was built for the same target from older sources, a day later; what is in use stays."""
    wanted = [f"{key}={value}" for key, value in labels.items()]
    with contextlib.suppress(*FAULTS):
        for image in client.api.images(filters={"label": wanted}):
            if tag not in (image["RepoTags"] or []) and time.time() - image["Created"] > KEPT:
                client.api.remove_image(image["Id"])
        older = {"dangling": True, "until": f"{KEPT}s", "label": f"{PART}=build"}
        client.images.prune(filters=older)


def _remove_drafts(client: Client, log: list[str]) -> None:
    """Removes the images of a build that failed, but those that it began with or used again."""
    drafts: list[str] = []
    step, used = "", False
    for line in log:
        begun = _STEP.match(line)
        made = _MADE.match(line.strip())
        if begun:
            step = begun[1]
        elif made and not used and step not in ("FROM", "ARG"):
            drafts.append(made[1])
        used = "Using cache" in line
    for draft in reversed(drafts):
        with contextlib.suppress(*FAULTS):
            client.api.remove_image(draft, noprune=True)


def _last_words(log: list[str], failure: str) -> str:
    """The line of a log that tells why a build ended: the first error in it, or its last line with news."""
    lines = [re.sub(r"\x1b\[[\d;]*m", "", line).strip() for line in log]
    lines = [line for line in lines if line and not _NO_NEWS.match(line)]
    errors = [line for line in lines if _ERROR.search(line)]
    return (errors[:1] or lines[-1:] or [" ".join(failure.split())])[0]


def _context(recipe: str) -> bytes:
    """What the engine builds from, as an archive: the recipe and the sources of the agents."""
    files = {"Dockerfile": recipe.encode(), **_sources()}
    return packed((tarfile.TarInfo(path), content) for path, content in files.items())


def _sources() -> dict[str, bytes]:
    agents = Path(str(resources.files("credstone.agent")))
    found = sorted([*agents.glob("c/*.[ch]"), *agents.glob("python/*.py")])
    return {str(path.relative_to(agents)): path.read_bytes() for path in found}
