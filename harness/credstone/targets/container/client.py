"""The container engine that is meant: found as the engine's own command line finds it, and asked once whether it is there.

An address is what DOCKER_HOST takes (``unix://``, ``tcp://``, ``ssh://``), or ``podman`` for the sockets at which Podman
listens.  Without one the order is DOCKER_HOST, the context (DOCKER_CONTEXT, then the one that the command line's settings
name), the default socket, and Podman's sockets where there is none.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import socket
import stat
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import requests
from docker.constants import DEFAULT_UNIX_SOCKET, MINIMUM_DOCKER_API_VERSION
from docker.context.config import get_current_context_name
from docker.errors import DockerException
from docker.utils import kwargs_from_env
from requests.utils import get_environ_proxies

from credstone.targets.container.context import settings_of
from credstone.targets.container.tunnel import Tunnel
from credstone.words.errors import MachineError

DEFAULT = "default"
"""The context that is no more than the default socket."""
PODMAN = "podman"
"""The address that stands for Podman's sockets: the system's, then the user's own."""

_PEER = struct.Struct("iII")
PATIENCE = 15
"""Seconds in which an engine must say that it is there; a remote one is reached within them."""
LIMIT = 120
"""Seconds without any sign of life after which a call is given up: a busy engine starts containers slowly."""


def open_engine(address: str = "", patience: float = 0) -> Client:
    """A client of the engine at this address, or of the one that the environment names.

    Raises MachineError where none answers within so many seconds (0: as many as are usual).
    """
    settings = _settings(address)
    where = str(settings.get("base_url", ""))
    patience = patience or PATIENCE
    tunnel = Tunnel(where) if where.startswith("ssh://") else None
    if tunnel is not None:
        settings = {"base_url": tunnel.address}
    try:
        client = Client(tunnel, **settings, timeout=patience)
    except (DockerException, requests.RequestException, OSError) as error:
        if tunnel is not None:
            tunnel.close()
        raise _unreachable(where, error, patience) from None
    client.api.timeout = LIMIT
    return client


def place_of(address: str = "") -> str:
    """Where this engine is looked for: ``unix:///var/run/docker.sock``.  Raises MachineError where nothing says so."""
    return str(_settings(address).get("base_url", ""))


class Client(docker.DockerClient):
    """A client with the way by which it reaches its engine, where that is not open to everybody, and what it said of itself."""

    def __init__(self, tunnel: Tunnel | None = None, **settings: Any) -> None:
        """Opens it, and speaks the version of the API that the engine does.  Raises DockerException or OSError."""
        self._tunnel = tunnel
        with contextlib.closing(docker.DockerClient(**settings, version=MINIMUM_DOCKER_API_VERSION)) as asking:
            _trust_what_is_named(asking.api)
            version = str(asking.api.version(api_version=False)["ApiVersion"])
        super().__init__(**settings, version=version)
        _trust_what_is_named(self.api)

    def close(self) -> None:
        super().close()
        if self._tunnel is not None:
            self._tunnel.close()

    @property
    def address(self) -> str:
        """Where the engine listens, to tell one engine from another."""
        if self._tunnel is not None:
            return self._tunnel.to
        return str(getattr(self.api.adapters.get("http+docker://"), "socket_path", "") or self.api.base_url)

    @property
    def process(self) -> int:
        """The process of an engine on this machine, which is at the other end of its socket; 0 for one elsewhere."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as caller:
            if self.address.startswith("/"):
                caller.connect(self.address)
                return int(_PEER.unpack(caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))[0])
        return 0

    @functools.cached_property
    def versions(self) -> dict[str, Any]:
        """What the engine tells of its version, asked once."""
        return {**self.version()}

    @functools.cached_property
    def system(self) -> dict[str, Any]:
        """What the engine tells of its settings and its machine, asked once."""
        return {**self.info()}

    @property
    def components(self) -> dict[str, str]:
        """The versions of what the engine consists of, by name."""
        return {str(part.get("Name")): str(part.get("Version")) for part in self.versions.get("Components") or ()}

    @property
    def is_podman(self) -> bool:
        """Whether the engine is Podman, which speaks the API of Docker and has defaults of its own."""
        return "Podman Engine" in self.components


def _trust_what_is_named(api: docker.APIClient) -> None:
    """An engine is known by the certificates that were named for it: REQUESTS_CA_BUNDLE would take their place."""
    api.trust_env = False
    if api.base_url.startswith("http"):
        api.proxies = get_environ_proxies(api.base_url)


def _settings(address: str) -> dict[str, Any]:
    return _at(address) if address else _by_environment()


def _at(address: str) -> dict[str, Any]:
    if address != PODMAN:
        return {"base_url": os.path.expandvars(address)}
    sockets = list(_podman())
    return {"base_url": f"unix://{next((each for each in sockets if _is_socket(each)), sockets[0])}"}


def _by_environment() -> dict[str, Any]:
    if os.environ.get("DOCKER_HOST"):
        return {**kwargs_from_env()}
    context = os.environ.get("DOCKER_CONTEXT") or get_current_context_name()
    if context != DEFAULT:
        return settings_of(context)
    usual = Path(DEFAULT_UNIX_SOCKET.removeprefix("http+unix://"))
    sockets = [path for path in (usual, *_podman()) if _is_socket(path)]
    return {**kwargs_from_env(), "base_url": f"unix://{(sockets or [usual])[0]}"}


def _podman() -> Iterator[Path]:
    yield Path("/run/podman/podman.sock")
    own = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    yield Path(own) / "podman" / "podman.sock"


def _is_socket(path: Path) -> bool:
    try:
        return stat.S_ISSOCK(path.stat().st_mode)
    except OSError:
        return False


def _unreachable(where: str, error: Exception, patience: float) -> MachineError:
    """The message for an engine that does not answer."""
    causes = list(_causes(error))
    numbers = {each.errno for each in causes if isinstance(each, OSError)}
    if numbers & {errno.EACCES, errno.EPERM}:
        return MachineError(
            f"The container engine at {where} may not be used by uid {os.geteuid()}.",
            "Run as root, or as a user who may (a member of the socket's group).",
        )
    text = next((each.strerror for each in causes if isinstance(each, OSError) and each.strerror), str(error))
    if errno.ENOENT in numbers:
        cause = "there is no such socket"
    elif errno.ECONNREFUSED in numbers:
        cause = "nobody listens there"
    elif numbers & {errno.ECONNRESET, errno.EPIPE}:
        cause = "it closed the connection"
    elif any(isinstance(each, TimeoutError | requests.Timeout) for each in causes):
        cause = f"it said nothing for {patience:g} s"
    else:
        cause = text.splitlines()[-1].removesuffix(".") if text else type(error).__name__
    hint = {
        True: "Start Podman's service: podman system service --time=0 unix://SOCKET.",
        False: "Start it (dockerd, or podman system service), or name another in DOCKER_HOST.",
    }
    return MachineError(f"No container engine answers at {where}: {cause}.", hint["podman" in where])


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that led to it: the libraries between us and the socket wrap its error in theirs."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if any(each is other for other in seen):
            continue
        seen.append(each)
        yield each
        around = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        waiting += [other for other in around if isinstance(other, BaseException)]
