"""What is known of a container without asking its agent: the engine, the runtime, and what the runtime was asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from credstone.targets.container.client import Client
from credstone.targets.container.messages import FAULTS
from credstone.words.capability import MASKS
from credstone.words.container_start import Asked
from credstone.words.posture import Posture

DOCKERS = tuple(
    f"CAP_{name}"
    for name in (
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE", "NET_RAW",
        "SYS_CHROOT", "MKNOD", "AUDIT_WRITE", "SETFCAP",
    )
)  # fmt: skip
"""What Docker asks for where its user says nothing, by its documentation.  Podman's list is a setting of its host."""


def engine_of(client: Client) -> str:
    """The engine and its version: ``Docker 20.10.24``, ``Podman 4.3.1``."""
    with contextlib.suppress(*FAULTS):
        parts = client.components
        if "Podman Engine" in parts:
            return f"Podman {parts['Podman Engine']}"
        return f"Docker {str(client.versions.get('Version', '')).partition('+')[0]}".rstrip()
    return "an engine that does not say"


def host_kernel_of(client: Client) -> str:
    """The release of the kernel on which the engine runs; empty where it does not tell."""
    with contextlib.suppress(*FAULTS):
        return str(client.system.get("KernelVersion") or "")
    return ""


def runtime_of(client: Client, posture: Posture) -> str:
    """The OCI runtime of a container, with its version where the engine tells it."""
    with contextlib.suppress(*FAULTS):
        name = posture.runtime or str(client.system.get("DefaultRuntime") or "")
        version = client.components.get(name, "")
        return f"{name} {version.partition('+')[0]}".rstrip()
    return posture.runtime


def asked_of(client: Client, posture: Posture, named: Sequence[str] | None, user: str = "") -> Asked:
    """What the runtime was asked to hand to the first process.

    ``named`` are the capabilities that the engine was asked for; what it gives by itself is not known.  ``user`` is whom
    the image itself asks for.
    """
    uid, _, gid = (posture.user or user).partition(":")
    podman = client.is_podman
    if named is None and not podman:
        named = DOCKERS
    mask = None if named is None else sum(MASKS[name] for name in named)
    mapped = _remapped(client)
    return Asked(
        uid=int(uid or 0),
        gid=int(gid or 0),
        groups=posture.groups,
        capabilities=mask,
        ambient=mask or 0 if podman and int(uid or 0) else 0,
        no_new_privs=posture.no_new_privileges,
        uid_map=mapped[0],
        gid_map=mapped[1],
    )


def _remapped(client: Client) -> tuple[str, str]:
    """The maps that an engine with userns-remap asks for: the folder of its data is named after their first ids."""
    with contextlib.suppress(*FAULTS):
        info = client.system
        if any("name=userns" in str(option) for option in info.get("SecurityOptions") or ()):
            uid, _, gid = PurePosixPath(str(info.get("DockerRootDir", ""))).name.partition(".")
            if uid.isdecimal() and gid.isdecimal():
                return f"0 {uid} {_SUBORDINATE}", f"0 {gid} {_SUBORDINATE}"
    return "", ""


_SUBORDINATE = 65536
"""How many ids useradd(8) gives to a user in subuid(5) and subgid(5)."""
