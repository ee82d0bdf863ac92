"""What ``containers/`` says: the targets, a folder each, and the postures.

``image:NAME[+POSTURE...]``: NAME is a folder of ``containers/`` or a reference to an image as engines take it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from credstone.local.bundled import bundled
from credstone.suite.toml import read_toml, wrong_entry
from credstone.words.capability import MASKS
from credstone.words.errors import CredstoneError
from credstone.words.posture import Posture

KIND = "image:"
"""How the name of a target begins that is an image."""

Rest = Literal["image", "loader", "nothing"]


class Manager(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A package manager.

    ``program`` is the path by which it is known in an image, ``install`` its command with ``{}`` for the packages,
    ``toolchain`` and ``python`` what they are called there.
    """

    program: str
    install: str
    toolchain: tuple[str, ...]
    python: tuple[str, ...]

    def installing(self, packages: Sequence[str]) -> str:
        """The command that installs these packages."""
        return self.install.replace("{}", " ".join(packages))


class Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A base image.

    ``image`` is what a registry calls it; without one it is made from ``suite`` of a Debian mirror for ``architecture``
    (empty: that of the engine).  ``packages`` is its package manager, ``toolchain`` what is installed to build the agents
    of all targets that stand on it, if that is more than usual.
    """

    image: str
    packages: str
    suite: str = ""
    architecture: str = ""
    toolchain: tuple[str, ...] = ()


class ImageSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One target.

    A target has a ``base`` of its own or stands ``on`` that of another.  ``rests_on`` is what its agent finds beneath it:
    the ``image`` with its Python, the ``loader`` of its C library alone, or ``nothing``.  ``libc`` and ``python`` are how
    what its agents tell begins, ``ci`` whether the project's own CI runs it.
    """

    name: str = ""
    says: str
    libc: str
    python: str = ""
    rests_on: Rest = "image"
    ci: bool = False
    on: str = ""
    base: Base | None = None

    @property
    def from_base(self) -> Base:
        """The base image, its own or that of the target on which it stands."""
        assert self.base is not None
        return self.base


def containers() -> Path:
    """The folder of the images that come with the package."""
    return bundled("containers")


def names() -> list[str]:
    """The targets that have a folder."""
    return sorted(path.parent.name for path in containers().glob("*/target.toml"))


def deviations_of(image: str) -> Path:
    """Where the known deviations of an image stand; one that has no folder, or no deviations, has no such file."""
    return containers() / image / "deviations.toml"


def load(name: str) -> ImageSettings:
    """The settings of a target that has a folder.  Raises CredstoneError, a Mistake where a file of it is wrong."""
    return read_settings(containers() / name / "target.toml")


def read_settings(path: Path) -> ImageSettings:
    """The settings in a file ``NAME/target.toml``, with the base image of the target on which it stands.

    Raises CredstoneError, a Mistake where the file is wrong.
    """
    settings = read_toml(path, ImageSettings)
    if settings.name:
        raise wrong_entry(path, ("name",), "a target has the name of its folder")
    if bool(settings.on) == (settings.base is not None):
        raise wrong_entry(path, ("on",), "a target has a [base] of its own or is 'on' another: give one of them")
    base = settings.base
    if settings.on:
        other = path.parent.parent / settings.on / "target.toml"
        if not other.is_file():
            raise wrong_entry(path, ("on",), f"there is no target {settings.on}")
        base = read_toml(other, ImageSettings).base
        if base is None:
            raise wrong_entry(path, ("on",), f"{settings.on} has no [base] of its own")
    elif base is not None and base.packages not in (known := read_managers(path.parent.parent / "packages.toml")):
        message = f"there is no package manager {base.packages}: there are {', '.join(known)}"
        raise wrong_entry(path, ("base", "packages"), message)
    return msgspec.structs.replace(settings, name=path.parent.name, base=base)


def managers() -> dict[str, Manager]:
    """The package managers by name."""
    return read_managers(containers() / "packages.toml")


def read_managers(path: Path) -> dict[str, Manager]:
    """The package managers in a file.  Raises CredstoneError, a Mistake where one is wrong."""
    found = read_toml(path, dict[str, Manager])
    for name, manager in found.items():
        if "{}" not in manager.install:
            raise wrong_entry(path, (name, "install"), "there is no {} for the packages")
    return found


def postures() -> dict[str, Posture]:
    """The postures by name."""
    return read_postures(containers() / "postures.toml")


def read_postures(path: Path) -> dict[str, Posture]:
    """The postures in a file.  Raises CredstoneError, a Mistake where one asks for what there is not."""
    found = read_toml(path, dict[str, Posture])
    for name, posture in found.items():
        listed = posture.capabilities
        if isinstance(listed, str) and listed != "all":
            raise wrong_entry(path, (name, "capabilities"), f"capabilities are a list, or \"all\": not '{listed}'")
        for capability in listed if isinstance(listed, tuple) else ():
            if capability not in MASKS:
                message = f"there is no capability {capability}: see capabilities(7)"
                raise wrong_entry(path, (name, "capabilities"), message)
    return found


def parse(name: str) -> tuple[str, Posture]:
    """What ``NAME+a+b`` stands for: the image, and its postures put together.

    Raises CredstoneError for postures that do not exist or contradict each other.
    """
    image, *chosen = name.split("+")
    if not image:
        raise CredstoneError(f"'{name}' names no image.", "Write image:NAME or image:NAME+POSTURE.")
    known = postures() if chosen else {}
    for each in chosen:
        if each not in known:
            raise CredstoneError(f"There is no posture '{each}'.", f"There are {', '.join(known)}.")
    return image, compose(chosen, known)


def compose(chosen: Sequence[str], known: dict[str, Posture]) -> Posture:
    """Several postures as one; what two of them say differently is a mistake."""
    whole: dict[str, object] = {}
    by: dict[str, str] = {}
    for name in chosen:
        for field, default in zip(Posture.__struct_fields__, Posture.__struct_defaults__, strict=True):
            value = getattr(known[name], field)
            if field == "says" or value == default:
                continue
            if field in whole and whole[field] != value:
                raise CredstoneError(
                    f"The postures '{by[field]}' and '{name}' contradict each other: both say what '{field}' is.",
                    "Choose one of them.",
                )
            whole[field], by[field] = value, name
    says = ", ".join(known[name].says for name in chosen)
    return msgspec.convert({**whole, "says": says}, Posture)
