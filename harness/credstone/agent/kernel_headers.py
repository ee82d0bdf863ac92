"""The kernel's headers, for a compiler that does not find them: those of another C library have folders of their own.

Beside them stand the headers of the machine's C library, which must not be found.  So a folder of links leads to them.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from credstone.agent.compiler import run, try_program

_TRIAL = "#include <linux/futex.h>\n#include <asm/unistd.h>\n"
_KINDS = (("i.86|x86_64|amd64", "x86"), ("aarch64.*|arm64", "arm64"), ("arm.*", "arm"), ("powerpc.*|ppc.*", "powerpc"),
          ("riscv.*", "riscv"), ("s390.*", "s390"), ("loongarch.*", "loongarch"))  # fmt: skip
"""Machines that have their headers in common, by the beginning of what compilers call them."""


def kernel_headers(compiler: Sequence[str], folder: Path, links: Path, root: Path = Path("/usr")) -> list[str]:
    """The words with which this compiler finds the kernel's headers; none where it does so without, or there are none.

    The compiler is tried in ``folder``; links to the headers, which are looked for below ``root``, are made in ``links``.
    """
    if _finds_them(compiler, folder):
        return []
    kind = _kind(run([*compiler, "-dumpmachine"], folder).stdout)
    for general, machine in _places(root):
        if kind and _kind_of(machine, root) == kind:
            words = ["-idirafter", str(_linked(links, general, machine))]
            return words if _finds_them([*compiler, *words], folder) else []
    return []


def _finds_them(compiler: Sequence[str], folder: Path) -> bool:
    return try_program(compiler, folder, _TRIAL, "-E").returncode == 0


def _places(root: Path) -> Iterator[tuple[Path, Path]]:
    """A folder with ``linux`` and ``asm-generic``, and one with ``asm``, of this machine and of others for which there are
    cross compilers.
    """
    for general in (root / "include", *sorted(root.glob("*-linux-*/include"))):
        if (general / "linux" / "futex.h").is_file():
            for machine in (*sorted(general.glob("*-linux-*")), general):
                if (machine / "asm" / "unistd.h").is_file():
                    yield general, machine


def _kind(name: str) -> str:
    first = name.strip().partition("-")[0]
    return next((kind for pattern, kind in _KINDS if re.fullmatch(pattern, first)), first)


def _kind_of(machine: Path, root: Path) -> str:
    """Whose headers a folder has, by its name, or that of the folder that it is in; else they are this machine's."""
    named = next((name for name in (machine.name, machine.parent.name) if "-linux-" in name), "")
    return _kind(named or platform.machine())


def _linked(links: Path, general: Path, machine: Path) -> Path:
    links.mkdir(exist_ok=True)
    for name, place in (("linux", general), ("asm-generic", general), ("asm", machine)):
        draft = links / f"draft.{os.getpid()}"
        draft.symlink_to(place / name)
        draft.replace(links / name)
    return links
