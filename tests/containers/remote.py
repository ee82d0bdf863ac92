"""Ways to an engine as one on another machine has them: a real sshd, and TLS with certificates of a test's own."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def sshd(folder: Path) -> Iterator[tuple[int, Path]]:
    """A daemon that lets in whoever has the test's key: its port, and a folder whose ``ssh`` uses that key."""
    daemon = shutil.which("sshd", path="/usr/sbin:/usr/bin")
    client = shutil.which("ssh")
    if daemon is None or client is None:
        pytest.skip("needs sshd and ssh (Debian: apt-get install openssh-server)")
    for key in ("host", "own"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True)
    port = free_port()
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/own.pub\n"
        "StrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\n"
    )
    (folder / "ssh_config").write_text(
        f"Host *\nIdentityFile {folder}/own\nIdentitiesOnly yes\nStrictHostKeyChecking no\nUserKnownHostsFile {folder}/known\n"
    )
    (folder / "bin").mkdir()
    (folder / "bin" / "ssh").write_text(f'#!/bin/sh\nexec {client} -F {folder}/ssh_config "$@"\n')
    (folder / "bin" / "ssh").chmod(0o755)
    Path("/run/sshd").mkdir(exist_ok=True)  # the daemon insists on it
    with (folder / "sshd.log").open("wb") as log:
        process = subprocess.Popen([daemon, "-D", "-e", "-f", folder / "sshd_config"], stderr=log)
    try:
        await_port(port)
        yield port, folder / "bin"
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def behind_tls(folder: Path, engine: Path) -> Iterator[int]:
    """A port at which an engine's socket is reached by TLS, each side showing a certificate; ``folder`` has the client's."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl (Debian: apt-get install openssl)")
    certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, context, engine), daemon=True).start()
        yield int(listener.getsockname()[1])


def certificates(folder: Path) -> None:
    """An authority and two certificates by it, under the names that an engine's client expects."""
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new = ["-newkey", "rsa:2048", "-nodes"]
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority", "-days", "2")
    for who, certificate, key in (("server", "server.pem", "server.key"), ("client", "cert.pem", "key.pem")):
        openssl("req", *new, "-keyout", key, "-out", f"{who}.csr", "-subj", f"/CN={who}")
        by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"]
        openssl("x509", "-req", "-in", f"{who}.csr", "-out", certificate, *by)


def await_port(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens at port {port}")


def _serve(listener: socket.socket, context: ssl.SSLContext, engine: Path) -> None:
    with contextlib.suppress(OSError):
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=_carry_both, args=(plain, context, engine), daemon=True).start()


def _carry_both(plain: socket.socket, context: ssl.SSLContext, engine: Path) -> None:
    """Two threads for a connection; both ends are closed when one is."""
    with contextlib.ExitStack() as opened:
        opened.enter_context(contextlib.suppress(OSError))
        behind = opened.enter_context(socket.socket(socket.AF_UNIX))
        before = opened.enter_context(context.wrap_socket(plain, server_side=True))
        behind.connect(str(engine))
        back = threading.Thread(target=_carry, args=(behind, before), daemon=True)
        back.start()
        _carry(before, behind)
        back.join()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
