"""No message and no test depends on what a library says: they are the same where libraries speak nonsense."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
MISTAKES = (
    "agent/test_wire.py", "deviations/test_file.py", "container/test_client.py", "container/test_settings.py",
    "results/test_bad_input.py", "shape/test_json.py", "suite/test_loading.py", "suite/test_mistakes.py", "suite/test_toml.py",
)  # fmt: skip
"""The tests of what is said of bad input."""
PROPERTIES = "not (any_ or cut or others or elsewhere or something_else)"
ALL_AT_ONCE = """
import nonsense
from pathlib import Path
from credstone.results.file import read_results
from credstone.notation.script import read_script
from credstone.suite.toml import read_toml
from credstone.words.actor import Actor
from credstone.words.errors import CredstoneError

for path, text in (("a.toml", "[a"), ("b.toml", "[a]\\nuid = 'x'\\n"), ("c.jsonl", "{\\n"), ("d.jsonl", "{}\\n")):
    Path(path).write_text(text)
for read, *given in (
    (read_toml, Path("a.toml"), dict[str, Actor]), (read_toml, Path("b.toml"), dict[str, Actor]),
    (read_results, Path("c.jsonl")), (read_results, Path("d.jsonl")), (read_script, "scenario (", "p", "s", "e.scn"),
):
    try:
        read(*given)
    except CredstoneError as error:
        print(error.what.splitlines()[0])
"""


def python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )  # fmt: skip


def test_a_library_is_heard_at_most_behind_our_own_sentence(tmp_path: Path) -> None:
    said = python("-c", ALL_AT_ONCE, folder=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    toml, entry, json, line, script = said.stdout.splitlines()
    assert toml.startswith("a.toml:1:1: this is not TOML (Lorem ipsum "), "the nonsense is in force"
    assert entry == "b.toml:2:1: a whole number or a list is expected, not a text"
    assert json.startswith("c.jsonl:1: this is no line of a results file: it is not JSON (line ")
    assert line == "d.jsonl:1: this is no line of a results file: 'type' is missing."
    assert script.startswith("e.scn:1:10: '(' is not expected here, but ")
    assert "Lorem" not in entry + json + line + script


def test_the_tests_of_mistakes_pass_where_libraries_speak_nonsense() -> None:
    command = ["-m", "pytest", "-q", "-p", "nonsense", "-p", "no:cacheprovider", "-k", PROPERTIES]
    done = python(*command, *(f"tests/{each}" for each in MISTAKES), folder=TESTS.parent)
    assert done.returncode == 0, done.stdout
