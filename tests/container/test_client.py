"""Which engine is meant, and what is said where none answers."""

from __future__ import annotations

import errno
import json
import os
import socket
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from credstone.targets.container import client
from credstone.targets.container.client import open_engine
from credstone.words.errors import MachineError


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment that names no engine, in which none listens at the usual places."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setattr(client, "DEFAULT_UNIX_SOCKET", f"http+unix://{tmp_path}/docker.sock")
    monkeypatch.setattr(client, "_podman", lambda: iter([tmp_path / "system.sock", tmp_path / "own.sock"]))
    return tmp_path


@pytest.fixture
def listening() -> Iterator[list[socket.socket]]:
    """Sockets at which somebody listens and says nothing."""
    opened: list[socket.socket] = []
    yield opened
    for each in opened:
        each.close()


def listen(path: Path, opened: list[socket.socket]) -> None:
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(path))
    made.listen()
    opened.append(made)


def context(folder: Path, name: str, host: str, *, current: bool = False) -> None:
    meta = folder / "config" / "contexts" / "meta" / sha256(name.encode()).hexdigest()
    meta.mkdir(parents=True)
    endpoints = {"docker": {"Host": host, "SkipTLSVerify": False}}
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": endpoints}))
    (folder / "config" / "config.json").write_text(json.dumps({"currentContext": name} if current else {}))


def where(address: str = "") -> str:
    return str((client._at(address) if address else client._by_environment())["base_url"])


def test_the_default_socket(nothing_named: Path, listening: list[socket.socket]) -> None:
    listen(nothing_named / "docker.sock", listening)
    listen(nothing_named / "own.sock", listening)
    assert where() == f"unix://{nothing_named}/docker.sock"


def test_podman_where_there_is_no_default_socket(nothing_named: Path, listening: list[socket.socket]) -> None:
    assert where() == f"unix://{nothing_named}/docker.sock", "none is there: the usual one is spoken of"
    listen(nothing_named / "own.sock", listening)
    assert where() == f"unix://{nothing_named}/own.sock"
    listen(nothing_named / "system.sock", listening)
    assert where() == f"unix://{nothing_named}/system.sock"


def test_the_address_podman(nothing_named: Path, listening: list[socket.socket]) -> None:
    listen(nothing_named / "docker.sock", listening)
    assert where("podman") == f"unix://{nothing_named}/system.sock"
    listen(nothing_named / "own.sock", listening)
    assert where("podman") == f"unix://{nothing_named}/own.sock"


def test_an_address_may_name_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE", "/x")
    assert where("unix://$PLACE/y.sock") == "unix:///x/y.sock"


def test_docker_host_comes_before_everything(monkeypatch: pytest.MonkeyPatch, nothing_named: Path) -> None:
    context(nothing_named, "far", "tcp://far:2375", current=True)
    monkeypatch.setenv("DOCKER_CONTEXT", "far")
    monkeypatch.setenv("DOCKER_HOST", "tcp://named:2375")
    assert where() == "tcp://named:2375"


def test_the_current_context(nothing_named: Path) -> None:
    context(nothing_named, "far", "tcp://far:2375", current=True)
    assert where() == "tcp://far:2375"


def test_a_context_that_is_named(monkeypatch: pytest.MonkeyPatch, nothing_named: Path) -> None:
    context(nothing_named, "near", "unix:///near.sock")
    monkeypatch.setenv("DOCKER_CONTEXT", "near")
    assert where() == "unix:///near.sock"


def refusal(address: str = "") -> MachineError:
    with pytest.raises(MachineError) as caught:
        open_engine(address)
    assert "Traceback" not in str(caught.value)
    assert len(caught.value.what.splitlines()) == 1
    assert caught.value.hint
    return caught.value


def test_a_context_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONTEXT", "nowhere")
    assert "There is no context 'nowhere'" in refusal().what


def test_a_current_context_that_is_gone(nothing_named: Path) -> None:
    (nothing_named / "config").mkdir()
    (nothing_named / "config" / "config.json").write_text('{"currentContext": "gone"}')
    assert "There is no context 'gone'" in refusal().what


def test_no_socket(nothing_named: Path) -> None:
    assert (
        refusal().what == f"No container engine answers at unix://{nothing_named}/docker.sock: there is no such socket."
    )


def test_nobody_listens(nothing_named: Path, listening: list[socket.socket]) -> None:
    listen(nothing_named / "docker.sock", listening)
    listening.pop().close()
    assert refusal().what.endswith("nobody listens there.")


def test_an_engine_that_says_nothing(
    nothing_named: Path, listening: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PATIENCE", 0.2)
    listen(nothing_named / "docker.sock", listening)
    assert refusal().what.endswith("it said nothing for 0.2 s.")


def test_what_is_no_engine(nothing_named: Path, listening: list[socket.socket]) -> None:
    listen(nothing_named / "docker.sock", listening)

    def answer() -> None:
        connection, _ = listening[0].accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    assert refusal().what.startswith("No container engine answers at")
    thread.join(5)


def test_an_address_that_is_none() -> None:
    assert refusal("gopher://x").what.startswith("No container engine answers at gopher://x: ")


def test_podman_that_does_not_run() -> None:
    assert "podman system service" in refusal("podman").hint


class _Wrapped(Exception):
    """An error of a library around the one of the socket, as its text or its cause."""

    def __str__(self) -> str:
        return "lorem ipsum"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EACCES, f"may not be used by uid {os.geteuid()}."),
        (errno.EPERM, f"may not be used by uid {os.geteuid()}."),
        (errno.ENOENT, "there is no such socket."),
        (errno.ECONNREFUSED, "nobody listens there."),
        (errno.ETIMEDOUT, "it said nothing for 3 s."),
        (errno.ECONNRESET, "it closed the connection."),
        (errno.EHOSTUNREACH, "lorem ipsum."),
    ],
)
def test_the_cause_is_known_by_its_number_and_not_by_its_words(number: int, told: str) -> None:
    inner = OSError(number, "lorem ipsum")
    by_cause = _Wrapped()
    by_cause.__cause__ = inner
    by_reason = _Wrapped("Permission denied: No such file, Connection refused, timed out")
    by_reason.reason = _Wrapped(inner)  # type: ignore[attr-defined]
    for error in (by_cause, by_reason, _Wrapped("x", _Wrapped("y", inner))):
        found = client._unreachable("unix:///x", error, 3)
        assert found.what.endswith(told)
        assert found.hint


@pytest.mark.parametrize(
    "content", [b"{", b'{"Endpoints":{"docker":{"Host":"\xff"}}}', b'{"x":' + b"[" * 200_000, b"{}", b"[]"]
)
def test_a_context_that_is_damaged(content: bytes, nothing_named: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context(nothing_named, "far", "tcp://far:2375")
    (path,) = nothing_named.glob("config/contexts/meta/*/meta.json")
    path.write_bytes(content)
    monkeypatch.setenv("DOCKER_CONTEXT", "far")
    assert refusal().what.startswith("The context 'far' of the container engine cannot be read: ")
