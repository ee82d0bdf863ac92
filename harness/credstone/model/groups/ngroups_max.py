"""How many groups there can be: sysconf(3), <limits.h> and /proc/sys/kernel/ngroups_max, as getgroups(2) promises."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.caller import Moment
from credstone.model.rules import Outcome

IN_LIMITS_H = 65536
"""NGROUPS_MAX of <limits.h>, since Linux 2.6.4."""


def sysconf(now: Moment, name: str) -> Outcome:
    """long sysconf(int name)."""
    if name != "_SC_NGROUPS_MAX":
        raise NotModelled(f"it does not know the variable {name}")
    return now.answers(now.rule(now.system.ngroups_max, "getgroups(2)/sysconf", of="answer"))


def header_constant(now: Moment, name: str) -> Outcome:
    """A constant that the headers of the C library define."""
    if name == "SIGRTMIN":
        return now.answers(now.rule(35 if now.system.libc == "musl" else 34, "nptl(7)/SIGRTMIN", of="answer"))
    if name != "NGROUPS_MAX":
        raise NotModelled(f"it does not know the constant {name}")
    return now.answers(now.rule(IN_LIMITS_H, "getgroups(2)/limits-h", of="answer"))
