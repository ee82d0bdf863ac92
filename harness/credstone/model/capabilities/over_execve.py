"""The capability sets in a new program: capabilities(7), "Transformation of capabilities during execve()".

With the two parts that follow it, on programs of root, and with "Namespaced file capabilities".
"""

from __future__ import annotations

import msgspec

from credstone.model.caller import Moment
from credstone.model.capabilities.uid_changes import KEEP_CAPS, NOROOT
from credstone.model.since import FILE_CAPABILITIES_OF_A_ROOT
from credstone.model.subjects import PERMITTED
from credstone.words.credential import Capabilities
from credstone.words.scenario import File, FileCapabilities


class Given(msgspec.Struct, frozen=True):
    """What the file, and being root, give to the new program, before the ambient capabilities.

    ``attached`` says whether the file has capabilities that count, be they none; ``effective`` whether all that is
    permitted comes into effect; ``missing`` are those without which the file must not run.
    """

    permitted: int
    effective: bool
    attached: bool
    missing: int


def powers_of_file(now: Moment, file: File, uid: int, works: bool) -> Given:
    """What a file gives to a program with this effective uid.  ``works``: set-id bits mean something where it lies."""
    sets = now.credential.capabilities
    attached = _file_capabilities(now, file, works)
    own = attached or FileCapabilities()
    forced = now.rule(own.permitted, "capabilities(7)/file-permitted", of=("answer", *PERMITTED))
    forced = now.rule(
        forced & sets.bounding, "capabilities(7)/bounding-masks-file-permitted", of=("answer", *PERMITTED)
    )
    allowed = now.rule(
        own.inheritable & sets.inheritable,
        "capabilities(7)/file-inheritable",
        "capabilities(7)/bounding-spares-file-inheritable",
        of=("answer", *PERMITTED),
    )
    missing = own.permitted & ~(forced | allowed) if own.effective else 0
    permitted, effective = forced | allowed, own.effective
    root = now.rule(now.namespace.uid(0), "capabilities(7)/set-user-ID-root-of-the-namespace", of=PERMITTED)
    if _counts_as_root(now, root, uid, attached):
        missing = now.rule(missing, "capabilities(7)/dumb-for-root", of="answer")
        permitted = now.rule(
            sets.inheritable | sets.bounding,
            "capabilities(7)/root-has-all",
            "capabilities(7)/bounding-masks-root",
            of=PERMITTED,
        )
        effective = now.rule(effective or uid == root, "capabilities(7)/root-effective", of="effective capabilities")
    elif attached is not None and own.effective:
        effective = now.rule(True, "capabilities(7)/file-effective", of="effective capabilities")
        missing = now.rule(missing, "capabilities(7)/dumb-and-short", of="answer")
    elif attached is not None:
        effective = now.rule(False, "capabilities(7)/file-without-effective", of="effective capabilities")
        missing = now.rule(missing, "capabilities(7)/only-effective-is-dumb", of="answer")
    return Given(permitted, effective, attached is not None, missing)


def _counts_as_root(now: Moment, root: int | None, uid: int, attached: FileCapabilities | None) -> bool:
    """Whether the sets of the file are taken for all ones: "Capabilities and execution of programs by root"."""
    real = now.credential.uid.real
    if root not in (real, uid):
        return False
    if now.credential.securebits & NOROOT:
        return now.rule(False, "capabilities(7)/NOROOT", of=PERMITTED)
    if uid == root != real:
        if attached is None:
            return now.rule(True, "capabilities(7)/set-user-ID-root", of=PERMITTED)
        honoured = now.rule(True, "capabilities(7)/set-user-ID-root-with-capabilities", of=PERMITTED)
        if not (attached.permitted or attached.inheritable):
            honoured = now.rule(honoured, "capabilities(7)/set-user-ID-root-with-none", of=PERMITTED)
        return not honoured
    return now.rule(True, "capabilities(7)/real-or-effective-uid-0", of=PERMITTED)


def _file_capabilities(now: Moment, file: File, works: bool) -> FileCapabilities | None:
    """The capabilities of the file that count for the caller: None where it has none, or they are ignored."""
    attached = file.capabilities
    if attached is None:
        return None
    attached = now.rule(
        attached if works else None,
        "capabilities(7)/ignored-like-set-id-bits",
        of=("permitted capabilities", "effective capabilities", "ambient capabilities"),
    )
    if attached is not None and attached.rootid is not None:
        now.refuse("ERANGE", "capabilities(7)/version-3-for-its-root", not now.system.has(FILE_CAPABILITIES_OF_A_ROOT))
    if attached is not None and now.credential.no_new_privs:
        attached = now.rule(attached, "capabilities(7)/ignored-under-no_new_privs", of=PERMITTED)
    if attached is None:
        return None
    if attached.rootid is None:
        counts = now.rule(True, "capabilities(7)/version-2-in-every-namespace", of=PERMITTED)
    else:
        counts = now.rule(
            _is_root_here(now, attached.rootid),
            "capabilities(7)/version-3-for-its-root",
            of=("permitted capabilities", "effective capabilities", "ambient capabilities"),
        )
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


def new_sets(now: Moment, given: Given, permitted: int, changed: bool) -> Capabilities:
    """The five sets of the new program.

    ``permitted`` is what was given, or what no_new_privs leaves of it; ``changed`` says whether an id changed.
    """
    old = now.credential.capabilities
    ambient = now.rule(
        0 if changed else old.ambient,
        "capabilities(7)/ambient-and-set-id",
        of=("permitted capabilities", "effective capabilities", "ambient capabilities"),
    )
    if given.attached:
        ambient = now.rule(
            0,
            "capabilities(7)/ambient-and-file-capabilities",
            of=("permitted capabilities", "effective capabilities", "ambient capabilities"),
        )
    ambient = now.rule(
        ambient,
        "capabilities(7)/ambient-over-execve",
        of=("permitted capabilities", "effective capabilities", "ambient capabilities"),
    )
    if not given.attached and not given.permitted:
        permitted = now.rule(permitted, "capabilities(7)/plain-program-clears", of="permitted capabilities")
    permitted |= ambient
    effective = permitted if given.effective else ambient
    inheritable = now.rule(old.inheritable, "capabilities(7)/inheritable-over-execve", of="inheritable capabilities")
    bounding = now.rule(old.bounding, "capabilities(7)/bounding-over-execve", of="bounding capabilities")
    return Capabilities(inheritable, permitted, effective, bounding, ambient)


def new_flags(now: Moment) -> tuple[int, bool]:
    """The securebits of the new program, and whether it keeps capabilities."""
    kept = now.rule(
        False,
        "capabilities(7)/KEEP_CAPS-over-execve",
        "prctl(2)/PR_SET_KEEPCAPS-over-execve",
        of=("securebits", "keep_caps"),
    )
    bits = now.rule(now.credential.securebits & ~KEEP_CAPS, "capabilities(7)/securebits-over-execve", of="securebits")
    return bits | (KEEP_CAPS if kept else 0), kept
