"""What the C agent answers about other processes: signals, scheduling, sockets, message queues."""

from __future__ import annotations

import pytest

from agent.driving import ROOT, Agent

pytestmark = pytest.mark.root

SENDERS = ("kill", "tgkill", "tkill", "sigqueue", "pidfd_send_signal")


@pytest.mark.parametrize("send", SENDERS)
def test_a_signal_arrives(root: Agent, send: str) -> None:
    lines = [
        "child:c sigprocmask SIG_BLOCK SIGUSR1",
        "main setuid 1000",
        f"main {send} c SIGUSR1",
        "child:c sigwaitinfo SIGUSR1",
    ]
    assert root.answers(*lines[:3], setup=(ROOT,))[2].errno == "EPERM"
    lines[1] = "main setuid 0"
    assert root.last(*lines, setup=(ROOT,)) == 0
    lines = ["main sigprocmask SIG_BLOCK SIGUSR1", "child:c setresuid 1000 0 0", f"child:c {send} $pid SIGUSR1"]
    assert root.last(*lines, "main sigwaitinfo SIGUSR1", setup=(ROOT,)) == 1000


@pytest.mark.parametrize("send", SENDERS)
def test_signals_that_are_refused(root: Agent, send: str) -> None:
    assert root.last(f"main {send} 4194303 SIGUSR1") == "ESRCH"
    assert root.last(f"main {send} $pid 65") == "EINVAL"
    assert root.last(f"main {send} $pid 0") == 0


@pytest.mark.parametrize("send", SENDERS)
def test_a_signal_kills(agent: Agent, send: str) -> None:
    transcript = agent.transcript("child:c getuid", f"main {send} c SIGKILL", "main waitid c")
    assert transcript.end == "done"
    assert list(transcript.steps[1].seen) == ["main"]
    assert not transcript.steps[2].answer.failed
    assert agent.transcript(f"main {send} $pid SIGKILL").end == "signal 9"


def test_a_signal_does_not_arrive_in_time(agent: Agent) -> None:
    assert agent.last("main sigprocmask SIG_BLOCK SIGUSR1", "main sigwaitinfo SIGUSR1") == "EAGAIN"


def test_the_mask_is_that_of_one_thread(agent: Agent) -> None:
    lines = ["thread:t sigprocmask SIG_BLOCK SIGUSR1", "thread:t status thread-self SigBlk", "main status self SigBlk"]
    answers = agent.answers(*lines, "thread:t sigprocmask SIG_UNBLOCK SIGUSR1", "thread:t status thread-self SigBlk")
    assert [answer.value for answer in answers] == [0, 1 << 9, 0, 0, 0]


def test_all_signals_can_be_blocked_but_those_of_the_c_library(agent: Agent) -> None:
    mask = agent.last("main sigprocmask SIG_BLOCK all", "main status self SigBlk")
    assert isinstance(mask, int)
    assert {number for number in range(1, 34) if not mask >> number - 1 & 1} == {9, 19, 32, 33}


def test_the_c_library_reaches_a_thread_that_blocks_all(root: Agent) -> None:
    lines = ["thread:t sigprocmask SIG_BLOCK all", "main setgid 1000", "thread:t getgid"]
    assert root.last(*lines, setup=(ROOT,)) == (0 if root.api == "syscall" else 1000)


def test_priorities(root: Agent) -> None:
    lines = ["child:c setpriority PRIO_PROCESS 0 5", "main getpriority PRIO_PROCESS c"]
    assert root.last(*lines) == 5
    assert root.last("child:c setpriority PRIO_PROCESS 0 -1", lines[1]) == -1
    assert root.last("main getpriority PRIO_PROCESS 4194303") == "ESRCH"


@pytest.mark.parametrize(
    ("call", "own"),
    [
        ("setpriority PRIO_PROCESS c 5", ""),
        ("setpriority PRIO_PROCESS c -5", "EACCES"),
        ("sched_setscheduler c SCHED_BATCH", ""),
        ("sched_setscheduler c SCHED_FIFO", "EPERM"),
        ("sched_setaffinity c", ""),
        ("ioprio_set c", ""),
        ("process_vm_readv c", ""),
    ],
)
def test_who_may_rule_a_process(root: Agent, call: str, own: str) -> None:
    """Root may, a user may not where the process is somebody else's, and ``own`` says what a user may with its own."""
    lines = ["main setuid 1000", "child:c getuid", f"main {call}"]
    assert root.last(*lines[1:], setup=(ROOT,)) == 0
    assert root.last(lines[1], lines[0], lines[2], setup=(ROOT,)) == "EPERM"
    dumpable = "main prctl PR_SET_DUMPABLE 1"  # a change of ids makes a process its own only
    assert root.answers(lines[0], dumpable, *lines[1:], setup=(ROOT,))[3].errno == own
    assert root.last(f"main {call.replace(' c', ' 4194303')}", setup=(ROOT,)) == "ESRCH"


def test_the_memory_of_an_image_that_was_executed(root: Agent) -> None:
    setup = ("file helper agent 0 0 0755", ROOT)
    assert root.last("child:c exec helper", "main process_vm_readv c", setup=setup) == 0
    assert root.last("main exec helper", "child:c process_vm_readv $pid", setup=setup) == 0


# -- sockets


def test_the_peer_of_a_connection(root: Agent) -> None:
    lines = [
        "child:c setgroups [7,8]",
        "child:c setresgid 5 6 6",
        "child:c setresuid 1 2 2",
        'main listen "door',
        'child:c connect "door',
        "main accept",
    ]
    assert root.last(*lines, "main getsockopt SO_PEERCRED", setup=(ROOT,)) == (2, 6)
    assert root.last(*lines, "main getsockopt SO_PEERGROUPS", setup=(ROOT,)) == (7, 8)
    assert root.last(*lines, "child:c getsockopt SO_PEERCRED", setup=(ROOT,)) == (0, 0)
    assert root.last(*lines, "child:c getsockopt SO_PEERGROUPS", setup=(ROOT,)) == ()
    assert root.last(*lines, "main setresuid 9 9 9", "child:c sendmsg", "main recvmsg", setup=(ROOT,)) == (1, 5)


def test_sockets_that_do_not_connect(agent: Agent) -> None:
    assert agent.last('main connect "door') == "ECONNREFUSED"
    assert agent.last('main listen "door', 'child:c listen "door') == "EADDRINUSE"
    assert agent.last('main listen "door', 'main listen "other') == 0
    for call in ("accept", "recvmsg", "sendmsg", "getsockopt SO_PEERCRED"):
        assert agent.last(f"main {call}") == "EBADF"


@pytest.mark.parametrize("who", ["child:c", "thread:t"])
def test_a_pair(root: Agent, who: str) -> None:
    pair = "main socketpair"
    assert root.last(pair, f"{who} sendmsg", "main recvmsg", setup=(ROOT,)) == (0, 0)
    assert root.last(pair, "main sendmsg", f"{who} recvmsg", setup=(ROOT,)) == (0, 0)
    assert root.last(pair, f"{who} getsockopt SO_PEERCRED", setup=(ROOT,)) == (0, 0)


def test_credentials_that_are_sent(root: Agent) -> None:
    send = "child:c sendmsg SCM_CREDENTIALS $c"
    assert root.last("main socketpair", f"{send} 7 8", "main recvmsg", setup=(ROOT,)) == (7, 8)
    assert root.last("main socketpair", "child:c setuid 1000", f"{send} 0 0", setup=(ROOT,)) == "EPERM"
    assert root.last("main socketpair", "child:c setuid 1000", f"{send} 1000 0", "main recvmsg", setup=(ROOT,)) == (
        1000,
        0,
    )
    assert root.last("main socketpair", "child:c sendmsg SCM_CREDENTIALS 4194303 0 0", setup=(ROOT,)) == "ESRCH"


def test_sockets_outlive_an_exec(root: Agent) -> None:
    setup = ("file helper agent 0 0 0755", ROOT)
    assert root.last("main socketpair", "child:c exec helper", "child:c sendmsg", "main recvmsg", setup=setup) == (0, 0)
    assert root.last("main write_pipe", "main exec helper", "main read_pipe", setup=setup) == 1


def test_the_pipe(agent: Agent) -> None:
    assert agent.last("child:c write_pipe", "main read_pipe") == 1
    assert agent.transcript("main read_pipe", limit=200).end == "hang"


# -- message queues


def test_a_queue(root: Agent) -> None:
    lines = (
        ["main setegid 5", "main seteuid 1000"]
        if root.api == "libc"
        else ["main setresgid -1 5 -1", "main setresuid -1 1000 -1"]
    )
    lines.append("main msgget 416")
    assert root.last(*lines, "main msgctl IPC_STAT", setup=(ROOT,)) == (1000, 5, 1000, 5)
    assert root.last(*lines, "main msgctl IPC_SET 7 8", "main msgctl IPC_STAT", setup=(ROOT,)) in (
        "EACCES",
        (7, 8, 1000, 5),
    )
    assert root.last(*lines, "main msgsnd", setup=(ROOT,)) == 0
    assert root.last(*lines, "main msgctl IPC_RMID", "main msgctl IPC_STAT", setup=(ROOT,)) == "EINVAL"
    assert root.last("main msgget 416", "main msgctl IPC_SET 7 8", "main msgctl IPC_STAT", setup=(ROOT,)) == (
        7,
        8,
        0,
        0,
    )


def test_a_queue_of_somebody_else(root: Agent) -> None:
    lines = ["child:c msgget 384", "main setuid 1000"]
    for call, errno in {"IPC_STAT": "EACCES", "IPC_SET 1000 0": "EPERM", "IPC_RMID": "EPERM"}.items():
        assert root.last(*lines, f"main msgctl {call}", setup=(ROOT,)) == errno
    assert root.last(*lines, "main msgsnd", setup=(ROOT,)) == "EACCES"
    assert root.last("main msgctl IPC_STAT") == "EINVAL"


def test_no_queue_is_left_by_a_cell_that_is_killed(root: Agent) -> None:
    assert root.transcript("main msgget 0", "main pause", limit=200).end == "hang"
    assert root.transcript("main setresuid 7 7 7", "main msgget 0", "main abort").end == "signal 6"
    assert root.last("main unshare CLONE_NEWIPC", "main msgget 416") == 0


def test_threads_that_watch(root: Agent) -> None:
    if root.api == "python":
        transcript = root.transcript("main getgid", setup=("watch 4",))
        assert (transcript.end, transcript.note[:7]) == ("refused", "agent: ")
        return
    if root.api == "syscall":
        assert root.transcript("main left_behind", setup=("watch 4",)).end == "refused"
        return
    assert root.last("main setgid 5000", "main setuid 5000", "main left_behind", setup=("watch 4",)) == 0
    assert root.last("main setgid 5000", "threads getresgid", setup=("watch 4", "load 4")) == (5000, 5000, 5000)
    assert root.transcript("main left_behind").note == "agent: nobody watches in this cell"
    assert root.transcript("main getgid", setup=("watch 65",)).end == "refused"
