"""What goes wrong between us and an engine, in words."""

from __future__ import annotations

import requests
from docker.errors import APIError, DockerException

from credstone.words.errors import MachineError

FAULTS = (DockerException, requests.RequestException, OSError)
"""What the engine's client raises when the engine says no, or says nothing."""


def said(error: Exception) -> str:
    """What an engine said, as one sentence without the names of what carried it."""
    text = str(error.explanation or error) if isinstance(error, APIError) else str(error)
    return " ".join(text.split()).rstrip(".") + "."


def engine_error(what: str, error: Exception | str) -> MachineError:
    """The message for something that the engine did not do; ``what`` is the beginning of the sentence."""
    text = error if isinstance(error, str) else said(error)
    if "no space left on device" in text.lower():
        return MachineError(
            f"{what}: the engine's disk is full.",
            "Free some space there: credstone images remove, docker system prune.",
        )
    return MachineError(f"{what}: {text}", "")
