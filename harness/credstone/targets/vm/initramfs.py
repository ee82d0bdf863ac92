"""What is in a guest: the first process, the static agent, and the folders and devices that they expect."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

from credstone.agent.build import STATIC, build, build_static
from credstone.targets.vm.cpio import archive, device, file, folder


def make_initramfs(session_folder: Path, abi: str = "") -> Path:
    """The path of an initramfs with the agent for this ABI.  Raises MachineError where it cannot be compiled."""
    sources = sorted((Path(str(resources.files("credstone.targets.vm"))) / "c").glob("*.[ch]"))
    first = build(session_folder, "guest-init", sources, STATIC)
    agent = build_static(session_folder, abi)
    content = archive(
        (
            folder("dev"),
            device("dev/console", 5, 1),
            device("dev/null", 1, 3),
            *map(folder, ("proc", "sys", "tmp", "etc", "credstone")),
            file("init", first.read_bytes()),
            file("credstone/agent", agent.read_bytes()),
        )
    )
    place = session_folder / f"initramfs.{hashlib.sha256(content).hexdigest()[:16]}"
    if not place.exists():
        place.write_bytes(content)
    return place
