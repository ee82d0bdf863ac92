"""The Python agent and processes: signals, ends, calls that are begun, limits and tracing, failures included."""

from __future__ import annotations

import pytest

from agent.python_agent import PythonAgent

pytestmark = pytest.mark.root


def test_signals(python: PythonAgent) -> None:
    assert python.values(
        "child:c sigprocmask SIG_BLOCK SIGUSR1",
        "main kill c SIGUSR1",
        "child:c sigwaitinfo SIGUSR1",
        "main tgkill c SIGUSR1",
        "child:c sigwaitinfo SIGUSR1",
        "main tkill c SIGUSR1",
        "child:c sigwaitinfo SIGUSR1",
        "main sigqueue c SIGUSR1",
        "child:c sigwaitinfo SIGUSR1",
        "child:c setresuid 1000 1000 1000",
        "child:c pidfd_send_signal $c SIGUSR1",
        "child:c sigwaitinfo SIGUSR1",
        "child:c kill $pid 0",
        "child:c sigqueue $pid SIGUSR1",
        "child:c pidfd_send_signal $pid SIGUSR1",
        "child:c tgkill $pid SIGUSR1",
        "child:c tkill $pid SIGUSR1",
        "main kill c SIGKILL",
        "main waitid c",
        "main waitid c",
        "main kill c 0",
        "main sigprocmask SIG_BLOCK all",
        "main sigwaitinfo SIGUSR2",
    ) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000, *["EPERM"] * 5, 0, 1000, "ECHILD", "ESRCH", 0, "EAGAIN"]


def test_who_exits_is_not_reported_any_more(python: PythonAgent) -> None:
    found = python.perform(
        "child:c setresuid 1000 1000 1000", "thread:t getuid", "child:c exit 3", "main status c State",
        "thread:t exit 0", "main waitid c", "main kill c 0",
    )  # fmt: skip
    assert found.end == "done"
    assert [list(step.seen) for step in found.steps[1:5]] == [
        ["main", "child c", "thread t"], ["main", "thread t"], ["main", "thread t"], ["main"],
    ]  # fmt: skip
    assert [step.answer.errno or step.answer.value for step in found.steps] == [
        0, 0, 0, "Z (zombie)", 0, 1000, "ESRCH",
    ]  # fmt: skip
    found = python.perform("child:c exit 3", "child:c getuid")
    assert found.end == "exit 3"


@pytest.mark.parametrize("who", ["thread:t", "child:c", "outside"])
def test_what_is_begun_is_awaited(python: PythonAgent, who: str) -> None:
    found = python.perform(f"begin {who} read_pipe", "main getuid", "main write_pipe", f"await {who}", f"{who} getgid")
    assert found.end == "done"
    assert [step.answer.value for step in found.steps] == [None, 0, 1, 1, 0]
    everybody = list(found.steps[-1].seen)
    assert len(everybody) == 2
    assert [list(step.seen) for step in found.steps] == [["main"]] * 3 + [everybody] * 2


def test_a_call_that_was_begun_sleeps_before_the_next_line(python: PythonAgent) -> None:
    found = python.perform("begin child:c pause", "main status c State", "main kill c SIGUSR1", "await child:c")
    assert (found.end, found.steps[1].answer.value) == ("signal 10", "S (sleeping)")
    found = python.perform("begin thread:t pause", "begin child:c pause", "main getuid")
    assert (found.end, len(found.steps)) == ("done", 3)


def test_only_what_was_begun_can_be_awaited(python: PythonAgent) -> None:
    for lines in (["await child:c"], ["child:c getuid", "await child:c"], ["begin main pause"]):
        found = python.perform(*lines)
        assert (found.end, found.note[:7]) == ("refused", "agent: ")


def test_a_thread_that_pauses_on_a_small_stack_takes_a_signal(python: PythonAgent) -> None:
    found = python.perform("begin thread:t pause on-a-small-stack", "main setuid 1000", "main getresuid")
    assert found.end in ("done", "signal 11")


def test_limits_priorities_and_tracing(python: PythonAgent) -> None:
    assert python.values(
        "child:c prlimit $pid RLIMIT_NOFILE 50",
        "main setrlimit RLIMIT_NOFILE 40",
        "main os.getgid",
        "main setrlimit RLIMIT_NOFILE 1000000000",
        "main setpriority PRIO_PROCESS c 5",
        "main getpriority PRIO_PROCESS c",
        "main sched_setscheduler c SCHED_BATCH",
        "main sched_setscheduler c SCHED_FIFO",
        "main sched_setaffinity c",
        "main ioprio_set c",
        "main process_vm_readv c",
        "main ptrace PTRACE_SEIZE c",
        "main ptrace PTRACE_DETACH c",
        "main ptrace PTRACE_ATTACH c",
        "child:c ptrace PTRACE_TRACEME",
    ) [:9] == [0, 0, 0, "EINVAL", 0, 5, 0, 0, 0]  # fmt: skip
    assert python.values(
        "child:c getuid",
        "main ptrace PTRACE_SEIZE c",
        "main ptrace PTRACE_SEIZE c",
        "main kill c SIGKILL",
        "main ptrace PTRACE_ATTACH 0",
    ) == [0, 0, "EPERM", 0, "ESRCH"]
    assert python.values(
        "child:c getuid",
        "main setresuid 1000 1000 1000",
        "main prlimit c RLIMIT_NOFILE 50",
        "main setpriority PRIO_PROCESS c 5",
        "main sched_setscheduler c SCHED_BATCH",
        "main sched_setaffinity c",
        "main ioprio_set c",
        "main process_vm_readv c",
        "main ptrace PTRACE_SEIZE c",
        "main ptrace PTRACE_ATTACH c",
    ) == [0, 0, *["EPERM"] * 8]
