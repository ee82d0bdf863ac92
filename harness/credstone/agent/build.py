"""The C agent, compiled with this machine's own compiler and headers, or by a cross compiler for another machine.

The program is kept in the virtual environment, so that it is compiled once: by its sources, the commands that the compiler
would run, and what of the environment they read.  It is used again as long as all that it was made of is unchanged
(inputs.py).  Where that is not known, or no virtual environment can be written, it is compiled into the session's folder.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from credstone.agent.compiler import commands, complaint, read_by_compilers, run, try_program
from credstone.agent.inputs import TOLD, find_inputs, mark, read_inputs, write_inputs
from credstone.agent.kernel_headers import kernel_headers
from credstone.local.cache import folder_for
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

THREADS = (
    "#include <pthread.h>\n"
    "int main(void) { pthread_t one; return pthread_create(&one, 0, (void *(*)(void *)) main, 0); }\n"
)
"""A program that has threads."""

VERSION = "extern const char __libc_version[];\nint main(void) { return __libc_version[0]; }\n"
"""A program that musl's static library alone completes."""

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
    planned = commands([*compiler, *flags], session_folder)
    place = _place(_digest(files, [*compiler, *flags], planned)) if planned else None
    if place is not None:
        inputs = read_inputs(place / f"{name}.inputs")
        if inputs is not None and inputs.unchanged():
            return place / name
    if abi in ABIS and abi:
        _try_compiler(compiler, session_folder, abi)
    home = place if place is not None and os.access(place, os.W_OK) else session_folder
    with tempfile.TemporaryDirectory(prefix="draft.", dir=home) as draft:
        made = _made([*compiler, *flags], files, Path(draft), home / name)
        if made is not None:
            return made
        return Path(shutil.move(Path(draft) / "program", session_folder / name))


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


def _digest(files: Sequence[Path], compiler: list[str], planned: str) -> str:
    digest = hashlib.sha256(repr((compiler, planned, read_by_compilers(os.environ))).encode())
    for source in files:
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _place(digest: str) -> Path | None:
    """Where a program is kept, if there is one already or can be."""
    place = folder_for(digest)
    return place if place and (os.access(place, os.W_OK) or any(place.glob("*.inputs"))) else None


def _try_compiler(compiler: list[str], folder: Path, abi: str) -> None:
    """Whether a program of another ABI can be made at all."""
    done = try_program(compiler, folder, TRIAL)
    if done.returncode:
        raise LackingError(
            f"{compiler[0]} makes no programs for {abi}: {_why(compiler, done)}",
            "Install what it needs (for Debian's own compiler on amd64: apt-get install gcc-multilib, or gcc-12-multilib "
            "beside cross compilers).",
        )


def _try_kernel(program: Path, folder: Path, abi: str) -> None:
    """Whether the kernel runs a program of another ABI; the agent ends when there is nothing to read."""
    try:
        subprocess.run([program], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=folder, check=False)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELIBBAD):
            raise LackingError(
                f"The compiler makes no programs for {abi} that run: the dynamic linker that they name cannot be used."
            ) from error
        raise LackingError(
            f"The kernel runs no programs for {abi}: {error.strerror}.", "It takes one with CONFIG_IA32_EMULATION."
        ) from error


def _made(compiler: list[str], files: Sequence[Path], draft: Path, program: Path) -> Path | None:
    """Compiles in a folder of its own and renames: another run may be doing the same.

    What the program was made of is written beside it.  None where that is not known: the program stays in that folder, and
    is not kept.
    """
    record = program.with_name(f"{program.name}.inputs")
    sources = [str(file) for file in files if file.suffix == ".c"]
    headers = kernel_headers(compiler, draft, program.with_name("kernel-headers"))
    more = [*headers, *_version_of_library(compiler, draft)]
    sources += _threads(compiler, draft)
    begun = time.time_ns()
    done = run([*compiler, *more, *TOLD, "-o", "program", *sources], draft)
    inputs = None if done.returncode else find_inputs(done.stderr, done.stdout, draft, begun)
    if done.returncode:
        done = run([*compiler, *more, "-o", "program", *sources], draft)
    if done.returncode:
        if not _has_headers(compiler):
            raise MachineError(
                f"The agent does not compile: {compiler[0]} {NO_HEADERS}.",
                "Install them (Debian: apt-get install libc6-dev).",
            )
        raise MachineError(
            f"The agent does not compile: {_why(compiler, done)}",
            f"Run it by hand to see all: {shlex.join([*compiler, *more])} -o /dev/null {_all(sources)}",
        )
    if inputs is None:
        return None
    record.unlink(missing_ok=True)
    (draft / "program").replace(program)
    write_inputs(record, inputs, {str(program): mark(str(program))})
    return program


def _threads(compiler: list[str], folder: Path) -> tuple[str, ...]:
    """The library of threads, behind the sources, for a compiler that does not take it by itself (dietlibc's)."""
    if try_program(compiler, folder, THREADS).returncode == 0:
        return ()
    (folder / "threads.c").write_text(THREADS)
    return () if run([*compiler, "-o", "threads", "threads.c", "-lpthread"], folder).returncode else ("-lpthread",)


def _version_of_library(compiler: list[str], folder: Path) -> tuple[str, ...]:
    """The word by which the agent knows that it can name musl's version: libc.c."""
    done = try_program(compiler, folder, VERSION)
    return () if done.returncode else ("-DCREDSTONE_LIBC_VERSION",)


def _why(compiler: list[str], done: subprocess.CompletedProcess[str]) -> str:
    """Why a compiler failed: what it says, or, where that is nothing, its status."""
    return complaint(f"{done.stdout}\n{done.stderr}") or f"{compiler[0]} ended with status {done.returncode}"


def _all(sources: Sequence[str]) -> str:
    """The sources as a shell takes them, in short."""
    folders = sorted({str(Path(source).parent) for source in sources if source.endswith(".c")})
    others = [source for source in sources if not source.endswith(".c")]
    return " ".join((*(f"{shlex.quote(folder)}/*.c" for folder in folders), *others))


def _has_headers(compiler: list[str]) -> bool:
    """Whether a compiler that reads programs also finds the headers of the C library."""

    def reads(program: str) -> bool:
        command = [*compiler, "-E", "-x", "c", "-o", os.devnull, "-"]
        return subprocess.run(command, input=program.encode(), capture_output=True, check=False).returncode == 0

    return not reads("int nothing;\n") or reads("#include <stdio.h>\n")
