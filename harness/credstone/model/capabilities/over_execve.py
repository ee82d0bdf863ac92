"""The capability sets in a new program: capabilities(7), "Transformation of capabilities during execve()".

With the two parts that follow it, on programs of root, and with "Namespaced file capabilities".
"""

from __future__ import annotations

import msgspec

from credstone.model.capabilities.uid_changes import KEEP_CAPS, NOROOT
from credstone.model.moment import Moment
from credstone.model.rules import Choosing, refuse, rule
from credstone.model.since import FILE_CAPABILITIES_OF_A_ROOT
from credstone.words.credential import Capabilities
from credstone.words.scenario import File, FileCapabilities

PAGE = "capabilities(7)/"


class Given(msgspec.Struct, frozen=True):
    """What the file, and being root, give to the new program, before the ambient capabilities.

    ``attached`` says whether the file has capabilities that count, be they none; ``effective`` whether all that is
    permitted comes into effect; ``missing`` are those without which the file must not run.
    """

    permitted: int
    effective: bool
    attached: bool
    missing: int


def given_by(now: Moment, file: File, uid: int, works: bool) -> Choosing:
    """What a file gives to a program with this effective uid.  ``works``: set-id bits mean something where it lies."""
    sets = now.credential.capabilities
    attached = yield from _attached(now, file, works)
    own = attached or FileCapabilities()
    forced = yield rule(PAGE + "file-permitted", own.permitted)
    forced = yield rule(PAGE + "bounding-masks-file-permitted", forced & sets.bounding)
    allowed = yield rule(PAGE + "file-inheritable", own.inheritable & sets.inheritable)
    allowed = yield rule(PAGE + "bounding-spares-file-inheritable", allowed)
    missing = own.permitted & ~(forced | allowed) if own.effective else 0
    permitted, effective = forced | allowed, own.effective
    root = yield rule(PAGE + "set-user-ID-root-of-the-namespace", now.namespace.uid(0))
    if (yield from _counts_as_root(now, root, uid, attached)):
        missing = yield rule(PAGE + "dumb-for-root", missing)
        permitted = yield rule(PAGE + "root-has-all", sets.inheritable | sets.bounding)
        permitted = yield rule(PAGE + "bounding-masks-root", permitted)
        effective = yield rule(PAGE + "root-effective", effective or uid == root)
    elif attached is not None and own.effective:
        effective = yield rule(PAGE + "file-effective", True)
        missing = yield rule(PAGE + "dumb-and-short", missing)
    elif attached is not None:
        effective = yield rule(PAGE + "file-without-effective", False)
        missing = yield rule(PAGE + "only-effective-is-dumb", missing)
    return Given(permitted, effective, attached is not None, missing)


def _counts_as_root(now: Moment, root: int | None, uid: int, attached: FileCapabilities | None) -> Choosing:
    """Whether the sets of the file are taken for all ones: "Capabilities and execution of programs by root"."""
    real = now.credential.uid.real
    if root not in (real, uid):
        return False
    if now.credential.securebits & NOROOT:
        return (yield rule(PAGE + "NOROOT", False))
    if uid == root != real:
        if attached is None:
            return (yield rule(PAGE + "set-user-ID-root", True))
        honoured = yield rule(PAGE + "set-user-ID-root-with-capabilities", True)
        if not (attached.permitted or attached.inheritable):
            honoured = yield rule(PAGE + "set-user-ID-root-with-none", honoured)
        return not honoured
    return (yield rule(PAGE + "real-or-effective-uid-0", True))


def _attached(now: Moment, file: File, works: bool) -> Choosing:
    """The capabilities of the file that count for the caller: None where it has none, or they are ignored."""
    attached = file.capabilities
    if attached is None:
        return None
    attached = yield rule(PAGE + "ignored-like-set-id-bits", attached if works else None)
    if attached is not None and attached.rootid is not None:
        yield refuse("ERANGE", PAGE + "version-3-for-its-root", not now.system.has(FILE_CAPABILITIES_OF_A_ROOT))
    if attached is not None and now.credential.no_new_privs:
        attached = yield rule(PAGE + "ignored-under-no_new_privs", attached)
    if attached is None:
        return None
    if attached.rootid is None:
        counts = yield rule(PAGE + "version-2-in-every-namespace", True)
    else:
        counts = yield rule(PAGE + "version-3-for-its-root", _is_root_here(now, attached.rootid))
    return attached if counts else None


def _is_root_here(now: Moment, rootid: int) -> bool:
    """Whether this kernel uid is 0 in the caller's user namespace or one above."""
    number = now.task.namespace
    while number >= 0:
        namespace = now.world.namespaces[number]
        if namespace.uid(0) == rootid:
            return True
        number = namespace.parent
    return False


def new_sets(now: Moment, given: Given, permitted: int, changed: bool) -> Choosing:
    """The five sets of the new program.

    ``permitted`` is what was given, or what no_new_privs leaves of it; ``changed`` says whether an id changed.
    """
    old = now.credential.capabilities
    ambient = yield rule(PAGE + "ambient-and-set-id", 0 if changed else old.ambient)
    if given.attached:
        ambient = yield rule(PAGE + "ambient-and-file-capabilities", 0)
    ambient = yield rule(PAGE + "ambient-over-execve", ambient)
    if not given.attached and not given.permitted:
        permitted = yield rule(PAGE + "plain-program-clears", permitted)
    permitted |= ambient
    effective = permitted if given.effective else ambient
    inheritable = yield rule(PAGE + "inheritable-over-execve", old.inheritable)
    bounding = yield rule(PAGE + "bounding-over-execve", old.bounding)
    return Capabilities(inheritable, permitted, effective, bounding, ambient)


def new_flags(now: Moment) -> Choosing:
    """The securebits of the new program, and whether it keeps capabilities."""
    kept = yield rule(PAGE + "KEEP_CAPS-over-execve", False)
    kept = yield rule("prctl(2)/PR_SET_KEEPCAPS-over-execve", kept)
    bits = yield rule(PAGE + "securebits-over-execve", now.credential.securebits & ~KEEP_CAPS)
    return bits | (KEEP_CAPS if kept else 0), kept
