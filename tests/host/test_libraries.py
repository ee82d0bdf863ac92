"""The C library under test is the one that the caller means: it is the one that was built last, and the one that is loaded."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from host.launch import Ran, credstone, preload
from own_library import dietlibc_prefix, musl_prefix, needs, rebuild
from trial import make_suite, write_script

pytestmark = pytest.mark.usefixtures("_root")

FORGETS = "int setgid(unsigned gid) { return 0; }"
REFUSES = "#include <errno.h>\nint setgid(unsigned gid) { errno = EPERM; return -1; }"
SUITE = """
scenario {name}
  cites works
  as    me
  via   {api}

  {line}
"""


@pytest.fixture(autouse=True)
def _nothing_kept(tmp_path: Path) -> Iterator[None]:
    """What was kept of compilers below the test's folder goes with it."""
    yield
    for record in (Path(sys.prefix) / "var" / "credstone").glob("*/*.inputs"):
        if str(tmp_path) in record.read_text():
            shutil.rmtree(record.parent, ignore_errors=True)


def facts_of(ran: Ran, agent: str) -> dict[str, object]:
    """The facts that an agent told, from the header of the results file."""
    assert ran.header is not None, ran.out + ran.err
    facts: dict[str, object] = ran.header["facts"][f"host:{agent}"]
    return facts


def verdicts(ran: Ran) -> dict[str, set[str]]:
    """The verdicts by API, and by ABI where it is another."""
    found: dict[str, set[str]] = {}
    for cell in ran.cells:
        abi = cell["id"].partition("@")[2].split(":")[2:]
        found.setdefault(":".join((cell["api"], *abi)), set()).add(cell["verdict"])
    return found


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """What passes on every system, through each API, and once through the agent for i386."""
    suite = make_suite(tmp_path)
    scenarios = [
        SUITE.format(name=f"asks-{api}", api=api, line="getuid() = 0") for api in ("syscall", "libc", "python")
    ]
    write_script(
        suite,
        *scenarios,
        SUITE.format(name="asks", api="syscall", line="getuid16() = 0\n").replace("via", "abi   i386\n  via"),
    )
    return suite


# ---- built anew ----


def test_a_static_musl_that_is_built_anew_is_the_one_that_is_tested(tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    prefix.mkdir()
    own = {"CC": f"{musl_prefix(prefix)} -static"}
    good = credstone(tmp_path, "setgid.2", "--api", "libc", environment=own)
    assert facts_of(good, "native")["static"]
    assert len(good.of("pass")) > 50
    assert not good.of("fail")
    rebuild(prefix / "lib" / "libc.a", "setgid.lo", FORGETS)
    bad = credstone(tmp_path, "setgid.2", "--api", "libc", environment=own)
    assert bad.status == 1
    assert len(bad.of("fail")) > 30
    assert "setgid(2)/EPERM" in bad.broken_clauses()
    assert not bad.of("broken")


def test_a_static_dietlibc_that_is_built_anew_is_the_one_that_is_tested(tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    prefix.mkdir()
    own = {"CC": str(dietlibc_prefix(prefix))}
    good = credstone(tmp_path, "setgid.2", "--api", "libc", environment=own)
    assert not good.of("broken")
    rebuild(prefix / "lib" / "libc.a", "setgid.o", REFUSES)
    bad = credstone(tmp_path, "setgid.2", "--api", "libc", environment=own)
    assert len(bad.of("fail")) > len(good.of("fail")) + 30
    assert not bad.of("broken")


def test_a_library_that_is_no_known_one_is_judged_by_the_pages(tmp_path: Path) -> None:
    """That seteuid(-1) may answer 0 is the way of musl.  dietlibc does the same, and the page forbids it."""
    needs("diet", "musl-gcc")
    scenario = "seteuid.2/ids-uid/minus-one-comes-before-unprivileged"
    ran = credstone(tmp_path, scenario, "--api", "libc", environment={"CC": "diet gcc"})
    assert facts_of(ran, "native")["libc"] == "static dietlibc"
    assert verdicts(ran) == {"libc": {"fail"}}
    wrong = [(cell["clause"], cell["expected"], cell["seen"]) for cell in ran.cells]
    assert ("seteuid(2)/EINVAL-minus-one", "EINVAL", "0") in wrong
    musl = credstone(tmp_path, scenario, "--api", "libc", environment={"CC": "musl-gcc"})
    assert facts_of(musl, "native")["libc"] != "unknown libc"
    assert verdicts(musl) == {"libc": {"pass"}}


# ---- loaded ----


def library_folder(tmp_path: Path) -> Path:
    """A folder with a copy of the C library that this Python runs on."""
    place = tmp_path / "own"
    place.mkdir()
    for line in Path("/proc/self/maps").read_text().splitlines():
        if line.endswith("/libc.so.6"):
            shutil.copy(line.split()[-1], place / "libc.so.6")
            return place
    pytest.skip("needs glibc")


def test_a_library_that_is_loaded_is_named(tmp_path: Path, suite: Path) -> None:
    place = library_folder(tmp_path)
    ran = credstone(tmp_path, suites=suite, environment={"LD_LIBRARY_PATH": str(place)})
    assert ran.status == 0, ran.out + ran.err
    assert {facts_of(ran, agent)["libc_file"] for agent in ("native", "python")} == {str(place / "libc.so.6")}
    told = "".join(ran.out.split())
    assert f"({place}/libc.so.6" in told
    assert f"LD_LIBRARY_PATH={place}" in told


@pytest.mark.parametrize("compiler", ["musl-gcc", "musl-gcc -static", "cc -static"])
def test_a_library_that_is_not_loaded_ends_the_run(tmp_path: Path, suite: Path, compiler: str) -> None:
    needs(compiler.split(maxsplit=1)[0])
    place = library_folder(tmp_path)
    ran = credstone(tmp_path, suites=suite, environment={"LD_LIBRARY_PATH": str(place), "CC": compiler})
    assert ran.status == 3
    assert not ran.cells
    assert f"LD_LIBRARY_PATH has the C library {place}/libc.so.6, and the one in use is" in ran.out + ran.err


def test_a_musl_that_no_path_reaches_ends_the_run(tmp_path: Path, suite: Path) -> None:
    """A glibc agent, and a path to a prefix of musl: nothing of it would be tested."""
    prefix = tmp_path / "prefix"
    prefix.mkdir()
    musl_prefix(prefix)
    ran = credstone(tmp_path, suites=suite, environment={"LD_LIBRARY_PATH": f"/nonesuch:{prefix / 'lib'}"})
    assert ran.status == 3
    assert f"{prefix}/lib/libc.so" in ran.out + ran.err


def test_a_path_without_a_c_library_is_none_of_our_business(tmp_path: Path, suite: Path) -> None:
    (tmp_path / "libc.so").write_text("INPUT(libc.so.6)\n")
    ran = credstone(tmp_path, suites=suite, environment={"LD_LIBRARY_PATH": f"{tmp_path}:/nonesuch"})
    assert ran.status == 0, ran.out + ran.err


def test_python_beside_a_library_that_is_not_its_own(tmp_path: Path, suite: Path) -> None:
    """The agent in C uses what the path names, that in Python another one: its cells say so."""
    prefix = tmp_path / "prefix"
    prefix.mkdir()
    own = {"CC": str(musl_prefix(prefix)), "LD_LIBRARY_PATH": str(prefix / "lib")}
    ran = credstone(tmp_path, suites=suite, environment=own)
    assert ran.status == 0, ran.out + ran.err
    assert facts_of(ran, "native")["libc_file"] == str(prefix / "lib" / "libc.so")
    assert {api: found for api, found in verdicts(ran).items() if api in ("libc", "python")} == {
        "libc": {"pass"},
        "python": {"unsupported"},
    }
    alone = credstone(tmp_path, "--api", "python", suites=suite, environment=own)
    assert alone.status == 3
    assert not alone.cells


def test_a_glibc_that_the_program_names_itself(tmp_path: Path, suite: Path) -> None:
    """The dynamic linker and the folder of a private glibc are in the program: no variable says so."""
    needs("cc")
    place = library_folder(tmp_path)
    named = next(Path("/lib64").glob("ld-linux-*.so.2"), None)
    if named is None:
        pytest.skip("needs a dynamic linker in /lib64")
    shutil.copy(named, place / named.name)
    own = {"CC": f"cc -Wl,--dynamic-linker={place / named.name} -Wl,-rpath,{place}"}
    ran = credstone(tmp_path, suites=suite, environment=own)
    assert facts_of(ran, "native")["libc_file"] == str(place / "libc.so.6")
    assert facts_of(ran, "python")["libc_file"] != str(place / "libc.so.6")
    assert {api: found for api, found in verdicts(ran).items() if api != "syscall:i386"} == {
        api: {"pass"} for api in ("syscall", "libc", "python")
    }


# ---- preloaded ----


def test_a_preload_that_is_missing_ends_the_run(tmp_path: Path, suite: Path) -> None:
    for more in ((), ("--api", "python"), ("--api", "syscall")):
        ran = credstone(tmp_path, *more, suites=suite, environment={"LD_PRELOAD": "/nonesuch.so"})
        assert ran.status == 3
        assert not ran.cells
        assert (
            "LD_PRELOAD names /nonesuch.so, and the agent did not load it: there is no such file." in ran.out + ran.err
        )


def test_a_preload_that_a_static_agent_does_not_load_ends_the_run(tmp_path: Path, suite: Path) -> None:
    fault = preload(tmp_path, "forgets", FORGETS)
    ran = credstone(tmp_path, "--api", "libc", suites=suite, environment={**fault, "CC": "cc -static"})
    assert ran.status == 3
    assert "the agent is static" in ran.out + ran.err


def made_for_i386(tmp_path: Path) -> Path:
    """A library that only programs for i386 can load."""
    library, source = tmp_path / "i386.so", tmp_path / "i386.c"
    source.write_text(FORGETS)
    done = subprocess.run(
        ["cc", "-m32", "-w", "-shared", "-fPIC", "-o", library, source], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("needs a compiler for i386 (Debian amd64: gcc-multilib)")
    return library


def test_a_preload_for_another_abi_ends_the_run(tmp_path: Path, suite: Path) -> None:
    ran = credstone(tmp_path, suites=suite, environment={"LD_PRELOAD": str(made_for_i386(tmp_path))})
    assert ran.status == 3
    assert not ran.cells
    assert "it is no library for x86_64" in ran.out + ran.err


def test_an_agent_for_another_abi_beside_a_preload(tmp_path: Path, suite: Path) -> None:
    """Its raw calls are the kernel's all the same; its C library is not the one that the caller means."""
    made_for_i386(tmp_path)
    fault = preload(tmp_path, "harmless", "int nothing(void) { return 0; }")
    ran = credstone(tmp_path, suites=suite, environment=fault)
    assert ran.status == 0, ran.out + ran.err
    assert verdicts(ran) == {"syscall": {"pass"}, "libc": {"pass"}, "python": {"pass"}, "syscall:i386": {"pass"}}
    other = credstone(tmp_path, "--abi", "i386", suites=suite, environment=fault)
    assert other.status == 0
    assert verdicts(other) == {"syscall:i386": {"pass"}, "libc:i386": {"unsupported"}}
    assert {"it is no library for i386" in cell["reason"] for cell in other.of("unsupported")} == {True}


def test_a_preload_by_its_name(tmp_path: Path, suite: Path) -> None:
    """It is looked for in LD_LIBRARY_PATH, where there is a link to it."""
    fault = Path(preload(tmp_path, "harmless", "int nothing(void) { return 0; }")["LD_PRELOAD"])
    fault.rename(tmp_path / "harmless.so.1.2")
    fault.symlink_to("harmless.so.1.2")
    ran = credstone(tmp_path, suites=suite, environment={"LD_PRELOAD": fault.name, "LD_LIBRARY_PATH": str(tmp_path)})
    assert ran.status == 0, ran.out + ran.err
    assert facts_of(ran, "native")["ld_preload"] == fault.name
