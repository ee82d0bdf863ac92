"""Programs that stand in for a kernel: each is started, and scenarios find the faults that it is known for."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from credstone.agent.build import CROSS
from credstone.targets import check_target, open_target
from credstone.targets.fake_root import Fakeroot, Proot
from credstone.targets.qemu_user import QemuUser
from credstone.words.cell import NATIVE
from credstone.words.errors import CredstoneError, LackingError
from host.launch import Ran, credstone
from host.test_abi import _compiles_i386

pytestmark = pytest.mark.usefixtures("_root")

PROGRAMS = {"qemu-user:aarch64": "qemu-aarch64", "qemu-user:i386": "qemu-i386", "qemu-user:s390x": "qemu-s390x",
            "proot": "proot", "fakeroot": "faked-tcp"}  # fmt: skip


def why_not(target: str) -> str:
    """Why a target cannot be had on this machine; empty where it can."""
    abi = target.partition(":")[2]
    if shutil.which(PROGRAMS[target]) is None:
        return f"needs {PROGRAMS[target]} (Debian: apt-get install {target.partition(':')[0]})"
    if abi == "i386" and not _compiles_i386():
        return "needs a compiler for i386 (Debian amd64: gcc-12-multilib)"
    if abi in CROSS and shutil.which(CROSS[abi]) is None:
        return f"needs a compiler for {abi}: {CROSS[abi]}"
    return ""


def run(folder: Path, target: str, *selection: str) -> Ran:
    """A run of some pages there; skips the test where there is no such target."""
    if why := why_not(target):
        pytest.skip(why)
    for closed in (folder, *folder.parents):
        if closed.is_relative_to(Path(tempfile.gettempdir()).resolve()) and not closed.stat().st_mode & 1:
            closed.chmod(0o711)  # pytest's own, which the user who runs the agent must pass
    return credstone(folder, *selection, "--target", target)


def found(ran: Ran) -> dict[str, str]:
    """The faults that showed, each with what was seen in the first cell that showed it."""
    seen: dict[str, str] = {}
    for cell in ran.of("fail"):
        seen.setdefault(cell["deviation"]["name"], cell["seen"])
    return seen


@pytest.mark.parametrize(
    ("target", "abi", "selection", "faults"),
    [
        ("qemu-user:i386", "i386", ["setuid.2/sixteen-bits"], {"sixteen-bit-arguments-not-cut"}),
        (
            "qemu-user:aarch64",
            "aarch64",
            ["getgroups.2/privilege", "getgroups.2/sizes", "--api", "syscall"],
            {"setgroups-looks-before-privilege", "getgroups-caps-the-size"},
        ),
        (
            "qemu-user:aarch64",
            "aarch64",
            ["setuid.2/threads/the-wrapper-moves-every-thread", "getgroups.2/sizes", "--api", "libc"],
            {"a-thread-that-is-not-moved", "getgroups-caps-the-size"},
        ),
        (
            "qemu-user:s390x",
            "s390x",
            ["getuid.2/ids", "getgroups.2/lists", "capget.2/version", "--api", "syscall"],
            {"ids-pass-through-int", "capget-writes-what-failed"},
        ),
    ],
)
def test_qemu_user(tmp_path: Path, target: str, abi: str, selection: list[str], faults: set[str]) -> None:
    """The bytes of s390x come in the other order: that cells pass there at all shows the agent's protocol on it."""
    ran = run(tmp_path, target, *selection)
    assert (ran.status, set(found(ran))) == (0, faults), ran.out
    assert len(ran.of("pass")) > 5
    assert ran.header is not None
    told = ran.header["facts"][f"{target}:native"]
    assert (told["abi"], told["static"]) == (abi, True)
    assert told["runtime"].startswith(f"{PROGRAMS[target]} ")


def test_what_qemu_user_cannot_execute_is_unsupported(tmp_path: Path) -> None:
    ran = run(tmp_path, "qemu-user:aarch64", "execve.2/ids", "--api", "syscall")
    assert ran.status == (0 if ran.of("pass") else 3)
    reasons = {cell["reason"].partition(" (")[0] for cell in ran.of("unsupported")}
    executed = not ran.of("unsupported")  # where binfmt_misc knows the programs of that machine
    assert executed or reasons == {"a program of the agent's kind is not executed here"}


@pytest.mark.parametrize(
    ("target", "faults"),
    [
        ("proot", {"groups-are-not-kept", "minus-one-is-taken", "setuid-to-the-old-effective-id"}),
        ("fakeroot", {"nobody-is-refused", "setgroups-does-nothing", "getgroups-tells-the-gid", "minus-one-is-taken"}),
    ],
)
def test_a_root_that_is_pretended(tmp_path: Path, target: str, faults: set[str]) -> None:
    ran = run(tmp_path, target, "setuid.2", "getgroups.2/lists", "getgroups.2/privilege", "setresuid.2/matrix-uid")
    assert ran.status == 0, ran.out
    assert faults <= set(found(ran))
    assert len(ran.of("pass")) > 20
    assert ran.header is not None
    told = ran.header["facts"][f"{target}:native"]
    assert told["credential"][0] == [0, 0, 0, 0]
    assert told["pretends_to"] == ("syscall" if target == "proot" else "libc")
    assert {cell["api"] for cell in ran.of("pass")} == ({"syscall", "libc"} if target == "proot" else {"libc"})


def test_the_harness_pretends_as_an_ordinary_user(tmp_path: Path) -> None:
    """Who is root has nothing to pretend: the agent's process is another user's."""
    if why := why_not("proot"):
        pytest.skip(why)
    target = open_target("proot")
    try:
        pid = target.facts(NATIVE).pid
        assert Path(f"/proc/{pid}").stat().st_uid == 65534
    finally:
        target.close()
    assert not Path(f"/proc/{pid}").exists()


def test_nothing_is_left_of_faked(tmp_path: Path) -> None:
    if why := why_not("fakeroot"):
        pytest.skip(why)
    target = Fakeroot("fakeroot")
    target.facts(NATIVE)
    assert target._faked is not None
    faked = target._faked.pid
    target.close()
    assert not Path(f"/proc/{faked}").exists()


@pytest.mark.parametrize("target", [Proot("proot"), Fakeroot("fakeroot"), QemuUser("qemu-user:aarch64")])
def test_a_program_that_is_not_there(target: Proot | Fakeroot | QemuUser, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(target, QemuUser) and shutil.which(CROSS["aarch64"]) is None:
        pytest.skip("needs a compiler for aarch64")
    monkeypatch.setattr(target, "program", "no-such-program")
    try:
        with pytest.raises(LackingError, match="There is no no-such-program to run the agent of") as told:
            target.facts(NATIVE)
        assert told.value.hint == f"Install it (Debian: apt-get install {target.package})."
    finally:
        target.close()


def test_an_abi_that_is_not_emulated() -> None:
    with pytest.raises(CredstoneError, match="There is no target 'qemu-user:vax'") as told:
        check_target("qemu-user:vax")
    assert "s390x" in told.value.hint


def test_vfork_shares_nothing_there(tmp_path: Path) -> None:
    """What is recorded of vfork(2), without the harness: a child of vfork leaves nothing in its parent's memory."""
    if why := why_not("qemu-user:aarch64"):
        pytest.skip(why)
    (tmp_path / "v.c").write_text(
        "#include <unistd.h>\nint main(void) { volatile int left = 0;"
        " if (vfork() == 0) { left = 1; _exit(0); } return left; }\n"
    )
    subprocess.run([CROSS["aarch64"], "-static", "-o", tmp_path / "v", tmp_path / "v.c"], check=True)
    assert subprocess.run(["qemu-aarch64", tmp_path / "v"], check=False).returncode == 0


def test_a_thread_that_is_not_moved_there(tmp_path: Path) -> None:
    """What is recorded of setgid(3), without the harness: of three threads two are the program's, and have the new gid."""
    if why := why_not("qemu-user:aarch64"):
        pytest.skip(why)
    (tmp_path / "t.c").write_text(
        "#include <pthread.h>\n#include <stdlib.h>\n#include <unistd.h>\n"
        "static void *waiting(void *none) { for (;;) pause(); return none; }\n"
        "int main(void) { pthread_t thread; pthread_create(&thread, NULL, waiting, NULL);"
        ' return setgid(5000) || system("grep -h ^Gid: /proc/$PPID/task/*/status"); }\n'
    )
    subprocess.run([CROSS["aarch64"], "-static", "-o", tmp_path / "t", tmp_path / "t.c"], check=True)
    ran = subprocess.run(["qemu-aarch64", tmp_path / "t"], check=True, capture_output=True, text=True)
    assert sorted(line.split()[1] for line in ran.stdout.splitlines()) == ["0", "5000", "5000"]
