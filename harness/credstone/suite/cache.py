"""Scripts that were read before: parsing all of them takes seconds, and between two runs few have changed.

What a script was read as is kept in the virtual environment, beside the compiled agents, under a name that changes with its
text, with the grammar and with the reader itself.  Where nothing can be kept, the script is read as if it never had been.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

import msgspec

from credstone.local.cache import folder_for
from credstone.notation.script import Script, examine
from credstone.words.scenario import Scenario

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Scenario])


def examined(text: str, page: str, script: str, path: str) -> Script:
    """The scenarios of one script, in their order, and what is wrong with it."""
    place = _place()
    if place is None:
        return examine(text, page, script, path)
    key = hashlib.sha256(f"{_reader()} {text}".encode()).hexdigest()[:20]
    file = place / f"{page}@{script}@{key}"
    try:
        kept = _decoder.decode(file.read_bytes())
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        script_read = examine(text, page, script, path)
        if not script_read.mistakes:
            _keep(file, script_read.scenarios, f"{page}@{script}@*")
        return script_read
    return Script([msgspec.structs.replace(scenario, path=path) for scenario in kept], [])


@cache
def _place() -> Path | None:
    """The folder for what is kept; None where it cannot be written."""
    place = folder_for("scripts")
    return place if place and os.access(place, os.W_OK) else None


@cache
def _reader() -> str:
    """What decides how a script is read: the sources of the reader, of the words and of the table of calls, and the grammar."""
    digest = hashlib.sha256(msgspec.__version__.encode())
    package = Path(__file__).parents[1]
    for folder in ("calls", "notation", "suite", "words"):
        for source in sorted((package / folder).iterdir()):
            if source.is_file():
                digest.update(source.read_bytes())
    return digest.hexdigest()


def _keep(file: Path, scenarios: list[Scenario], older: str) -> None:
    """Puts scenarios into a file, in one step: other runs may be reading.  What was kept of older texts goes."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        for old in file.parent.glob(older):
            old.unlink(missing_ok=True)
        draft.write_bytes(_encoder.encode(scenarios))
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
