"""Contexts: the engines that its command line knows by name, as ``docker context create`` wrote them.

The client library reads them too, but only beside a config.json, which need not be there.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import msgspec
from docker.tls import TLSConfig

from credstone.shape.json import JsonReader, Unreadable
from credstone.words.errors import MachineError

_ENDPOINT = "docker"
_HINT = "See docker context ls, or name the engine in DOCKER_HOST."


class _Endpoint(msgspec.Struct):
    host: str = msgspec.field(name="Host")
    any_certificate: bool = msgspec.field(name="SkipTLSVerify", default=False)


class _Context(msgspec.Struct):
    endpoints: dict[str, _Endpoint] = msgspec.field(name="Endpoints")


_reader: JsonReader[_Context] = JsonReader(_Context)


def settings_of(name: str) -> dict[str, Any]:
    """How a client reaches the engine of a context.  Raises MachineError where there is no such context."""
    folder = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "contexts"
    identity = hashlib.sha256(name.encode()).hexdigest()
    try:
        context = _reader.read((folder / "meta" / identity / "meta.json").read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise MachineError(
            f"There is no context '{name}', which DOCKER_CONTEXT or docker context use names.", _HINT
        ) from None
    except (OSError, Unreadable) as error:
        raise MachineError(f"The context '{name}' of the container engine cannot be read: {error}.", _HINT) from None
    if _ENDPOINT not in context.endpoints:
        raise MachineError(f"The context '{name}' names no engine.", _HINT)
    endpoint = context.endpoints[_ENDPOINT]
    tls = _tls(folder / "tls" / identity / _ENDPOINT, endpoint)
    return {"base_url": endpoint.host, **({"tls": tls} if tls else {})}


def _tls(folder: Path, endpoint: _Endpoint) -> TLSConfig | None:
    """The certificates that are kept for a context, if there are any."""
    authority, certificate, key = (folder / name for name in ("ca.pem", "cert.pem", "key.pem"))
    if not folder.is_dir():
        return None
    return TLSConfig(
        client_cert=(str(certificate), str(key)) if certificate.is_file() and key.is_file() else None,
        ca_cert=str(authority) if authority.is_file() else None,
        verify=not endpoint.any_certificate,
    )
