"""``credstone kernels``: list and fetch the packaged kernels that are targets."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from credstone.cli.options import AsJson
from credstone.targets.kernel import KIND
from credstone.targets.vm.kernels import fetch_kernel, fetched, kernel_of, load, names, version_of
from credstone.words.errors import CredstoneError, MachineError

kernels = App(name="kernels", help="List and fetch the packaged kernels that are targets.")

Names = Annotated[str, Parameter(help="a folder of kernels/")]
_WIDTHS = (17, 10, 28, 18, 4)
_DIGITS = 12


@kernels.default
def list_kernels(*kernel: Names, json: AsJson = False) -> int:
    """List the kernels in kernels/, with version, release and SHA-256 of those that are fetched."""
    rows = [_row(name) for name in _chosen(kernel) or names()]
    if json:
        for row in rows:
            print(msgspec.json.encode(row).decode())
        return 0
    for cells in (("name", "version", "release", "sha256", "CI", "what it is"), *(_cells(row) for row in rows)):
        padded = (field.ljust(width) for field, width in zip(cells, (*_WIDTHS, 0), strict=True))
        print(" ".join(padded).rstrip())
    return 0


@kernels.command(name="fetch")
def fetch_kernels(
    *kernel: Annotated[str, Parameter(help="a folder of kernels/; default: the kernels that CI runs")],
) -> int:
    """Fetch the newest kernel of each name, replacing an older one.

    The status is 3 if a kernel cannot be fetched; the others are fetched regardless.
    """
    status = 0
    for name in _chosen(kernel) or [name for name in names() if load(name).ci]:
        try:
            place = fetch_kernel(name)
        except MachineError as error:
            print(f"credstone: {error}", file=sys.stderr)
            status = MachineError.status
        else:
            print(f"{name:<{_WIDTHS[0]}} {kernel_of(place)}  sha256:{_digest(place)}  {place}")
            sys.stdout.flush()
    return status


def _chosen(given: tuple[str, ...]) -> list[str]:
    chosen = [name.removeprefix(KIND) for name in given]
    for name in chosen:
        if name not in names():
            raise CredstoneError(f"There is no kernel:{name} in kernels/.", f"There are {', '.join(names())}.")
    return chosen


def _row(name: str) -> dict[str, str | bool]:
    settings, place = load(name), fetched(name)
    return {
        "name": name,
        "version": str(kernel_of(place)) if place else "",
        "release": version_of(place).split(" ")[0] if place else "",
        "sha256": _digest(place) if place else "",
        "ci": settings.ci,
        "says": settings.says,
    }


def _cells(row: dict[str, str | bool]) -> tuple[str, ...]:
    version = str(row["version"]) or f"{load(str(row['name'])).kernel}.?"
    release, digest = str(row["release"]) or "not fetched", str(row["sha256"])[:_DIGITS] or "-"
    return str(row["name"]), version, release, digest, "yes" if row["ci"] else "no", str(row["says"])


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
