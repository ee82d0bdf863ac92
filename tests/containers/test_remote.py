"""An engine on another machine: cells come through ssh, through TLS, and by a context, as through a socket of one's own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from containers.engine import Engine
from containers.remote import behind_tls, sshd
from host.launch import Ran, credstone
from trial import make_suite, verdicts, write_script

ALL_PASS = {"good-before": "pass", "good-after": "pass"}


def run(folder: Path, environment: dict[str, str]) -> Ran:
    """A run on an engine that the environment names; of the engines of this machine nothing is known there."""
    suite = make_suite(folder)
    write_script(suite, uid=0)
    return credstone(folder, "--target", "image:scratch", "--api", "syscall", suites=suite, environment=environment)


def left(folder: Path) -> list[Path]:
    """What a run left of its temporary files but the locks, which say who makes an image."""
    return [path for path in (folder / "tmp").iterdir() if not path.name.startswith(".credstone-")]


def test_through_ssh(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with sshd(tmp_path) as (port, programs):
        monkeypatch.setenv("PATH", str(programs), prepend=":")
        ran = run(tmp_path, {"DOCKER_HOST": f"ssh://root@127.0.0.1:{port}{engine.socket}"})
    assert (ran.status, verdicts(ran.cells)) == (0, ALL_PASS), ran.out + ran.err
    assert left(tmp_path) == []


def test_through_ssh_to_where_no_engine_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sshd(tmp_path) as (port, programs):
        monkeypatch.setenv("PATH", str(programs), prepend=":")
        ran = run(tmp_path, {"DOCKER_HOST": f"ssh://root@127.0.0.1:{port}/no/socket"})
    assert ran.status == 3
    assert {(cell["verdict"], cell["not_run"]) for cell in ran.cells} == {("broken", True)}
    said = f"No container engine answers at ssh://root@127.0.0.1:{port}/no/socket: "
    assert " ".join(ran.out.split()).count(said) == 1, ran.out
    assert left(tmp_path) == []


def test_through_tls(tmp_path: Path, engine: Engine) -> None:
    with behind_tls(tmp_path, engine.socket) as port:
        at = {"DOCKER_HOST": f"tcp://127.0.0.1:{port}", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(tmp_path)}
        ran = run(tmp_path, at)
    assert (ran.status, verdicts(ran.cells)) == (0, ALL_PASS), ran.out + ran.err


@pytest.mark.parametrize("tls", [False, True])
def test_by_a_context_that_the_command_line_made(tmp_path: Path, engine: Engine, tls: bool) -> None:
    if shutil.which("docker") is None:
        pytest.skip("needs docker's command line (Debian: apt-get install docker.io)")
    environment = {"DOCKER_CONFIG": str(tmp_path / "config"), "DOCKER_CONTEXT": "elsewhere", "DOCKER_HOST": ""}
    with behind_tls(tmp_path, engine.socket) as port:
        pair = ",".join(
            f"{key}={tmp_path / file}" for key, file in (("ca", "ca.pem"), ("cert", "cert.pem"), ("key", "key.pem"))
        )
        endpoint = f"host=tcp://127.0.0.1:{port},{pair}" if tls else f"host=unix://{engine.socket}"
        subprocess.run(
            ["docker", "--config", tmp_path / "config", "context", "create", "elsewhere", "--docker", endpoint],
            check=True, capture_output=True,
        )  # fmt: skip
        ran = run(tmp_path, environment)
    assert (ran.status, verdicts(ran.cells)) == (0, ALL_PASS), ran.out + ran.err
