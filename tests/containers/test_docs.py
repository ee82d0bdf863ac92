"""The commands in the documents that take an engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from credstone.targets.container.client import open_engine
from credstone.words.errors import MachineError
from docs.reading import DOCUMENTS, bash, blocks

ENGINE = "engine"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands(document: str, tmp_path: Path) -> None:
    try:
        open_engine().close()
    except MachineError as error:
        pytest.skip(f"needs an engine: {error.what}")
    for _, more, text in blocks(document, "sh"):
        for command in text.splitlines() if more == ENGINE else ():
            done = bash(tmp_path, command)
            assert done.returncode == 0, f"{command}\n{done.stdout}"
