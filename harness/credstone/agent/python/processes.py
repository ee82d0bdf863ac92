"""Plumbing: signals, ends of processes, and what one process may do to another."""

import errno
import os
import signal
import struct
from contextlib import suppress
from typing import NoReturn, Union

import kernel
import small_stack
from memory import MAIN, numbers
from refused import Refused
from rows import Rows

_PATIENCE = 1.0  # seconds that sigwaitinfo waits
_WALL, _WNOTHREAD = 0x40000000, 0x20000000  # of <sys/wait.h>
_IOPRIO_WHO_PROCESS, _BEST_EFFORT_4 = 1, 2 << 13 | 4
_PTRACE_TRACEME, _PTRACE_CONT, _PTRACE_ATTACH, _PTRACE_DETACH, _PTRACE_INTERRUPT = 0, 7, 16, 17, 0x4207
_READABLE = kernel.Buffer(b"x")  # at the same address in every process of a cell

tracing = False  # whether a thread of this process traces somebody


class Leaves(BaseException):
    """Who performs this line ends by itself after it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _exit(status: int) -> NoReturn:
    raise Leaves(status)


def _pidfd_send_signal(pid: int, number: int) -> int:
    descriptor = kernel.call("pidfd_open", pid, 0)
    try:
        return kernel.call("pidfd_send_signal", descriptor, number, 0, 0)
    finally:
        os.close(descriptor)


def _sigprocmask(how: int, number: Union[int, str]) -> int:
    """For the calling thread.  ``all`` as the C library fills a set."""
    return kernel.signal_mask(how, None if number == "all" else int(number))


def _sigwaitinfo(number: int) -> int:
    found = signal.sigtimedwait([number], _PATIENCE)
    if found is None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return found.si_uid


def _waitid(pid: int) -> int:
    found = os.waitid(os.P_PID, pid, os.WEXITED)
    assert found is not None  # it waits
    return found.si_uid


def _pause(where: str = "") -> None:
    """Never answers."""
    if where:
        small_stack.pause()
    while True:
        signal.pause()


def _prlimit(pid: int, resource: int, soft: int) -> int:
    """The soft limit alone; that of the kernel, because Python's module makes ValueError of some failures."""
    limits = kernel.Buffer(16)
    kernel.call("prlimit64", pid, resource, 0, limits.address)
    hard = limits.bytes()[8:]
    wanted = kernel.Buffer(struct.pack("Q", soft & (1 << 64) - 1) + hard)
    return kernel.call("prlimit64", pid, resource, wanted.address, 0)


def _trace(request: int, pid: int) -> int:
    return kernel.library("ptrace", request, pid, None, None)


def _ptrace(request: int, pid: int = 0) -> None:
    """One that is attached stops, and is let go on; one that is left must have stopped."""
    global tracing
    if request == _PTRACE_TRACEME and os.getpid() == numbers[MAIN]:
        raise Refused("agent: main cannot ask to be traced: its parent is the agent")
    if request == _PTRACE_DETACH:
        _stop(pid)
    _trace(request, pid)
    tracing = True
    if request == _PTRACE_ATTACH:
        os.waitpid(pid, _WALL)
        _trace(_PTRACE_CONT, pid)


def _stop(pid: int) -> None:
    """Nothing if we do not trace it: then ptrace says so itself."""
    try:
        _trace(_PTRACE_INTERRUPT, pid)
    except OSError as error:
        if error.errno != errno.EIO:  # that is what a tracee that was not seized answers
            return
        os.kill(pid, signal.SIGSTOP)
    os.waitpid(pid, _WALL)


def let_tracees_go_on() -> None:
    """Whoever this thread traces and has stopped goes on; a signal that stopped it is delivered."""
    options = os.WSTOPPED | os.WNOHANG | _WALL | _WNOTHREAD
    with suppress(ChildProcessError):
        while True:
            found = os.waitid(os.P_ALL, 0, options)
            if found is None:
                return
            number = found.si_status & 0xFF
            event = found.si_status >> 8 or number == signal.SIGTRAP
            kernel.library("ptrace", _PTRACE_CONT, found.si_pid, None, 0 if event else number)


def _sched_setscheduler(pid: int, policy: int) -> None:
    os.sched_setscheduler(pid, policy, os.sched_param(os.sched_get_priority_min(policy)))


def read_one_byte(pid: int) -> int:
    """process_vm_readv(2) of one byte that is there in every process of the cell."""
    byte = kernel.Buffer(1)
    here = kernel.Buffer(struct.pack("PP", byte.address, 1))
    there = kernel.Buffer(struct.pack("PP", _READABLE.address, 1))
    kernel.read_memory(pid, here.address, there.address)
    return 0


def _setrlimit(resource: int, soft: int) -> int:
    return _prlimit(0, resource, soft)


ROWS: Rows = {
    "pause": _pause,
    "exit": _exit,
    "tgkill": lambda pid, number: kernel.call("tgkill", pid, pid, number),
    "sigqueue": lambda pid, number: kernel.library("sigqueue", pid, number, None),
    "pidfd_send_signal": _pidfd_send_signal,
    "sigprocmask": _sigprocmask,
    "sigwaitinfo": _sigwaitinfo,
    "waitid": _waitid,
    "setrlimit": _setrlimit,
    "prlimit": _prlimit,
    "ptrace": _ptrace,
    "sched_setscheduler": _sched_setscheduler,
    "sched_setaffinity": lambda pid: os.sched_setaffinity(pid, os.sched_getaffinity(pid)),
    "ioprio_set": lambda pid: kernel.call("ioprio_set", _IOPRIO_WHO_PROCESS, pid, _BEST_EFFORT_4),
    "process_vm_readv": read_one_byte,
}
