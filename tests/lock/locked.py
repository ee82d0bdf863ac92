"""What a lock file says, and what it lacks of what pyproject.toml asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import msgspec
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""The versions of Python for which the lock file is made."""
_ENTRY = re.compile(r"([\w.-]+)==([^\s;]+)(?: ; (.+?))?((?: --hash=sha256:[0-9a-f]{64})+)")


class Entry(msgspec.Struct, frozen=True):
    """One version of one package, for the environments of its marker."""

    name: str
    version: str
    marker: str = ""

    def applies(self, environment: dict[str, str]) -> bool:
        return not self.marker or Marker(self.marker).evaluate(environment)


def environment(python: str) -> dict[str, str]:
    """What markers are held against: CPython of this version on Linux."""
    return {
        "python_version": python, "python_full_version": f"{python}.0", "implementation_version": f"{python}.0",
        "implementation_name": "cpython", "platform_python_implementation": "CPython", "os_name": "posix",
        "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64", "extra": "",
    }  # fmt: skip


def lines_of(lock: str) -> list[str]:
    """The lines of a lock file, without comments, each entry as one."""
    text = re.sub(r"^ *#.*\n", "", lock, flags=re.MULTILINE)
    return [" ".join(line.split()) for line in re.sub(r"\\\n", " ", text).splitlines() if line.strip()]


def read_lock(lock: str) -> Iterator[Entry | str]:
    """The entries, and whatever is not an exact version with hashes as it is."""
    for line in lines_of(lock):
        found = _ENTRY.fullmatch(line)
        yield Entry(canonicalize_name(found[1]), found[2], found[3] or "") if found else line


def asked_for(project: dict[str, Any]) -> list[Requirement]:
    """All that pyproject.toml names: to run, to develop, and to build."""
    optional = (each for group in project["project"]["optional-dependencies"].values() for each in group)
    return [*map(Requirement, [*project["project"]["dependencies"], *optional, *project["build-system"]["requires"]])]


def lacking(project: dict[str, Any], lock: str, python: str) -> list[str]:
    """What is wrong with a lock file for one version of Python; installed packages say what they need themselves."""
    here = environment(python)
    odd = [each for each in read_lock(lock) if isinstance(each, str)]
    entries = [each for each in read_lock(lock) if isinstance(each, Entry) and each.applies(here)]
    locked = {entry.name: entry.version for entry in entries}
    wrong = [f"not a version with hashes: {line}" for line in odd]
    wrong += [f"{entry.name} is locked twice" for entry in entries if entry.version != locked[entry.name]]
    met: set[str] = set()
    for need in _needed(asked_for(project), locked, here):
        name = canonicalize_name(need.name)
        met.add(name)
        if name not in locked:
            wrong.append(f"{need} is not locked")
        elif not need.specifier.contains(locked[name], prereleases=True):
            wrong.append(f"{need} is locked as {locked[name]}")
    return wrong + [f"{name} is locked, and nothing needs it" for name in sorted(locked.keys() - met)]


def _needed(asked: Iterable[Requirement], locked: dict[str, str], here: dict[str, str]) -> Iterator[Requirement]:
    """These requirements and those of what they name, as far as the locked version is installed."""
    waiting, seen = [*asked], set()
    while waiting:
        need = waiting.pop()
        if str(need) in seen:
            continue
        seen.add(str(need))
        yield need
        for text in _requirements(need.name, locked):
            inner = Requirement(text)
            if inner.marker is None or any(inner.marker.evaluate(here | {"extra": one}) for one in ("", *need.extras)):
                waiting.append(inner)


def _requirements(name: str, locked: dict[str, str]) -> list[str]:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return []
    return found.requires or [] if found.version == locked.get(canonicalize_name(name)) else []


def other_versions(lock: str) -> list[str]:
    """The packages that are installed here in another version than the locked one."""
    found = []
    for entry in read_lock(lock):
        if isinstance(entry, Entry):
            try:
                version = distribution(entry.name).version
            except PackageNotFoundError:
                continue
            found += [f"{entry.name} {version}"] if version != entry.version else []
    return found
