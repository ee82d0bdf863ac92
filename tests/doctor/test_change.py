"""What would change a need: one command where there is one, and right for who asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from building import EVERYTHING, credential, facts
from credstone.doctor import needs
from credstone.doctor.change import Case, as_root, change_for, install
from credstone.doctor.machine import Folder
from credstone.doctor.needs import Need
from credstone.words.capability import MASKS
from credstone.words.facts import Facts
from doctor.machines import NO_CAPABILITY, here

ROOT, USER = facts(machine="x86_64"), facts(NO_CAPABILITY)
INSIDE = facts(initial_user_namespace=False)
FILTERED = facts(seccomp=2)
NO_SETFCAP = credential(capabilities=EVERYTHING & ~MASKS["CAP_SETFCAP"])
NO_RESOURCE = facts(credential(capabilities=EVERYTHING & ~MASKS["CAP_SYS_RESOURCE"]))


def change(kind: str, reason: str = "", told: Facts | None = ROOT, image: str = "", **where: object) -> str:
    return change_for(Case(Need(kind, 1, (reason,)), here(*where.pop("programs", ()), **where), told, image))  # type: ignore[misc]


def test_packages_are_named_with_the_manager_that_is_there() -> None:
    assert install(here(), ROOT, "gcc", "libc6-dev") == "apt-get install gcc libc6-dev"
    assert install(here("sudo", uid=1000), USER, "gcc") == "sudo apt-get install gcc"
    assert install(here(uid=1000), USER, "gcc") == 'su -c "apt-get install gcc"'
    assert install(here(programs={}), ROOT, "gcc", "make") == "install what Debian calls gcc and make"


def test_what_root_must_do_is_not_asked_of_who_cannot() -> None:
    assert as_root(here("sudo"), INSIDE, "reboot") == "reboot   (as root, outside of this user namespace)"
    bound = facts(credential(1000, 1000, (), 0, no_new_privs=1))
    assert as_root(here("sudo", uid=1000), bound, "reboot").startswith("reboot   (as root: sudo and su have no effect")
    assert as_root(here("sudo", uid=1000), None, "reboot") == "sudo reboot"


def test_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    none = "There is no C compiler: 'cc' is not to be found."
    assert change(needs.COMPILER, none) == "apt-get install gcc libc6-dev"
    assert change(needs.COMPILER, none, compiler="no-such-cc", programs=["cc"]) == "unset CC"
    assert change(needs.COMPILER, none, compiler="no-such-cc") == "apt-get install gcc libc6-dev"
    headers = "The agent does not compile: cc does not find the headers of the C library."
    assert change(needs.COMPILER, headers) == "apt-get install gcc libc6-dev"
    assert change(needs.COMPILER, "The agent does not compile: false ended with status 1") == ""


def test_programs_for_i386() -> None:
    lacking = "cc makes no programs for i386: fatal error: bits/libc-header-start.h"
    assert change(needs.I386, lacking) == "apt-get install gcc-multilib"
    assert change(needs.I386, lacking, compiler="/usr/bin/gcc-11 -O1") == "apt-get install gcc-11-multilib"
    assert change(needs.I386, lacking, compiler="clang") == "apt-get install gcc-multilib"
    assert change(needs.I386, lacking, facts(machine="aarch64")) == ""
    assert change(needs.I386, "The kernel runs no programs for i386: Exec format error.").endswith("IA32_EMULATION")


def test_capabilities() -> None:
    lacking = "needs root: uid 1000 may not give capabilities to files (CAP_SETFCAP)"
    assert change(needs.CAPABILITIES, lacking, USER, uid=1000) == 'su -c "/opt/credstone run"'
    assert change(needs.CAPABILITIES, lacking, facts(NO_SETFCAP)).startswith("start it as root with its capabilities")
    bounded = credential(capabilities=0)
    bounded = type(bounded)(bounded.uid, bounded.gid, (), type(bounded.capabilities)())
    assert change(needs.CAPABILITIES, lacking, facts(bounded), container="docker") == "docker run --cap-add=SETFCAP"
    assert change(needs.CAPABILITIES, lacking, facts(bounded)) == (
        "start it where these are in the bounding set: CAP_SETFCAP"
    )
    assert change(needs.CAPABILITIES, lacking, INSIDE) == "run it outside of this user namespace"
    assert change(needs.CAPABILITIES, lacking, None) == ""


def test_namespaces() -> None:
    settings = {"user/max_user_namespaces": "0"}
    assert change(needs.USER_NAMESPACES, settings=settings) == "sysctl -w user.max_user_namespaces=65536"
    assert change(needs.USER_NAMESPACES, told=INSIDE, settings=settings) == "sysctl -w user.max_user_namespaces=65536"
    debian = {"kernel/unprivileged_userns_clone": "0", "user/max_user_namespaces": "9"}
    sysctl = "sysctl -w kernel.unprivileged_userns_clone=1"
    assert change(needs.USER_NAMESPACES, told=USER, settings=debian, uid=1000, programs=["sudo"]) == f"sudo {sysctl}"
    assert change(needs.USER_NAMESPACES) == ""
    filtered = "docker run --security-opt seccomp=unconfined"
    assert change(needs.USER_NAMESPACES, told=FILTERED, settings=settings, container="docker") == filtered
    assert change(needs.MOUNT_NAMESPACES, told=FILTERED, container="docker") == filtered
    assert change(needs.MOUNT_NAMESPACES, settings={"user/max_mnt_namespaces": "0"}).endswith(
        "max_mnt_namespaces=65536"
    )


def test_another_temporary_folder() -> None:
    assert change(needs.FOLDER) == "TMPDIR=/var/tmp credstone run"
    for other in (
        Folder("/x"),
        Folder("/x", frozenset(["nosuid"]), 1 << 30, True),
        Folder("/x", free=1, writable=True),
    ):
        assert change(needs.FOLDER, others=(other,)).startswith("set TMPDIR to a folder with room, ")


def test_the_rest() -> None:
    assert change(needs.OWN_NAMESPACE) == "run it outside of this user namespace"
    assert change(needs.NO_NEW_PRIVS).startswith("start it from a shell in which no_new_privs is not set")
    assert change(needs.NO_NEW_PRIVS, container="podman") == "podman run without --security-opt no-new-privileges"
    assert change(needs.FILTER, told=FILTERED) == "start it from where no seccomp filter is active"
    assert change(needs.FILTER) == "", "without a filter nothing is known to help"
    assert change(needs.YAMA, told=facts(ptrace_scope=1)) == "sysctl -w kernel.yama.ptrace_scope=0"
    assert change(needs.YAMA, told=facts(ptrace_scope=3)).startswith("boot anew")
    assert change(needs.LIMIT) == "prlimit --pid $$ --nproc=unlimited"
    assert change(needs.LIMIT, told=USER, uid=1000) == 'su -c "prlimit --pid $$ --nproc=unlimited"'
    assert "without CAP_SYS_RESOURCE it cannot be raised" in change(needs.LIMIT, told=NO_RESOURCE)
    assert change(needs.SYSCTL) == "mount -o remount,rw /proc/sys"
    assert change(needs.SYSCTL, container="podman") == "podman run --security-opt unmask=ALL"
    assert change(needs.RUNTIME, image="image:debian-12") == "credstone run --target image:debian-12"
    assert change(needs.RUNTIME) == "an engine for containers, see below"
    assert change(needs.INTERPRETER, "The agent /x cannot be started: Permission denied.").endswith("may execute")
    assert change(needs.INTERPRETER, "The agent /x does not start: it ended").endswith("with ctypes")
    assert change(needs.LIBRARY) == change(needs.OTHER) == ""


def test_packages_that_debian_has() -> None:
    """The names are held against CI's own list of packages, which is installed from Debian."""
    ci = (Path(__file__).resolve().parents[2] / ".ci" / "run").read_text()
    for package in (
        "gcc",
        "libc6-dev",
        "gcc-multilib",
        "manpages",
        "manpages-dev",
        "docker.io",
        "podman",
        "mmdebstrap",
    ):
        assert package in ci
