"""Base images: pulled where a registry answers, made from a Debian mirror where none does.

What is made has a name of our own, ``credstone/base:DISTRIBUTION-RELEASE``; what was pulled keeps its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import IO

import docker
import requests
from docker.errors import APIError, DockerException, ImageNotFound

from credstone.engine.settings import Base, ImageSettings
from credstone.words.errors import MachineError

MIRROR = "CREDSTONE_MIRROR"
"""The variable that names a Debian mirror; without it mmdebstrap takes its own."""
LABEL = "credstone.part"


def base_image(client: docker.DockerClient, settings: ImageSettings) -> str:
    """The id of the base image of a target; it is fetched or made where the engine does not have it.

    Raises MachineError where neither can be done.
    """
    base = settings.from_base
    present = find_base(client, base)
    if present:
        return present
    try:
        return str(client.images.pull(base.image).id)
    except (DockerException, requests.RequestException) as error:
        refusal = error
    if not base.suite:
        raise no_such_image(base.image, refusal) from None
    return _make(client, base)


def own_name(base: Base) -> str:
    """The name under which a base image is made here."""
    return f"credstone/base:{base.image.replace(':', '-').replace('/', '-')}"


def find_base(client: docker.DockerClient, base: Base) -> str:
    """The id of a base image that the engine has; empty if it has none."""
    for name in (base.image, own_name(base)):
        try:
            return str(client.images.get(name).id)
        except ImageNotFound:
            continue
    return ""


def no_such_image(reference: str, error: Exception) -> MachineError:
    """The message for an image that cannot be pulled."""
    text = str(getattr(error, "explanation", "") or error).strip()
    return MachineError(
        f"The image {reference} cannot be had: {text}", "Check the name, and whether the engine reaches its registry."
    )


def _make(client: docker.DockerClient, base: Base) -> str:
    """Makes a base image with mmdebstrap, and gives it to the engine while it is made."""
    if shutil.which("mmdebstrap") is None:
        raise MachineError(
            f"No registry has {base.image} for this engine, and mmdebstrap is not installed to make one.",
            "Install it (Debian: apt-get install mmdebstrap), or load the image into the engine.",
        )
    command = ["mmdebstrap", "--variant=apt", "--format=tar", "--dpkgopt=force-unsafe-io"]
    if base.architecture:
        command.append(f"--architectures={base.architecture}")
    command += [base.suite, "-", *([os.environ[MIRROR]] if os.environ.get(MIRROR) else [])]
    repository, tag = own_name(base).split(":")
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
        assert process.stdout is not None
        try:
            client.api.import_image_from_stream(
                _pieces(process.stdout), repository, tag, changes=[f"LABEL {LABEL}=base", "CMD /bin/sh"]
            )
        except APIError as error:
            process.kill()
            raise MachineError(f"The engine does not take the base image {base.image}: {error.explanation}.") from None
        finally:
            process.stdout.close()
            status = process.wait()
        if status:
            errors.seek(0)
            last = [line for line in errors.read().decode(errors="replace").splitlines() if line.strip()][-1:]
            client.images.remove(own_name(base))
            raise MachineError(f"mmdebstrap cannot make {base.image}: {''.join(last)}", "")
    return str(client.images.get(own_name(base)).id)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(1 << 20):
        yield piece
