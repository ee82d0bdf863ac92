"""The calls that the model knows: one row for each."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from credstone.model import threads
from credstone.model.arguments import (
    Binding,
    NotModelled,
    Parameter,
    at_most,
    gid_list,
    keywords,
    number,
    path,
    pointer,
    python_arguments,
    python_arguments_and_keywords,
    sequence,
    short_gid_list,
    text,
    word,
)
from credstone.model.capabilities import capget, prctl
from credstone.model.files import access, content, folders, ownership
from credstone.model.groups import database, getgroups, initgroups, ngroups_max
from credstone.model.ids import getid, seteuid, setfsuid, setgid, setresuid, setreuid, setuid, sixteen_bits
from credstone.model.namespaces import clone, ioctl_ns, setns
from credstone.model.processes import ends, kill, priority, proc, queues, scheduling, sockets, tracing, waiting
from credstone.model.programs import execve, prlimit
from credstone.model.python import python_os, subprocess_run
from credstone.model.rules import Outcome, Page


class Row(msgspec.Struct, frozen=True):
    """How a call is performed.

    ``bind`` makes the arguments of ``function`` from those of a script.  ``page`` says what holds for every answer.  A
    ``plumbing`` call answers in the same way through every API.
    """

    function: Callable[..., Outcome]
    bind: Binding
    page: Page = Page()
    plumbing: bool = False


def _plumbing(function: Callable[..., Outcome], *parameters: Parameter) -> Row:
    return Row(function, sequence(*parameters), plumbing=True)


_NOTHING, _ONE, _TWO, _THREE = (sequence(*(number,) * count) for count in range(4))
_NAME, _POINTERS = sequence(text), at_most(pointer, pointer, pointer)

CALLS: dict[str, Row] = {
    "getgroups": Row(getgroups.getgroups, at_most(number, pointer), getgroups.GETGROUPS),
    "setgroups": Row(getgroups.setgroups, gid_list, getgroups.SETGROUPS),
    "setgid": Row(setgid.setgid, _ONE, setgid.SETGID),
    "setregid": Row(setreuid.setregid, _TWO, setreuid.SETREGID),
    "setresgid": Row(setresuid.setresgid, _THREE, setresuid.SETRESGID),
    "setegid": Row(seteuid.setegid, _ONE, seteuid.SETEGID),
    "setfsgid": Row(setfsuid.setfsgid, _ONE, setfsuid.SETFSGID),
    "setuid": Row(setuid.setuid, _ONE, setuid.SETUID),
    "setreuid": Row(setreuid.setreuid, _TWO, setreuid.SETREUID),
    "setresuid": Row(setresuid.setresuid, _THREE, setresuid.SETRESUID),
    "seteuid": Row(seteuid.seteuid, _ONE, seteuid.SETEUID),
    "setfsuid": Row(setfsuid.setfsuid, _ONE, setfsuid.SETFSUID),
    "getuid": Row(getid.getuid, _NOTHING, getid.GETUID),
    "geteuid": Row(getid.geteuid, _NOTHING, getid.GETUID),
    "getgid": Row(getid.getgid, _NOTHING, getid.GETGID),
    "getegid": Row(getid.getegid, _NOTHING, getid.GETGID),
    "getresuid": Row(getid.getresuid, _POINTERS, getid.GETRESUID),
    "getresgid": Row(getid.getresgid, _POINTERS, getid.GETRESGID),
    "group_member": Row(getid.group_member, _ONE),
    "initgroups": Row(initgroups.initgroups, sequence(text, number), initgroups.INITGROUPS),
    "getgrouplist": Row(initgroups.getgrouplist, at_most(text, number, number), initgroups.GETGROUPLIST),
    "sysconf": Row(ngroups_max.sysconf, sequence(word)),
    "constant": Row(ngroups_max.header_constant, sequence(word)),
    "getpwnam": Row(database.getpwnam, _NAME),
    "getgrnam": Row(database.getgrnam, _NAME),
    "getgrgid": Row(database.getgrgid, _ONE),
    "unshare": Row(clone.unshare, sequence(number), clone.UNSHARE, plumbing=True),
    "clone": Row(clone.clone, sequence(number), clone.CLONE, plumbing=True),
    "setns": Row(setns.setns, sequence(text, number), setns.SETNS, plumbing=True),
    "setpriority": _plumbing(priority.setpriority, number, word, number),
    "getpriority": _plumbing(priority.getpriority, number, word),
    "sched_setscheduler": _plumbing(scheduling.sched_setscheduler, word, number),
    "sched_setaffinity": _plumbing(scheduling.sched_setaffinity, word),
    "ioprio_set": _plumbing(scheduling.ioprio_set, word),
    "listen": _plumbing(sockets.listen, text),
    "connect": _plumbing(sockets.connect, text),
    "accept": _plumbing(sockets.accept),
    "socketpair": _plumbing(sockets.socketpair),
    "getsockopt": _plumbing(sockets.getsockopt, number),
    "sendmsg": Row(sockets.sendmsg, at_most(number, word, number, number), sockets.SENDMSG, plumbing=True),
    "recvmsg": _plumbing(sockets.recvmsg),
    "msgget": _plumbing(queues.msgget, number),
    "msgsnd": _plumbing(queues.msgsnd),
    "msgctl": Row(queues.msgctl, at_most(number, number, number), plumbing=True),
    "hold": _plumbing(ioctl_ns.hold, text),
    "same_namespace": _plumbing(ioctl_ns.same_namespace, text, text),
    "ioctl": Row(ioctl_ns.ioctl, at_most(text, number, text), plumbing=True),
    "chroot": _plumbing(setns.chroot, path),
    "read": _plumbing(proc.read, path),
    "pwrite": Row(proc.pwrite, sequence(path, text, number), plumbing=True),
    "write": Row(proc.write, at_most(path, text, number), plumbing=True),
    "status": _plumbing(proc.status, word, word),
    "open": Row(proc.open_path, at_most(path, number, number), plumbing=True),
    "stat": _plumbing(proc.stat, path),
    "truncate": _plumbing(content.truncate, path, number),
    "access": Row(access.access, sequence(path, number), access.ACCESS, plumbing=True),
    "faccessat": Row(access.faccessat, sequence(path, number, number), access.ACCESS, plumbing=True),
    "chown": Row(ownership.chown, sequence(path, number, number), ownership.CHOWN, plumbing=True),
    "lchown": Row(ownership.chown, sequence(path, number, number), ownership.CHOWN, plumbing=True),
    "chmod": Row(ownership.chmod, sequence(path, number), ownership.CHMOD, plumbing=True),
    "utimensat": Row(ownership.utimensat, at_most(path, number), plumbing=True),
    "mkdir": _plumbing(folders.mkdir, path, number),
    "rmdir": _plumbing(folders.rmdir, path),
    "unlink": _plumbing(folders.unlink, path),
    "rename": _plumbing(folders.rename, path, path),
    "link": _plumbing(folders.link, path, path),
    "umask": _plumbing(folders.umask, number),
    "exec": Row(execve.execute, sequence(path), execve.EXECVE, plumbing=True),
    "getauxval": _plumbing(execve.getauxval, word),
    "setrlimit": _plumbing(prlimit.setrlimit, number, number),
    "prlimit": _plumbing(prlimit.prlimit, word, number, number),
    "ptrace": Row(tracing.ptrace, at_most(word, word), tracing.PTRACE, plumbing=True),
    "process_vm_readv": _plumbing(tracing.process_vm_readv, word),
    "kill": Row(kill.kill, sequence(word, number), kill.KILL, plumbing=True),
    "tgkill": Row(kill.send_otherwise, sequence(word, number), kill.KILL, plumbing=True),
    "tkill": Row(kill.send_otherwise, sequence(word, number), kill.KILL, plumbing=True),
    "sigqueue": Row(kill.send_otherwise, sequence(word, number), kill.KILL, plumbing=True),
    "pidfd_send_signal": Row(kill.by_pidfd, sequence(word, number), kill.KILL, plumbing=True),
    "prctl": Row(prctl.prctl, at_most(*(prctl.argument,) * 5), prctl.PRCTL, plumbing=True),
    "capget": Row(capget.capget, capget.capget_arguments, capget.CAPGET, plumbing=True),
    "capset": Row(capget.capset, capget.capset_arguments, capget.CAPSET, plumbing=True),
    "getpid": _plumbing(getid.getpid),
    "pause": Row(waiting.pause, at_most(word), plumbing=True),
    "read_pipe": _plumbing(waiting.read_pipe),
    "write_pipe": _plumbing(waiting.write_pipe),
    "sigprocmask": _plumbing(waiting.sigprocmask, number, waiting.signal_or_all),
    "sigaction": _plumbing(waiting.sigaction, number, number),
    "pthread_kill": _plumbing(waiting.pthread_kill, number),
    "left_behind": _plumbing(threads.left_behind),
    "abort": _plumbing(waiting.abort),
    "exit": _plumbing(waiting.leave, number),
    "sigwaitinfo": _plumbing(ends.sigwaitinfo, number),
    "waitid": _plumbing(ends.waitid, word),
    "subprocess": Row(subprocess_run.subprocess_run, keywords, subprocess_run.SUBPROCESS),
    "pwd.getpwnam": Row(database.getpwnam, _NAME),
    "grp.getgrnam": Row(database.getgrnam, _NAME),
    "grp.getgrgid": Row(database.getgrgid, _ONE),
    "getgroups16": Row(sixteen_bits.getgroups16, at_most(number, pointer), getgroups.GETGROUPS),
    "setgroups16": Row(sixteen_bits.setgroups16, short_gid_list, getgroups.SETGROUPS),
}
"""The rows of C; a call without a row is not modelled."""

for _form, _calls in ((sixteen_bits.setting, sixteen_bits.SETTING), (sixteen_bits.looking, sixteen_bits.LOOKING)):
    for _name, _clauses in _calls.items():
        _row = CALLS[_name]
        CALLS[f"{_name}16"] = Row(_form(_row.function, *_clauses), _row.bind, _row.page)
CALLS["os.access"] = Row(python_os.os_access, python_arguments_and_keywords)
for _name, _function in python_os.FUNCTIONS.items():
    CALLS[f"os.{_name}"] = Row(_function, python_arguments, python_os.page_of(_name))


def find(name: str, api: str) -> Row:
    """The row of a call; through Python, a call that ``os`` has is the function of ``os``."""
    row = CALLS.get(name)
    if api == "python" and not (row and row.plumbing):
        row = CALLS.get(f"os.{name}") or row
    if row is None:
        raise NotModelled(f"it does not know the call {name}")
    return row


NOT_YET_COVERED = frozenset({
    "abort(3)", "chroot(2)", "getauxval(3)", "getgrnam(3)", "getpid(2)", "getpwnam(3)",
    "ioprio_set(2)", "link(2)", "mkdir(2)", "msgctl(2)", "msgsnd(2)", "open(2)", "prlimit(2)", "proc_pid_status(5)", "read(2)", "rename(2)", "rmdir(2)",
    "sched_setaffinity(2)", "sched_setscheduler(2)", "setpriority(2)", "setrlimit(2)", "sigaction(2)", "sigprocmask(2)",
    "sigwaitinfo(2)", "stat(2)",
    "truncate(2)", "umask(2)", "unlink(2)", "waitid(2)", "write(2)",
})  # fmt: skip
"""The pages whose rules the model has though no suite lists their clauses yet."""
