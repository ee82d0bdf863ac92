"""Where the known deviations of targets stand: beside what is written of each in containers/, kernels/ and standins/."""

from __future__ import annotations

from pathlib import Path

from credstone.targets import kernel, standin
from credstone.targets.container import settings
from credstone.targets.vm import kernels


def places() -> dict[str, Path]:
    """The file of each target that has a folder, by its name without postures; the file need not be there."""
    images = {f"{settings.KIND}{name}": settings.deviations_of(name) for name in settings.names()}
    packaged = {f"{kernel.KIND}{name}": kernels.deviations_of(name) for name in kernels.names()}
    return images | packaged | {name: standin.deviations_of(name) for name in standin.names()}
