"""Calls that are begun and awaited, and processes of vfork(2)."""

from __future__ import annotations

import time

import pytest

from agent.driving import ROOT, Agent

pytestmark = pytest.mark.root

WHO = ["thread:t", "child:c"]


def _c_only(agent: Agent) -> None:
    if agent.api == "python":
        pytest.skip("the Python agent does not promise this")


@pytest.mark.parametrize("who", WHO)
def test_a_call_that_is_begun_and_awaited(agent: Agent, who: str) -> None:
    transcript = agent.transcript(
        f"begin {who} read_pipe", "main getuid", "main write_pipe", f"await {who}", f"{who} write_pipe"
    )
    assert transcript.end == "done"
    key = who.replace(":", " ")
    assert [step.answer.value for step in transcript.steps] == [None, agent.facts.credential.uid.real, 1, 1, 1]
    assert [key in step.seen for step in transcript.steps] == [False, False, False, True, True]


@pytest.mark.parametrize("who", WHO)
def test_a_call_sleeps_when_the_next_line_runs(agent: Agent, who: str) -> None:
    for _ in range(20):
        if who == "child:c":
            assert agent.last("begin child:c pause", "main status c State") == "S (sleeping)"
        else:
            own = agent.facts.credential.uid.real
            assert agent.last("begin thread:t waitid c", "child:c exit 0", "await thread:t") == own


@pytest.mark.parametrize("who", WHO)
def test_a_call_that_returns_at_once(agent: Agent, who: str) -> None:
    answers = agent.answers(f"begin {who} waitid $pid", f"await {who}", f"begin {who} getuid", f"await {who}")
    assert [answer.errno or answer.value for answer in answers] == [
        None,
        "ECHILD",
        None,
        agent.facts.credential.uid.real,
    ]


@pytest.mark.parametrize("who", WHO)
def test_a_call_that_is_left_ends_with_the_cell(agent: Agent, who: str) -> None:
    start = time.monotonic()
    for call in ("pause", "read_pipe", "sigwaitinfo SIGUSR1"):
        assert agent.transcript(f"begin {who} {call}", "main getuid").end == "done"
    assert time.monotonic() - start < 2


def test_a_call_that_never_returns_is_a_hang(agent: Agent) -> None:
    transcript = agent.transcript("begin thread:t pause", "main getuid", "await thread:t", limit=300)
    assert (transcript.end, len(transcript.steps)) == ("hang", 2)


def test_a_call_in_a_new_process_namespace(root: Agent) -> None:
    lines = ["main unshare CLONE_NEWPID", "begin child:c read_pipe", "main write_pipe", "await child:c"]
    assert root.last(*lines, setup=(ROOT,)) == 1


def test_several_calls_at_once(agent: Agent) -> None:
    lines = [
        "begin thread:a read_pipe",
        "begin thread:b read_pipe",
        "begin child:c read_pipe",
        "main write_pipe",
        "child:d write_pipe",
    ]
    lines += [
        "main write_pipe",
        "await thread:b",
        "await child:c",
        "await thread:a",
        "begin thread:a read_pipe",
        "main write_pipe",
    ]
    assert [answer.value for answer in agent.answers(*lines, "await thread:a")] == [
        None,
        None,
        None,
        1,
        1,
        1,
        1,
        1,
        1,
        None,
        1,
        1,
    ]


@pytest.mark.parametrize("call", ["pause", "read_pipe", "sigwaitinfo SIGUSR2"])
def test_the_c_library_moves_a_thread_that_is_in_a_call(root: Agent, call: str) -> None:
    lines = [f"begin thread:t {call}", "main setresgid 5 6 7", "threads getresgid"]
    answer = root.answers(*lines, setup=(ROOT,))[2].value
    if root.api == "syscall":
        assert isinstance(answer, str)
        assert "1 of the threads have [0, 0, 0]" in answer
    else:
        assert answer == (5, 6, 7)


def test_a_call_outlives_a_signal_of_the_c_library(root: Agent) -> None:
    lines = ["begin thread:t read_pipe", "main setgid 5", "main write_pipe", "await thread:t", "thread:t getgid"]
    assert root.last(*lines, setup=(ROOT,)) == (0 if root.api == "syscall" else 5)


def test_who_is_in_a_call_can_do_nothing_else(agent: Agent) -> None:
    for line in ("thread:t getuid", "begin thread:t pause"):
        assert agent.transcript("begin thread:t pause", line).end == "refused"
    assert agent.transcript("await thread:t").end == "refused"
    assert agent.transcript("begin main pause").end == "refused"


def test_a_child_that_is_killed_in_its_call(agent: Agent) -> None:
    transcript = agent.transcript("begin child:c pause", "main kill c SIGKILL", "main waitid c")
    assert (transcript.end, [list(step.seen) for step in transcript.steps]) == ("done", [["main"]] * 3)
    transcript = agent.transcript("begin child:c pause", "main kill c SIGTERM", "await child:c")
    assert (transcript.end, len(transcript.steps)) == ("signal 15", 2)
    assert agent.transcript("begin child:c abort").end == "signal 6"


def test_an_exec_ends_threads_in_calls(root: Agent) -> None:
    setup = ("file helper agent 0 0 0755", ROOT)
    lines = ["begin thread:t pause", "begin child:c read_pipe", "main exec helper", "main status self Threads"]
    answers = root.answers(*lines, "main write_pipe", "await child:c", setup=setup)
    assert [answer.value for answer in answers] == [None, None, 0, 1, 1, 1]
    lines = ["begin thread:t pause", "thread:s exec helper", "main status self Threads"]
    assert root.last(*lines, setup=setup) == 1


def test_what_is_behind_another_root(root: Agent) -> None:
    setup = ('file door "wood 0 0 0644', ROOT)
    assert (
        root.last('main chroot ".', "begin thread:t read_pipe", "main write_pipe", "await thread:t", setup=setup) == 1
    )


def test_a_zombie_is_waited_for(root: Agent) -> None:
    assert root.last("child:c getuid", "begin thread:t waitid c", "child:c exit 0", "await thread:t") == 0


def test_a_connection_that_is_accepted(root: Agent) -> None:
    lines = [
        'child:c listen "door',
        "begin child:c accept",
        "main setresuid -1 7 -1",
        'main connect "door',
        "await child:c",
    ]
    assert root.last(*lines, "child:c getsockopt SO_PEERCRED", setup=(ROOT,)) == (7, 0)


def test_a_small_stack(root: Agent) -> None:
    """A handler that does not ask for the other stack has no room; whether the C library's asks is its own business."""
    _c_only(root)
    lines = ["begin child:c pause on-a-small-stack", "main kill c SIGCHLD", "await child:c"]
    assert root.transcript(*lines).end == "signal 11"
    lines = ["begin thread:t pause on-a-small-stack", "main setgid 5", "threads getgid"]
    assert root.transcript(*lines, setup=(ROOT,)).end in ("done", "signal 11")
    lines = ["begin child:c pause on-a-small-stack", "main kill c SIGUSR1", "await child:c"]
    assert root.transcript(*lines).end == "signal 10"


# -- vfork


def test_what_a_process_of_vfork_does(root: Agent) -> None:
    _c_only(root)
    main, other = root.answers("main getpid", "vforked getpid")
    assert main != other
    assert root.last("vforked setgid 1000", "main getgid", setup=(ROOT,)) == 0
    assert root.last("vforked capget") == (root.facts.credential.capabilities.permitted,) * 2 + (0,)
    assert root.last("vforked setuid 5", "thread:t getuid", "vforked getuid", setup=(ROOT,)) == 0
    assert root.last("vforked kill c 0", "child:c getuid") == 0
    assert list(root.seen("vforked getuid")) == ["main"]


def test_a_process_of_vfork_that_fails(root: Agent) -> None:
    _c_only(root)
    assert root.last("main setuid 1000", "vforked setuid 0", setup=(ROOT,)) == "EPERM"
    assert root.transcript("vforked abort").end == "signal 6"
    assert root.transcript("vforked exit 0").end == "refused"
    assert root.transcript("vforked pause", limit=200).end == "hang"


def test_a_process_of_vfork_beside_threads(root: Agent) -> None:
    _c_only(root)
    lines = ["thread:t getuid", "vforked setgid 1000", "thread:t getgid"]
    assert root.last(*lines, setup=(ROOT,)) == 0
