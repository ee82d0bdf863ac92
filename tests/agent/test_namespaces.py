"""What the C agent answers about namespaces: made by unshare and clone, entered, compared, and the root folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agent.driving import ROOT, USER, Agent
from agent.python_agent import AGENT, PYTHON
from credstone.agent.build import build_agent
from credstone.agent.process import Process
from credstone.agent.session import Session

pytestmark = pytest.mark.root

OWN = '"/proc/self/ns/user'
EMPTY_PROC = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh")


def test_a_clone_is_made_and_reaped(root: Agent) -> None:
    for flags in ("0", "CLONE_NEWUSER", "CLONE_NEWUSER|CLONE_NEWNS", "CLONE_VM", "CLONE_VM|CLONE_SIGHAND|CLONE_FILES"):
        transcript = root.transcript(f"main clone {flags}", "main waitid 1", setup=(ROOT,))
        assert [step.answer.errno for step in transcript.steps] == ["", "ECHILD"]
        assert list(transcript.steps[1].seen) == ["main"]


def test_a_clone_in_the_same_process_or_beside_it(agent: Agent) -> None:
    lines = ("main clone CLONE_THREAD|CLONE_VM|CLONE_SIGHAND", "main status self Threads")
    assert agent.last(*lines) == 1
    assert (
        agent.last("main clone CLONE_PARENT", "child:c clone CLONE_PARENT then getuid")
        == agent.facts.credential.uid.real
    )


def test_clones_that_are_refused(root: Agent) -> None:
    asked = {"CLONE_SIGHAND": "EINVAL", "CLONE_THREAD": "EINVAL", "CLONE_NEWUSER|CLONE_FS": "EINVAL"}
    for flags, errno in asked.items():
        assert root.last(f"main clone {flags}") == errno
    assert root.last("main clone CLONE_NEWNS", setup=(USER,)) == "EPERM"


def test_what_a_clone_does(root: Agent) -> None:
    assert root.last("main clone CLONE_NEWUSER then getuid") == root.facts.overflow_uid
    assert root.last("main clone 0 then setuid 1000", "main getuid") == 0
    assert root.last('main clone CLONE_NEWUSER then read "/proc/self/uid_map', setup=(USER,)) == ""
    assert root.last("main clone CLONE_NEWUSER then setgroups []", setup=(USER,)) == "EPERM"
    assert root.last("main clone 0 then kill c 0", "child:c getuid") == 0


def test_the_end_of_a_clone_ends_the_cell(agent: Agent) -> None:
    transcript = agent.transcript("main clone 0 then abort")
    assert transcript.end == "signal 6"


def test_a_clone_that_is_not_understood(agent: Agent) -> None:
    assert agent.transcript("main clone 0 then").note == "agent: no call follows the word 'then'"
    assert agent.transcript("main clone 0 then nothing").note.startswith("agent: there is no call nothing")
    assert agent.transcript("main getuid then getuid").note.startswith("agent: no new process")


def test_entering_a_namespace(root: Agent) -> None:
    unshare = "child:c unshare CLONE_NEWUSER"
    for setns in (
        'main setns "/proc/$c/ns/user CLONE_NEWUSER',
        'main setns "/proc/$c/ns/user 0',
        "main setns c CLONE_NEWUSER",
    ):
        assert root.last(unshare, setns, f'main same_namespace {OWN} "/proc/$c/ns/user') == 1


def test_namespaces_that_cannot_be_entered(root: Agent) -> None:
    unshare = "child:c unshare CLONE_NEWUSER"
    assert root.last(f"main setns {OWN} CLONE_NEWUSER") == "EINVAL"  # it is the one that main is in
    assert root.last(unshare, 'main setns "/proc/$c/ns/user CLONE_NEWNS') == "EINVAL"
    assert root.last('main setns "/proc/self/ns/missing 0') == "ENOENT"
    assert root.last("main setns 4194303 CLONE_NEWUSER") == "ESRCH"
    assert root.last("child:c unshare CLONE_NEWUSER", "main setuid 1000", "main setns c CLONE_NEWUSER") == "EPERM"


def test_a_descriptor_that_is_held(root: Agent) -> None:
    lines = ["child:c unshare CLONE_NEWUSER", 'main hold "/proc/$c/ns/user']
    assert root.last(*lines, "main setns held CLONE_NEWUSER", f'main same_namespace {OWN} "/proc/$c/ns/user') == 1
    assert (
        root.last(*lines, "child:d setns held CLONE_NEWUSER", 'main same_namespace "/proc/$d/ns/user "/proc/$c/ns/user')
        == 1
    )
    assert root.last(*lines, "main ioctl held NS_GET_OWNER_UID") == 0
    assert root.last("main setns held 0") == "EBADF"
    assert root.last('main hold "/proc/missing') == "ENOENT"


def test_a_descriptor_is_held_over_an_exec(root: Agent) -> None:
    lines = ["child:c unshare CLONE_NEWUSER", 'main hold "/proc/$c/ns/user', "main exec helper"]
    assert root.last(*lines, "main setns held CLONE_NEWUSER", setup=("file helper agent 0 0 0755",)) == 0


def test_who_owns_a_namespace(root: Agent) -> None:
    lines = ["child:c setuid 1000", "child:c unshare CLONE_NEWUSER"]
    assert root.last(*lines, 'main ioctl "/proc/$c/ns/user NS_GET_OWNER_UID') == 1000
    assert root.last('main ioctl "/proc/self/ns/net NS_GET_OWNER_UID') == "EINVAL"
    assert root.last('main ioctl "/proc/self/ns/missing NS_GET_OWNER_UID') == "ENOENT"


def test_the_family_of_a_namespace(root: Agent) -> None:
    lines = ["child:c unshare CLONE_NEWUSER|CLONE_NEWNET"]
    parent = 'main ioctl "/proc/$c/ns/user NS_GET_PARENT'
    assert root.last(*lines, f"{parent} {OWN}") == 1
    assert root.last(*lines, f'{parent} "/proc/$c/ns/user') == 0
    assert root.last(*lines, 'main ioctl "/proc/$c/ns/net NS_GET_USERNS "/proc/$c/ns/user') == 1
    assert root.last(*lines, 'main ioctl "/proc/$c/ns/net NS_GET_USERNS "/proc/self/ns/user') == 0
    assert root.last(*lines, f"child:c ioctl {OWN} NS_GET_PARENT {OWN}") == "EPERM"


def test_the_same_namespace(agent: Agent) -> None:
    assert agent.answers(f'main same_namespace {OWN} "/proc/$c/ns/user', "child:c getuid")[0].value == 1
    assert agent.last(f'main same_namespace {OWN} "/proc/self/ns/net') == 0
    assert agent.last(f'main same_namespace {OWN} "/proc/self/ns/missing') == "ENOENT"


def test_another_root(root: Agent) -> None:
    setup = ('file door "wood 0 0 0644', USER)
    assert root.last('main chroot ".', setup=setup) == "EPERM"
    setup = ('file door "wood 0 0 0644', ROOT)
    assert root.last('main chroot ".', 'main read "/door', setup=setup) == "wood"
    assert root.last('main chroot ".', 'main read "/etc/passwd', setup=setup) == "ENOENT"
    assert root.last('main chroot "door', setup=setup) == "ENOTDIR"


def test_a_write_at_an_offset(root: Agent) -> None:
    setup = ('file door "wood 0 0 0644', ROOT)
    for call in ("write", "pwrite"):
        assert root.last(f'main {call} door "XY 1', "main read door", setup=setup) == "wXYd"
        assert root.last(f'main {call} door "XY -1', setup=setup) == "EINVAL"
    assert root.last("main unshare CLONE_NEWUSER", 'main write "/proc/self/uid_map "0%200%201 1') == "EINVAL"
    assert root.last("main unshare CLONE_NEWUSER", 'main pwrite "/proc/self/uid_map "0%200%201 1') == "ESPIPE"


def test_where_no_namespace_can_be_told(root: Agent, tmp_path: Path) -> None:
    """As of a kernel without user namespaces: there is the first one only, and its settings stay as they are."""
    if root.facts.new_mount_namespace or shutil.which("unshare") is None:
        pytest.skip("needs unshare(1), and a mount namespace")
    program = [PYTHON, "-I", "-B", str(AGENT)] if root.api == "python" else [str(build_agent(tmp_path))]
    session = Session(Process([*EMPTY_PROC, *program], tmp_path))
    try:
        agent = Agent(session, root.api)
        assert agent.facts.initial_user_namespace
        note = "agent: /proc/sys/kernel/overflowuid belongs to the machine"
        assert agent.transcript('main write "/proc/sys/kernel/overflowuid "65534').note == note
        assert agent.transcript('main pwrite "/proc/sys/kernel/overflowuid "65534 0').note == note
    finally:
        session.close()


def test_a_root_without_proc_has_no_settings(root: Agent) -> None:
    for call in ('write "/proc/sys/kernel/overflowuid "65534', 'pwrite "/proc/sys/kernel/overflowuid "65534 0'):
        assert root.last('main chroot "room', f"main {call}", setup=("file room folder 0 0 0755", ROOT)) == "ENOENT"
