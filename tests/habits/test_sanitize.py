"""The sanitizers see a fault of the C agent: the gaps between the pieces of its memory are closed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from credstone.agent.build import FLAGS, sources

SANITIZE = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
PROGRAM = """
#include "agent.h"
_Noreturn void refuse(const char *first, ...)
{
	(void) first;
	__builtin_trap();
}
int main(int count, char **arguments)
{
	char *one = arena_take(16), *two = arena_take(16);
	size_t mark = arena_mark();
	char *three = arena_take(16);
	(void) arguments;
	one[15] = two[15] = three[15] = 1;
	arena_release(mark);
	two[0] = one[15];
	if (count == 2)
		one[16] = 1;
	if (count == 3)
		three[0] = 1;
	return 0;
}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that takes pieces and, as its arguments say, writes behind one or into one that was given back."""
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    folder = tmp_path_factory.mktemp("arena")
    (folder / "main.c").write_text(PROGRAM)
    (arena,) = (file for file in sources() if file.name == "arena.c")
    command = ["gcc", *FLAGS, *SANITIZE, f"-I{arena.parent}", "-o", "program", "main.c", str(arena)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if "cannot find -lasan" in done.stderr or "libasan" in done.stderr:
        pytest.skip("needs gcc's sanitizers")
    assert done.returncode == 0, done.stderr
    return folder / "program"


def ended(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, env={"ASAN_OPTIONS": "detect_leaks=0"}
    )


def test_pieces_in_use_are_open(program: Path) -> None:
    done = ended(program)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [("behind",), ("given", "back")])
def test_a_gap_is_closed(program: Path, arguments: tuple[str, ...]) -> None:
    done = ended(program, *arguments)
    assert done.returncode != 0
    assert "use-after-poison" in done.stderr
