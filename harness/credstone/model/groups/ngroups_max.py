"""How many groups there can be: sysconf(3), <limits.h> and /proc/sys/kernel/ngroups_max, as getgroups(2) promises."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.moment import Moment
from credstone.model.rules import Rules, rule

IN_LIMITS_H = 65536
"""NGROUPS_MAX of <limits.h>, since Linux 2.6.4."""


def sysconf(now: Moment, name: str) -> Rules:
    """long sysconf(int name)."""
    if name != "_SC_NGROUPS_MAX":
        raise NotModelled(f"it does not know the variable {name}")
    return now.answers((yield rule("getgroups(2)/sysconf", now.system.ngroups_max)))


def header_constant(now: Moment, name: str) -> Rules:
    """A constant that the headers of the C library define."""
    if name == "SIGRTMIN":
        return now.answers((yield rule("nptl(7)/SIGRTMIN", 35 if now.system.libc == "musl" else 34)))
    if name != "NGROUPS_MAX":
        raise NotModelled(f"it does not know the constant {name}")
    return now.answers((yield rule("getgroups(2)/limits-h", IN_LIMITS_H)))
