"""The Python agent performs every call of the protocol as the protocol says, failures included."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from agent.left import await_queues_gone, message_queues
from agent.python_agent import PythonAgent, as_user
from credstone.agent.process import Process

pytestmark = pytest.mark.root
SETUID, SETPCAP = 1 << 7, 1 << 8


def test_privileges(python: PythonAgent) -> None:
    assert python.values(
        as_user(capabilities=SETUID | SETPCAP),
        "main capget",
        "main capset 128 CAP_SETUID CAP_SETUID",
        "main capget",
        "main capget $pid",
        "main capget 0 _LINUX_CAPABILITY_VERSION_1 valid",
        "main capget 0 _LINUX_CAPABILITY_VERSION_3 null",
        "main capget 0 _LINUX_CAPABILITY_VERSION_3 bad-pointer",
        "main capget 0 7 null",
        "main capget 0 7 valid",
        "main capget 0 7 null header",
        "main capset 0 0 0 0 7 header",
        "main capget 0 _LINUX_CAPABILITY_VERSION_1 valid header",
        "main capget -1",
        "main capset bad-pointer",
        "main capset CAP_SETUID|CAP_KILL 0 0",
        "main capset 0 0 0 1",
        "main capset 0 0 0 0 7",
        "main prctl PR_SET_PDEATHSIG SIGUSR1",
        "main prctl PR_GET_PDEATHSIG",
        "main prctl PR_SET_KEEPCAPS 2",
        "main prctl PR_CAP_AMBIENT PR_CAP_AMBIENT_RAISE CAP_SETUID",
        "main prctl PR_CAP_AMBIENT PR_CAP_AMBIENT_IS_SET CAP_SETUID",
        "main status self CapAmb",
        "main status $pid Uid",
        "main os.umask 63",
    ) == [
        (384, 384, 0), 0, (128, 128, 128), (128, 128, 128), (128, 128, 128), 0, "EFAULT", 0, "EINVAL", 0x20080522, 0x20080522, 0x19980330, "EINVAL",
        "EFAULT", "EPERM", "EPERM", "EINVAL", 0, 10, "EINVAL", 0, 1, 128, (1000,) * 4, 0o22,
    ]  # fmt: skip


def test_namespaces(python: PythonAgent) -> None:
    assert python.values(
        "child:c getuid",
        "main clone CLONE_NEWUSER|CLONE_NEWPID",
        "main clone CLONE_THREAD",
        "main clone CLONE_VM",
        "main unshare CLONE_NEWUSER",
        "main clone CLONE_NEWUSER",  # by who has no uid here
        'child:c same_namespace "/proc/$pid/ns/user "/proc/self/ns/user',
        'child:c same_namespace "/proc/$pid/ns/uts "/proc/self/ns/uts',
        'main same_namespace "/proc/$c/ns/user "/proc/self/ns/user',
        'main ioctl "/proc/self/ns/user NS_GET_OWNER_UID',
        'child:c ioctl "/proc/$pid/ns/user NS_GET_OWNER_UID',
        'main ioctl "/proc/self/ns/user NS_GET_PARENT "/proc/self/ns/user',
        'child:c ioctl "/proc/$pid/ns/user NS_GET_PARENT "/proc/self/ns/user',
        'child:c ioctl "/proc/$pid/ns/user NS_GET_PARENT "/proc/$pid/ns/user',
        'child:c ioctl "/proc/self/ns/uts NS_GET_USERNS "/proc/self/ns/user',
        "main setns c CLONE_NEWUSER",
        "child:c setns $pid CLONE_NEWUSER",
        'child:c same_namespace "/proc/$pid/ns/user "/proc/self/ns/user',
        'child:c setns "/proc/self/ns/uts CLONE_NEWUSER',
        'main write "/proc/self/uid_map "0%200%201',
    ) == [
        0, 0, "EINVAL", 0, 0, "EPERM", 0, 1, "EACCES", 65534, 0, "EPERM", 1, 0, 1, "EPERM", 0, 1, "EINVAL", 5,
    ]  # fmt: skip


def test_a_clone_makes_a_call(python: PythonAgent) -> None:
    assert python.values(
        "main clone CLONE_NEWUSER then getresuid",
        "main clone CLONE_NEWUSER then setgroups [1]",
        "main clone CLONE_NEWPID then getpid",
        "main clone 0 then os.setuid -2",
        "main setresuid 1000 1000 1000",
        "main clone CLONE_NEWPID then getpid",
        "thread:t clone CLONE_NEWUSER then clone CLONE_NEWUSER",
        "main getresuid",
    ) == [(65534,) * 3, "EPERM", 1, "OverflowError", 0, "EPERM", "EPERM", (1000,) * 3]


def test_a_file_is_held(python: PythonAgent) -> None:
    assert python.values(
        'main hold "/proc/self/ns/user',
        'main hold "/proc/nothing',
        "child:c unshare CLONE_NEWUSER",
        "child:c setns held CLONE_NEWUSER",
        "main setns held CLONE_NEWUSER",
        "main setns held CLONE_NEWUTS",
    ) == [0, "ENOENT", 0, "EPERM", "EINVAL", "EINVAL"]


def test_sockets(python: PythonAgent) -> None:
    assert python.values(
        "main setgroups [5,6]",
        'main listen "s',
        "child:c setresgid 7 8 9",
        "child:c setresuid 1000 1001 1002",
        'child:c connect "s',
        "main accept",
        "main getsockopt SO_PEERCRED",
        "main getsockopt SO_PEERGROUPS",
        "child:c getsockopt SO_PEERCRED",
        "child:c sendmsg",
        "main recvmsg",
        "child:c sendmsg SCM_CREDENTIALS $c 1002 9",
        "main recvmsg",
        "child:c sendmsg SCM_CREDENTIALS $c 0 9",
        "child:c sendmsg SCM_CREDENTIALS $pid 1000 7",
        'child:c connect "nobody',
        "main sendmsg SCM_CREDENTIALS $pid 12 13",
        "child:c recvmsg",
    ) == [
        0, 0, 0, 0, 0, 0, (1001, 8), (5, 6), (0, 0), 1, (1000, 7), 1, (1002, 9), "EPERM", "EPERM", "ECONNREFUSED", 1,
        (12, 13),
    ]  # fmt: skip


def test_a_pair_of_sockets(python: PythonAgent) -> None:
    assert python.values(
        "main getsockopt SO_PEERCRED",
        "main socketpair",
        "child:c setresuid 1000 1000 1000",
        "child:c sendmsg",
        "main recvmsg",
        "main sendmsg",
        "child:c recvmsg",
        "thread:t getsockopt SO_PEERCRED",
        "thread:t sendmsg",
        "main recvmsg",
    ) == ["EBADF", 0, 0, 1, (1000, 0), 1, (0, 0), (0, 0), 1, (0, 0)]


def test_message_queues_go_with_the_cell(python: PythonAgent) -> None:
    before = message_queues()
    assert python.values(
        "child:c getuid",
        "main setresgid 5 6 6",
        "main setresuid 1000 1001 0",
        "main msgget 384",
        "main msgctl IPC_STAT",
        "main msgsnd",
        "main msgctl IPC_SET 1002 1003",
        "child:c msgctl IPC_STAT",
        "main msgctl IPC_STAT",
        "child:c setresuid 1004 1004 1004",
        "child:c msgsnd",
        "child:c msgctl IPC_STAT",
        "child:c msgctl IPC_SET 1 1",
        "child:c msgctl IPC_RMID",
    ) == [
        0, 0, 0, 0, (1001, 6, 1001, 6), 0, 0, (1002, 1003, 1001, 6), (1002, 1003, 1001, 6), 0, "EACCES", "EACCES",
        "EPERM", "EPERM",
    ]  # fmt: skip
    assert python.values("main msgget 384", "main msgctl IPC_RMID", "main msgsnd") == [0, 0, "EINVAL"]
    assert python.values("main unshare CLONE_NEWIPC", "main msgget 384", "main msgsnd") == [0, 0, 0]
    python.perform("main msgget 384", "main abort")
    await_queues_gone(before)


def test_a_child_is_forked_before_the_line_that_names_it(python: PythonAgent) -> None:
    found = python.perform(
        "main setresuid 1000 1000 0",
        'main read "/proc/$c/loginuid',
        "child:c getresuid",
    )
    assert list(found.steps[0].seen) == ["main"]
    assert list(found.steps[1].seen) == ["main", "child c"]
    assert found.steps[2].answer.value == (1000, 1000, 0)


DATABASE = 'etc "u:x:1000:100::/:%0A "staff:x:500:u%0Aother:x:501:%0A'


def test_subprocess(python: PythonAgent) -> None:
    if python.facts.python.split(".")[1] in ("6", "7", "8"):
        pytest.skip("needs Python 3.9: subprocess takes no user, group and umask before")
    assert python.values(
        DATABASE,
        'main subprocess user="u then getresuid',
        'main subprocess group="staff then getresgid',
        'main subprocess extra_groups=["staff,"other,7] then getgroups',
        "main subprocess user=1000 group=7 extra_groups=[1] umask=23 then umask",
        "main subprocess umask=-1 then umask 0",
        "main subprocess user=1000 then status self CapEff",
        "main subprocess user=1000 then getuid",
        'main subprocess user="nobody-here then getresuid',
        'main subprocess group="nobody-here then getresgid',
        'main subprocess extra_groups=["nobody-here] then getgroups',
        "main subprocess user=-1 then getresuid",
        "main subprocess user=1.5 then getresuid",
        "main subprocess umask=True then umask",
    ) == [
        (1000,) * 3, (500,) * 3, (7, 500, 501), 23, 18, 0, 1000, "KeyError", "KeyError", "KeyError", "ValueError",
        "TypeError", 1,
    ]  # fmt: skip
    assert python.values(
        as_user(), "main subprocess user=0 then getresuid", "main subprocess extra_groups=[] then getgroups"
    ) == ["EPERM", "EPERM"]


def test_functions_of_os(python: PythonAgent) -> None:
    assert python.values(
        DATABASE,
        'file door "text 0 0 0644',
        "main os.setresuid 1000 1000 1000",
        "main os.access door 2",
        "main os.access door 4 follow_symlinks=False effective_ids=True",
        "main os.chown door 1000 1000",
        "main os.open door O_RDONLY",
        "main os.open door O_RDONLY 420 dir_fd=None",
        "main os.umask 63",
        "main os.umask None",
        "main os.setuid -2",
        'main os.setuid "u',
        'main os.setgroups [1,"u]',
        'main os.getgrouplist "u 9',
        'main pwd.getpwnam "u',
        "main grp.getgrgid 500",
        "main grp.getgrgid 9999",
        "main os.getresuid",
    ) == [
        0, 0, 1, "EPERM", 0, 0, 18, "TypeError", "OverflowError", "TypeError", "TypeError", (9, 500), (1000, 100), 500,
        "KeyError", (1000, 1000, 1000),
    ]  # fmt: skip
    assert "no os.nothing" in python.perform("main os.nothing").note


def test_what_the_c_agent_has_alone_is_refused(python: PythonAgent) -> None:
    for line in (
        "main exec door",
        "main getauxval AT_SECURE",
        "main left_behind",
        "main setfsuid 0",
        "main pause here",
        "main capget 1 2 3 4 5",
    ):
        found = python.perform(line)
        assert (found.end, found.note[:7]) == ("refused", "agent: ")


def test_who_dies_in_a_call_takes_nobody_along(python: PythonAgent) -> None:
    found = python.perform("main setgid 5", "main prctl PR_SET_SECCOMP 1", "main getgid")
    assert (found.end, len(found.steps)) == ("signal 9", 1)
    assert python.values("main getgid", "main os.setgid 5", "main getgid") == [0, 0, 5]


def test_who_hangs_in_a_call_is_killed(python: PythonAgent) -> None:
    channel = python.session.channel
    assert isinstance(channel, Process)
    pipe = Path(f"/proc/{channel.pid}/cwd/pipe").resolve()
    os.mkfifo(pipe)
    try:
        found = python.transcript("main getuid", f'main open "{pipe} O_RDONLY', "main getuid", limit=200)
    finally:
        pipe.unlink()
    assert (found.end, len(found.steps)) == ("hang", 1)
    assert python.values("main getgid") == [0]


def test_cells_know_nothing_of_each_other(python: PythonAgent) -> None:
    changes = ["setgroups [1,2]", "prctl PR_SET_DUMPABLE 0", "umask 63", "prctl PR_SET_KEEPCAPS 1", "os.setuid 7"]
    looks = ["getgroups", "prctl PR_GET_DUMPABLE", "umask 18", "prctl PR_GET_KEEPCAPS", "os.getuid"]
    before = python.values(*(f"main {look}" for look in looks))
    python.perform(*(f"main {change}" for change in changes))
    groups = python.session.facts.credential.groups
    assert python.values(*(f"main {look}" for look in looks)) == before == [groups, 1, 0o22, 0, 0]


def test_facts(python: PythonAgent) -> None:
    facts = python.session.facts
    assert facts.initial_user_namespace == (Path("/proc/self/ns/user").stat().st_ino == 4026531837)
    scope = Path("/proc/sys/kernel/yama/ptrace_scope")
    assert facts.ptrace_scope == (int(scope.read_text()) if scope.exists() else 0)
    assert facts.file_capabilities in ("", *errno.errorcode.values())
    assert facts.message_queues in ("", *errno.errorcode.values())
