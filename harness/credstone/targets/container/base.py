"""Base images: pulled where a registry answers, made from a Debian mirror where none does.

What is made has a name of our own, ``credstone/base:DISTRIBUTION-RELEASE``; what was pulled keeps its own.
"""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import IO

from docker.errors import ImageNotFound
from docker.utils import parse_repository_tag

from credstone.local.debian_mirror import MIRROR, mirrors
from credstone.targets.container.client import Client
from credstone.targets.container.lock import alone
from credstone.targets.container.messages import FAULTS, engine_error, said
from credstone.targets.container.settings import Base
from credstone.words.errors import MachineError

PART = "credstone.part"
"""The label of all that is made here; it says which part of a target an image is."""


_OPTIONS = ("--dpkgopt=force-unsafe-io", '--aptopt=Acquire::Retries "3"')
"""Nothing that is made here has to survive a power cut; a mirror that does not answer at once is asked again."""


class Unavailable(MachineError):
    """An image can neither be pulled nor made."""


def base_image(client: Client, base: Base) -> str:
    """The id of a base image; it is fetched or made where the engine does not have it.

    Raises Unavailable where neither can be done, and MachineError.
    """
    with alone(own_name(base)):
        present = find_base(client, base)
        if present:
            return present
        try:
            return pull(client, base.image)
        except Unavailable:
            if not base.suite:
                raise
        return _make(client, base)


def own_name(base: Base) -> str:
    """The name under which a base image is made here."""
    return f"credstone/base:{base.image.replace(':', '-').replace('/', '-')}"


def find_base(client: Client, base: Base) -> str:
    """The id of a base image that the engine has; empty if it has none."""
    return next((found for name in (base.image, own_name(base)) if (found := image_id(client, name))), "")


def image_id(client: Client, name: str) -> str:
    """The id of an image that the engine has under a name; empty if it has none."""
    try:
        return str(client.images.get(name).id)
    except ImageNotFound:
        return ""
    except FAULTS as error:
        raise engine_error(f"The engine cannot be asked for the image {name}", error) from None


def pull(client: Client, reference: str) -> str:
    """The id of an image that a registry has.  Raises MachineError with what the engine said."""
    repository, tag = parse_repository_tag(reference)
    why = ""
    try:
        for event in client.api.pull(repository, tag=tag or "latest", stream=True, decode=True):
            why = str(event.get("error", "")) or why
    except FAULTS as error:
        why = said(error)
    found = "" if why else image_id(client, reference)
    if found:
        return found
    raise Unavailable(
        f"The engine has no image {reference} and cannot pull it: {' '.join(why.split()) or 'it is not there'}",
        "Check the name and whether the engine reaches its registry, or load the image into the engine.",
    )


def _make(client: Client, base: Base) -> str:
    """Makes a base image from the first mirror that can be had."""
    if shutil.which("mmdebstrap") is None:
        raise Unavailable(
            f"This engine can pull no {base.image}, and mmdebstrap, which would make one, is not installed here.",
            "Install it (Debian: apt-get install mmdebstrap), or load the image into the engine.",
        )
    *others, last = mirrors() or [""]  # mmdebstrap has one of its own
    for mirror in others:
        try:
            return _make_from(client, base, mirror)
        except Unavailable:
            continue
    return _make_from(client, base, last)


def _make_from(client: Client, base: Base, mirror: str) -> str:
    """Makes a base image; the engine takes it in while it is made."""
    command = ["mmdebstrap", "--variant=apt", "--format=tar", *_OPTIONS]
    if base.architecture:
        command += [f"--architectures={base.architecture}", "--skip=check/qemu"]
    command += [base.suite, "-", *([mirror] if mirror else [])]
    refusal = ""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)
        assert process.stdout is not None
        try:
            refusal = _import(client, own_name(base), process.stdout)
        finally:
            process.stdout.close()
            if refusal:
                process.terminate()
            status = process.wait()
        errors.seek(0)
        lines = [line for line in errors.read().decode(errors="replace").splitlines() if line.strip()]
    made = "" if refusal else image_id(client, own_name(base))
    if made and status == 0:
        return made
    if made:
        with contextlib.suppress(*FAULTS):
            client.api.remove_image(made)  # cut off
    if refusal and status <= 0:
        raise engine_error(f"The engine does not take the base image {base.image} that was made for it", refusal)
    raise Unavailable(
        f"mmdebstrap cannot make {base.image}: {_why(lines)}",
        f"Run it by hand to see all: {shlex.join(command).replace(' - ', ' /dev/null ')}; {MIRROR} names another mirror.",
    )


def _import(client: Client, name: str, content: IO[bytes]) -> str:
    """Gives an engine the files of an image while they are made; what it said if it did not take them, else nothing."""
    changes = [f"LABEL {PART}=base", 'CMD ["/bin/sh"]']
    try:
        # the tag is part of the name: Podman knows no other way
        answer = client.api.import_image_from_stream(_pieces(content), name, changes=changes)
    except FAULTS as error:
        return said(error)
    found = re.search(r'"error" *: *("(?:[^"\\]|\\.)*")', answer)
    return str(json.loads(found[1])) if found else ""


def _why(lines: list[str]) -> str:
    """The line of mmdebstrap's that tells most: the first that is an error."""
    errors = [line for line in lines if line.startswith(("E:", "W:"))]
    return next((line[3:] for line in errors if line.startswith("E:")), lines[-1] if lines else "it said nothing")


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(1 << 20):
        yield piece
