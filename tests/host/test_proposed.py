"""From a real fault to a green run: the entries that are proposed for it, with reasons, excuse it and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deviations.made import with_reasons
from host.launch import SUITES, credstone, preload
from host.test_controls import GETGROUPS_FORGETS_THE_LAST, SETGROUPS_DOES_NOTHING

pytestmark = pytest.mark.usefixtures("_root")

SETREGID_LEAVES_THE_SAVED_GID = """
int setresgid(unsigned, unsigned, unsigned);
int setregid(unsigned real, unsigned effective) { return setresgid(real, effective, -1); }
"""


FAULTS = {
    "setgroups": ("getgroups.2/privilege", SETGROUPS_DOES_NOTHING),
    "getgroups": ("getgroups.2/lists", GETGROUPS_FORGETS_THE_LAST),
    "setregid": ("setreuid.2/saved-gid", SETREGID_LEAVES_THE_SAVED_GID),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_proposed_makes_the_run_green(tmp_path: Path, name: str) -> None:
    script, source = FAULTS[name]
    known = tmp_path / "known.toml"
    fault = preload(tmp_path, "fault", source)
    run = (script, "--api", "libc", "--api", "python")
    red = credstone(tmp_path, *run, environment=fault)
    assert red.status == 1
    known.write_text(proposed(tmp_path))
    refused = credstone(tmp_path, *run, "--deviations", str(known), environment=fault)
    assert refused.status == 2
    assert f"{known}:" in refused.err
    assert "the reason is a sentence by a person" in refused.err
    known.write_text(with_reasons(known.read_text()))
    green = credstone(tmp_path, *run, "--deviations", str(known), environment=fault)
    assert green.status == 0, green.out
    assert len(green.of("fail")) == len(red.of("fail")) > 10
    assert {cell["deviation"]["state"] for cell in green.of("fail")} == {"known"}
    mended = credstone(tmp_path, *run, "--deviations", str(known))
    assert mended.status == 1
    assert not mended.of("fail")
    assert sum(bool(cell["deviation"]) for cell in mended.cells) == len(red.of("fail")), "what did not show is red"


def proposed(folder: Path) -> str:
    """What is proposed for the last run."""
    command = [sys.executable, "-m", "credstone", "deviations", "propose", str(folder / "results.jsonl")]
    done = subprocess.run([*command, "--suites", str(SUITES)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout
