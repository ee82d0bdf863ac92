"""The calls that only prepare or look, and are not regular: each with the text of the C expression that makes it.

A text has a hole for each argument.  It gives a number, or, where it starts with ``=``, the answer as a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from credstone.repro.c.values import Where, constant, descriptor, ident, octal, path, pid
from credstone.words.call import Argument, Call, Text


def socket_name(value: Argument, where: Where) -> str:
    """A name of the abstract namespace that no other program has."""
    name = value.text if isinstance(value, Text) else str(value)
    return path(Text(f"repro-$pid-{name}"), where)


_KINDS: dict[str, Callable[[Argument, Where], str]] = {
    "p": path, "s": socket_name, "m": octal, "i": ident, "t": pid, "d": descriptor, "n": constant,
}  # fmt: skip
"""What an argument is: a path or text, a mode, an id, a process (task), a descriptor, a number or constant."""

_TEXTS = {
    "accept": "=accepted()",
    "connect s": "=meet({}, false)",
    "getsockopt n": "=peer({})",
    "listen s": "=meet({}, true)",
    "recvmsg": "=receive_byte()",
    "sendmsg": "=send_byte(NULL)",
    "sendmsg ntii": "=send_byte(&(struct ucred) {{ {1}, {2}, {3} }})",
    "socketpair": "=make_pair()",
    "abort": "(abort(), 0)",
    "constant n": "{}",
    "faccessat pnn": "raw_faccessat({}, {}, {})",
    "getauxval n": "getauxval({})",
    "hold p": "=hold({})",
    "ioctl dn": "=owner_of({0})",
    "ioctl dnp": "=related({}, {}, {})",
    "left_behind": "left_behind",
    "msgctl n": "=control_queue({})",
    "msgctl nii": "=give_queue({1}, {2})",
    "msgget m": "=make_queue({})",
    "msgsnd": 'msgsnd(shared->queue, &(struct {{ long type; char text[1]; }}) {{ 1, "x" }}, 1, IPC_NOWAIT)',
    "open pn": "=opened({}, {}, 0600)",
    "open pnm": "=opened({}, {}, {})",
    "pause": "pause()",
    "pause n": "pause_on_a_small_stack()",
    "pidfd_send_signal tn": "=signal_by_descriptor({}, {})",
    "prlimit tnn": "=soft_limit({}, {}, {})",
    "process_vm_readv t": "=read_memory({})",
    "pthread_kill n": "(errno = pthread_kill(pthread_self(), {})) ? -1 : 0",
    "ptrace n": "ptrace({}, 0, NULL, NULL)",
    "ptrace nt": "=trace({}, {})",
    "pwrite ppn": "=write_at(pwrite, {}, {}, {})",
    "read p": "=content({})",
    "read_pipe": "read(pipe_of_all[0], &(char) {{ 0 }}, 1)",
    "same_namespace pp": "=same({}, {})",
    "sched_setaffinity t": "=set_affinity({})",
    "sched_setscheduler tn": "syscall(SYS_sched_setscheduler, {}, {}, &(struct sched_param) {{ 0 }})",
    "setns dn": "=join({}, {})",
    "setrlimit nn": "=soft_limit(0, {}, {})",
    "sigaction nn": "sigaction({}, &(struct sigaction) {{ .sa_handler = {} }}, NULL)",
    "sigprocmask nn": "=mask_signals({}, {})",
    "sigqueue tn": "sigqueue({}, {}, (union sigval) {{ 0 }})",
    "sigwaitinfo n": "=sender_of({})",
    "stat p": "=owner_and_mode({})",
    "tgkill tn": "syscall(SYS_tgkill, {0}, {0}, {1})",
    "utimensat p": "utimensat(AT_FDCWD, {}, NULL, 0)",
    "utimensat pn": "utimensat(AT_FDCWD, {0}, (struct timespec[]) {{ {{ {1}, 0 }}, {{ {1}, 0 }} }}, 0)",
    "waitid t": "=ended({})",
    "write pp": "write_once({}, {})",
    "write ppn": "=write_at(write_behind, {}, {}, {})",
    "write_pipe": 'write(pipe_of_all[1], "", 1)',
}


SHARED = frozenset({
    "accept", "connect", "getsockopt", "listen", "recvmsg", "sendmsg", "socketpair", "msgget", "msgctl", "msgsnd",
})  # fmt: skip
"""Calls for which a program has to know who is who, even where there is nobody but main."""


def answer(call: Call, where: Where) -> str:
    """The expression for a call, empty if this table has none."""
    if call.name == "write" and len(call.arguments) == 2 and isinstance(call.arguments[1], Text):
        content = call.arguments[1].text
        if "\0" in content:
            to, text = (path(each, where) for each in call.arguments)
            return f"number(write_bytes({to}, {text}, {len(content)}))"
    for shape, form in _TEXTS.items():
        name, _, kinds = shape.partition(" ")
        if name == call.name and len(kinds) == len(call.arguments) and not call.keywords:
            given = [_KINDS[kind](each, where) for kind, each in zip(kinds, call.arguments, strict=True)]
            made = form.format(*given)
            return made[1:] if made.startswith("=") else f"number({_grouped(made)})"
    return ""


def _grouped(made: str) -> str:
    """In parentheses where a comma or a question mark outside of a call could be misread."""
    return f"({made})" if re.search(r" \? ", made) else made
