"""What the agent in C and the programs share: the sources of calls that are written by hand."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from credstone.repro.pieces import needed

AGENT = Path(str(resources.files("credstone.agent"))) / "c"
PROGRAMS = Path(str(resources.files("credstone.repro"))) / "c"
SHARED = sorted(AGENT.glob("do_*.h"))


def names_of(path: Path) -> list[str]:
    return re.findall(r"\w+", path.read_text().partition("\n")[0])


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.name)
def test_both_use_it_and_it_knows_nothing_of_the_agent(path: Path) -> None:
    text = path.read_text()
    assert not re.search(
        r"\b(line|answer|arena_\w+|argument_\w+|refuse\w*|shared|EITHER)\b", text.replace("the answer", "")
    )
    agent = "\n".join(each.read_text() for each in AGENT.glob("*.c"))
    assert f'#include "{path.name}"' in agent
    programs = [*PROGRAMS.glob("pieces/*.c"), *PROGRAMS.glob("*.py"), *(each for each in SHARED if each != path)]
    used = "\n".join(each.read_text() for each in programs)
    for name in names_of(path):
        assert re.search(rf"\b{name}\b", agent)
        assert re.search(rf"\b{name}\b", used)


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.name)
def test_a_program_enters_the_kernel_in_its_own_way(path: Path) -> None:
    text = "\n".join(needed(f"{names_of(path)[0]};", "c"))
    assert names_of(path)[0] in text
    assert not re.search(r"\braw\(|\b__NR_", text)
