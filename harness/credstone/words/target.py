"""What the name of a target tells: what is tested, and how that is run."""

from __future__ import annotations

DEFAULTS = "defaults"
"""The name of no posture at all."""
_KERNEL, _EMULATED = "kernel", "qemu-user"
"""Kinds of targets: a path may have any character in it; what holds for an emulated ABI need not hold for another."""


def without_posture(target: str) -> str:
    """What is tested: ``image:debian-12`` of ``image:debian-12+user+groups``, ``qemu-user`` of ``qemu-user:s390x``."""
    return _parted(target)[0]


def posture_of(target: str) -> str:
    """How it is run: ``user+groups``, the ABI for which something is emulated; ``defaults`` where the name tells nothing."""
    return _parted(target)[1] or DEFAULTS


def postures_of(target: str) -> frozenset[str]:
    """The same, one by one."""
    return frozenset(posture_of(target).split("+"))


def _parted(target: str) -> tuple[str, str]:
    kind, _, name = target.partition(":")
    if kind == _KERNEL:
        return target, ""
    if kind == _EMULATED:
        return kind, name
    what, _, posture = target.partition("+")
    return what, posture
