"""The C agent, compiled with this machine's own compiler and headers, or by a cross compiler for another machine.

The program is kept in the virtual environment (keyed by its sources and the compiler), so that it is compiled once; where
there is no virtual environment that can be written it is compiled into the session's folder.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from credstone.store import folder_for
from credstone.words.errors import LackingError, MachineError

FLAGS = ("-O2", "-std=gnu11", "-pthread")

PRETENDED = ("-DPRETENDED",)
"""For an agent behind a program that only pretends to be root: it asks the C library who it is."""

STATIC = ("-static", "-w")
"""For a program that needs no file but itself; of the warnings the linker's are meant, about users in files that are not there."""

ABIS = {"": (), "i386": ("-m32", "-idirafter", "/usr/include/x86_64-linux-gnu")}
"""What the compiler is asked for, by the ABI; the empty name is the machine's own.

Debian's gcc-multilib, which links the headers of the kernel to where they are looked for, excludes its cross compilers:
for i386 they are looked for where they are as well.
"""

CROSS = {
    "aarch64": "aarch64-linux-gnu-gcc",
    "arm": "arm-linux-gnueabihf-gcc",
    "ppc64le": "powerpc64le-linux-gnu-gcc",
    "riscv64": "riscv64-linux-gnu-gcc",
    "s390x": "s390x-linux-gnu-gcc",
    "x86_64": "x86_64-linux-gnu-gcc",
}
"""The compilers for ABIs that are those of other machines; a machine's own has such a name as well."""

PACKAGES = {"arm": "armhf", "aarch64": "arm64", "ppc64le": "ppc64el", "x86_64": "amd64"}
"""What Debian calls these ABIs, where it has a name of its own."""

NO_HEADERS = "does not find the headers of the C library"
"""What is said of a compiler without them."""

TRIAL = "#include <pthread.h>\n#include <sys/syscall.h>\nint main(void) { return SYS_getuid == 0; }\n"
"""A program that takes what the agent takes: the headers and the libraries of the ABI."""


def build_agent(session_folder: Path, abi: str = "") -> Path:
    """The path of the agent, compiled for this ABI.

    Raises MachineError where it cannot be compiled, and LackingError where this machine has no programs of that ABI.
    """
    program = build(session_folder, f"agent{abi and '-'}{abi}", sources(), abi=abi)
    if abi:
        _try_kernel(program, session_folder, abi)
    return program


def build_static(session_folder: Path, abi: str = "") -> Path:
    """The path of an agent that needs no file but itself, for where there are no others; errors as for ``build_agent``."""
    return build(session_folder, f"static-agent{abi and '-'}{abi}", sources(), STATIC, abi=abi)


def sources() -> list[Path]:
    """The files of the C agent."""
    return sorted((Path(str(resources.files("credstone.agent"))) / "c").glob("*.[ch]"))


def build(session_folder: Path, name: str, files: Sequence[Path], flags: Sequence[str] = (), *, abi: str = "") -> Path:
    """The path of a program compiled from these sources and headers; errors as for ``build_agent``."""
    compiler = [*_compiler(abi), *FLAGS, *ABIS.get(abi, ())]
    program = _place(session_folder, _digest(files, [*compiler, *flags])) / name
    if not program.exists():
        if abi in ABIS and abi:
            _try_compiler(compiler, session_folder, abi)
        compiler += flags
        _compile(compiler, [file for file in files if file.suffix == ".c"], program)
    return program


def _compiler(abi: str) -> list[str]:
    if abi in CROSS:
        return [_cross_compiler(abi)]
    compiler = shlex.split(os.environ.get("CC", "cc"))
    if not compiler or shutil.which(compiler[0]) is None:
        raise MachineError(
            f"There is no C compiler: '{' '.join(compiler)}' is not to be found.",
            "Install one (Debian: apt-get install gcc libc6-dev), or name one in CC.",
        )
    return compiler


def _cross_compiler(abi: str) -> str:
    compiler = CROSS[abi]
    if shutil.which(compiler) is None:
        raise LackingError(
            f"There is no compiler for {abi}: '{compiler}' is not to be found.",
            f"Install it (Debian: apt-get install {' '.join(packages_for(abi))}).",
        )
    return compiler


def packages_for(abi: str) -> tuple[str, str]:
    """What Debian calls the cross compiler for an ABI, and the C library of that."""
    machine = CROSS[abi].replace("_", "-").removesuffix("-gcc")
    return f"gcc-{machine}", f"libc6-dev-{PACKAGES.get(abi, abi)}-cross"


def _digest(files: Sequence[Path], compiler: list[str]) -> str:
    found = Path(shutil.which(compiler[0]) or "").resolve()
    digest = hashlib.sha256(repr((compiler, found, found.stat().st_mtime_ns)).encode())
    for source in files:
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _place(session_folder: Path, digest: str) -> Path:
    place = folder_for(digest)
    return place if place and (os.access(place, os.W_OK) or any(place.glob("agent*"))) else session_folder


def _try_compiler(compiler: list[str], folder: Path, abi: str) -> None:
    """Whether a program of another ABI can be made at all."""
    command = [*compiler, "-x", "c", "-o", str(folder / f"trial-{abi}"), "-"]
    done = subprocess.run(command, input=TRIAL, capture_output=True, text=True, check=False)
    (folder / f"trial-{abi}").unlink(missing_ok=True)
    if done.returncode:
        raise LackingError(
            f"{compiler[0]} makes no programs for {abi}: {_complaint(compiler, done)}",
            "Install what it needs (Debian on amd64: apt-get install gcc-multilib, or gcc-12-multilib beside cross compilers).",
        )


def _try_kernel(program: Path, folder: Path, abi: str) -> None:
    """Whether the kernel runs a program of another ABI; the agent ends when there is nothing to read."""
    try:
        subprocess.run([program], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=folder, check=False)
    except OSError as error:
        raise LackingError(
            f"The kernel runs no programs for {abi}: {error.strerror}.", "It takes one with CONFIG_IA32_EMULATION."
        ) from error


def _compile(compiler: list[str], sources: list[Path], program: Path) -> None:
    """Compiles into a name of its own and renames: another run may be doing the same."""
    draft = program.with_name(f"draft.{os.getpid()}")
    command = [*compiler, "-o", str(draft), *map(str, sources)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        draft.unlink(missing_ok=True)
        if not _has_headers(compiler):
            raise MachineError(
                f"The agent does not compile: {compiler[0]} {NO_HEADERS}.",
                "Install them (Debian: apt-get install libc6-dev).",
            )
        raise MachineError(
            f"The agent does not compile: {_complaint(compiler, done)}",
            f"Run it by hand to see all: {shlex.join(command)}",
        )
    draft.replace(program)


def _complaint(compiler: list[str], done: subprocess.CompletedProcess[str]) -> str:
    """What a compiler said: the line that is most likely the cause, or its status where it said nothing."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    likely = [line for line in lines if any(word in line for word in ("error", "cannot", "No space"))]
    return (likely[:1] or lines[-1:] or [f"{compiler[0]} ended with status {done.returncode}"])[0]


def _has_headers(compiler: list[str]) -> bool:
    """Whether a compiler that reads programs also finds the headers of the C library."""

    def reads(program: str) -> bool:
        command = [*compiler, "-E", "-x", "c", "-o", os.devnull, "-"]
        return subprocess.run(command, input=program, capture_output=True, text=True, check=False).returncode == 0

    return not reads("int nothing;\n") or reads("#include <stdio.h>\n")
