"""What a run was asked to do: declared once, for pytest's command line and for ``credstone run``."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import msgspec
import pytest

from credstone.judge.judge import SPECS
from credstone.words.scenario import ABIS, APIS

HELP = {
    "target": "the system to test: host, image:NAME, kernel:PATH, qemu-user:ARCH, … (repeatable; default: host)",
    "api": "run only the cells of this API (repeatable)",
    "actor": "run only the cells of this actor (repeatable)",
    "abi": "run only the cells of the agent for this ABI; Python has none",
    "spec": "judge by what Linux does, or by the pages alone",
    "repeat": "run each cell N times; a cell whose verdict changes is unstable, and fails",
    "reverse": "run the last cell first; no verdict may depend on the order",
    "results": "write a results file (JSON lines)",
    "deviations": "[TARGET=]FILE: known deviations of a target that has no such file of its own",
    "shard": "K/N: run the K-th of N parts of equal length; 'credstone merge' joins their results",
    "baseline": "the results file of an earlier run: report what changed, and fail only if something is worse",
    "cell": "run only this scenario or cell (repeatable)",
}
"""The help of each option."""


class RunOptions(msgspec.Struct, frozen=True):
    """The options of a run.  ``cells`` are the ids of scenarios and cells; if there are none, everything runs."""

    targets: tuple[str, ...] = ("host",)
    apis: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    abi: str = ""
    spec: str = "linux"
    repeat: int = 1
    reverse: bool = False
    results: str = ""
    deviations: tuple[str, ...] = ()
    shard: str = ""
    baseline: str = ""
    cells: frozenset[str] = frozenset()


_ALL = "--credstone-options"
"""The option that holds all others as JSON: pytest-xdist hands nothing but the command line to its workers."""


def as_arguments(options: RunOptions) -> list[str]:
    """The options as pytest's command line has them, for a session that another command line asks for."""
    return [f"{_ALL}={msgspec.json.encode(options).decode()}"]


def options_of(config: pytest.Config) -> RunOptions:
    """The options of a session."""
    if handed := config.option.credstone_options:
        return msgspec.json.decode(handed, type=RunOptions)
    given = {name: getattr(config.option, f"credstone_{name}") for name in RunOptions.__struct_fields__}
    return msgspec.convert({name: value for name, value in given.items() if value not in (None, [])}, RunOptions)


def add_options(parser: pytest.Parser) -> None:
    """Declares the options on pytest's command line."""
    group = parser.getgroup("credstone", "conformance of the credential calls")

    def add(name: str, dest: str, **more: Any) -> None:
        group.addoption(f"--{name}", dest=f"credstone_{dest}", help=HELP[name], **more)

    group.addoption(_ALL, dest="credstone_options", help=argparse.SUPPRESS)
    text = partial(add, type=_filled)
    texts = partial(text, action="append")
    texts("target", "targets", metavar="NAME")
    add("api", "apis", action="append", choices=APIS)
    texts("actor", "actors", metavar="NAME")
    add("abi", "abi", choices=ABIS)
    add("spec", "spec", choices=SPECS)
    add("repeat", "repeat", type=int, metavar="N")
    add("reverse", "reverse", action="store_true")
    text("results", "results", metavar="FILE")
    texts("deviations", "deviations", metavar="[TARGET=]FILE")
    text("shard", "shard", metavar="K/N")
    text("baseline", "baseline", metavar="FILE")
    texts("cell", "cells", metavar="ID")


def _filled(text: str) -> str:
    """The value of an option; a blank one comes from a shell variable that is not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the value is empty: a shell variable may not be set")
    return text
