"""access(2): what the real ids would be granted, which the effective ones need not be."""

from __future__ import annotations

from credstone.model.arguments import as_int
from credstone.model.capabilities.uid_changes import NO_SETUID_FIXUP
from credstone.model.commit import replace
from credstone.model.files.paths import lookup, walk
from credstone.model.files.permissions import EXECUTE, READ, WRITE, may
from credstone.model.moment import Moment
from credstone.model.rules import Choosing, Page, Rules, refuse, rule
from credstone.model.since import FACCESSAT_FLAGS, Unknown
from credstone.words.constants import CONSTANTS

EFFECTIVE = CONSTANTS["AT_EACCESS"]
NO_FOLLOW, EMPTY_PATH = 0x100, 0x1000
BITS = READ | WRITE | EXECUTE

ACCESS = Page(success=("access(2)/returns-zero",), failure=("access(2)/error-minus-one",))


def access(now: Moment, path: str, mode: int) -> Rules:
    """int access(const char *path, int mode)."""
    return (yield from faccessat(now, path, mode, 0))


def faccessat(now: Moment, path: str, mode: int, flags: int) -> Rules:
    """int faccessat(AT_FDCWD, const char *path, int mode, int flags)."""
    if flags and not now.system.has(FACCESSAT_FLAGS):
        if now.api != "syscall":
            raise Unknown(f"{FACCESSAT_FLAGS}, and what a C library makes of them before that is its own")
        yield refuse("ENOSYS", "access(2)/AT_EACCESS", True)
    mode, flags = as_int(mode), as_int(flags)
    yield refuse("EINVAL", "access(2)/EINVAL-mode", bool(mode & ~BITS))
    yield refuse("EINVAL", "access(2)/EINVAL-flags", bool(flags & ~(EFFECTIVE | NO_FOLLOW | EMPTY_PATH)))
    effective = (yield rule("access(2)/AT_EACCESS", now.credential)) if flags & EFFECTIVE else None
    if effective is not None:
        # Linux does not take the effective ids: it takes the credential as it is, with its filesystem ids.
        who = yield rule("access(2)/AT_EACCESS-takes-the-filesystem-ids", effective)
    else:
        who = yield from _as_real(now)
    yield from walk(now, path, (yield rule("access(2)/search-permission", who)))
    file = lookup(now.world, path)
    yield refuse("ENOENT", "access(2)/ENOENT", file is None)
    yield refuse("ENOTDIR", "open(2)/ENOTDIR", file is not None and path.endswith("/") and file.kind != "folder")
    rights = yield rule("access(2)/each-right", [mode & right for right in (READ, WRITE, EXECUTE)])
    assert file is not None
    allowed = yield from may(now, file, sum(rights), who)
    if mode & EXECUTE:
        allowed = yield rule("access(2)/X_OK-of-root", allowed)
    if not mode:
        allowed = yield rule("access(2)/F_OK", True)
    yield refuse("EACCES", "access(2)/EACCES", not allowed)
    return now.answers()


def _as_real(now: Moment) -> Choosing:
    """The caller as its real ids make it."""
    old = now.credential
    uid = yield rule("access(2)/real-uid", old.uid.real)
    gid = yield rule("access(2)/real-gid", old.gid.real)
    root = yield rule("access(2)/linux/root-of-the-namespace", now.namespace.uid(0))
    if old.securebits & NO_SETUID_FIXUP:
        effective = yield rule("access(2)/linux/NO_SETUID_FIXUP", old.capabilities.effective)
    elif uid == root:
        effective = yield rule("access(2)/root-by-permitted", old.capabilities.permitted)
    else:
        effective = yield rule("access(2)/others-without-capabilities", 0)
    who = replace(
        old,
        uid=replace(old.uid, filesystem=uid),
        gid=replace(old.gid, filesystem=gid),
        capabilities=replace(old.capabilities, effective=effective),
    )
    who = yield rule("access(2)/linux/filesystem-ids-are-not-asked", who)
    return (yield rule("access(2)/invoking-user", who))
