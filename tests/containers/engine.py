"""An engine of a test's own: it may be stopped, filled and started again without anybody else noticing."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from docker.errors import DockerException

from credstone.targets.container.base import find_base
from credstone.targets.container.client import Client, open_engine
from credstone.targets.container.images import prepare
from credstone.targets.container.settings import load

PATIENCE = 60.0
CAP_SYS_ADMIN = 1 << 21


def why_not() -> str:
    """Why no engine can be started here, if so."""
    status = Path("/proc/self/status").read_text()
    effective = int(next(line for line in status.splitlines() if line.startswith("CapEff")).split()[1], 16)
    if os.geteuid() != 0 or not effective & CAP_SYS_ADMIN:
        return "needs root with CAP_SYS_ADMIN: an engine of the test's own is started"
    if shutil.which("dockerd") is None:
        return "needs an engine to start (Debian: apt-get install docker.io)"
    return ""


class Engine:
    """A dockerd with its own socket and folders; ``size`` limits its disk, in megabytes.

    It lives in a network namespace of its own: one that is told to have no bridge removes docker0, whoever's that is.
    """

    def __init__(self, *options: str, size: int = 0) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cse-", dir="/tmp"))  # a socket's path must be short
        self._folder.chmod(0o711)  # root of a user namespace is nobody here
        self.socket = self._folder / "engine.sock"
        self.disk = self._folder / "disk"
        self.disk.mkdir()
        self._size = size
        if size:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=711", "tmpfs", self.disk], check=True)
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    @property
    def environment(self) -> dict[str, str]:
        """What makes this engine the one that is found."""
        return {"DOCKER_HOST": f"unix://{self.socket}"}

    @contextlib.contextmanager
    def client(self) -> Iterator[Client]:
        client = Client(base_url=f"unix://{self.socket}", timeout=60)
        try:
            yield client
        finally:
            client.close()

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "unshare", "--net", "dockerd", "--host", f"unix://{self.socket}", "--data-root", self.disk / "data",
                    "--exec-root", self._folder / "exec", "--pidfile", self._folder / "pid",
                    "--bridge=none", "--iptables=false", "--ip6tables=false", "--storage-driver=overlay2", *self._options,
                ],
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(DockerException, OSError):
                with self.client() as client:
                    client.ping()
                return
            if time.monotonic() > deadline or self._process.poll() is not None:
                said = (self._folder / "log").read_text(errors="replace").splitlines()[-5:]
                raise RuntimeError("the engine does not start: " + "\n".join(said))
            time.sleep(0.1)

    def take(self, target: str) -> None:
        """Brings the image of a target, and the base that it stands on, from the engine that is there for everybody.

        Raises MachineError where there is none.
        """
        settings = load(target)
        with contextlib.closing(open_engine()) as shared:
            images = [prepare(shared, target).image, find_base(shared, settings.from_base)]
            with self.client() as own:
                for tag in (tag for image in images for tag in shared.images.get(image).tags):
                    if tag.startswith("credstone/"):
                        own.api.load_image(b"".join(shared.api.get_image(tag)))

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stops it, and its containers with it."""
        assert self._process is not None
        self._process.send_signal(how)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Stops it and removes all that it had."""
        self.stop()
        with contextlib.suppress(ProcessLookupError):
            assert self._process is not None
            os.killpg(self._process.pid, signal.SIGKILL)
        for line in reversed(Path("/proc/self/mounts").read_text().splitlines()):
            point = line.split()[1]
            if point.startswith(str(self._folder)):
                subprocess.run(["umount", "-l", point], check=False)
        shutil.rmtree(self._folder, ignore_errors=True)
