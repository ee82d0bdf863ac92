"""An engine behind ssh://: its socket comes by ssh(1), and the client needs no library for it."""

from __future__ import annotations

import json
import os
import socketserver
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from credstone.targets.container.client import open_engine
from credstone.words.errors import MachineError

SSH = """#!{python}
import socket, sys, threading
place = sys.argv[0].rpartition("/")[0]
open(place + "/arguments", "w").write("\\n".join(sys.argv[1:]))
here, there = sys.argv[sys.argv.index("-L") + 1].split(":")

def carry(source, sink):
    while data := source.recv(65536):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)

def serve():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(here)
    listener.listen()
    while True:
        near, _ = listener.accept()
        far = socket.socket(socket.AF_UNIX)
        far.connect(there)
        for pair in ((near, far), (far, near)):
            threading.Thread(target=carry, args=pair, daemon=True).start()

threading.Thread(target=serve, daemon=True).start()
sys.stdin.read()
"""
"""What ssh -L does, between two sockets of this machine; like cat(1) on the other one it ends with its input."""


class Answers(BaseHTTPRequestHandler):
    """As much of an engine as a client asks for when it is opened."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        content = json.dumps({"ApiVersion": "1.41", "Version": "99"} if "version" in self.path else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def address_string(self) -> str:
        return "a socket"

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Path]:
    """The socket at which something answers like an engine."""
    path = tmp_path / "far.sock"
    with socketserver.ThreadingUnixStreamServer(str(path), Answers) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield path
        server.shutdown()


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the only ssh that there is."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "ssh").write_text(SSH.format(python=sys.executable))
    (folder / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return folder


def test_an_engine_is_reached_and_nothing_is_left(engine: Path, ssh: Path) -> None:
    client = open_engine(f"ssh://me@far:2222{engine}", 10)
    tunnel = client._tunnel
    assert tunnel is not None
    assert client.versions["Version"] == "99"
    assert client.address == f"ssh://me@far:2222{engine}"
    client.close()
    arguments = (ssh / "arguments").read_text().split("\n")
    assert arguments[-3:] == ["--", "me@far", "cat"]
    assert arguments[arguments.index("-p") + 1] == "2222"
    assert tunnel._ssh.returncode == 0
    assert not Path(tunnel.address.removeprefix("unix://")).parent.exists()


def test_what_ssh_says_is_said(ssh: Path) -> None:
    (ssh / "ssh").write_text("#!/bin/sh\necho lorem >&2\necho lorem ipsum >&2\nexit 255\n")
    with pytest.raises(MachineError, match="ssh://far cannot be reached: lorem ipsum") as caught:
        open_engine("ssh://far")
    assert caught.value.hint
