"""access(2): what the real ids would be granted, which the effective ones need not be."""

from __future__ import annotations

from credstone.model.capabilities import NO_SETUID_FIXUP
from credstone.model.commit import replace
from credstone.model.moment import Moment
from credstone.model.paths import reach
from credstone.model.permissions import may
from credstone.model.rules import Choosing, Page, Rules, refuse, rule
from credstone.words.constants import CONSTANTS

EFFECTIVE = CONSTANTS["AT_EACCESS"]
NO_FOLLOW, EMPTY_PATH = 0x100, 0x1000
BITS = 7

ACCESS = Page(
    success=("access(2)/returns-zero",),
    failure=("access(2)/error-minus-one",),
)


def access(now: Moment, path: str, mode: int) -> Rules:
    """int access(const char *path, int mode)."""
    return (yield from faccessat(now, path, mode, 0))


def faccessat(now: Moment, path: str, mode: int, flags: int) -> Rules:
    """int faccessat(AT_FDCWD, const char *path, int mode, int flags)."""
    yield refuse("EINVAL", "access(2)/EINVAL-mode", bool(mode & ~BITS))
    yield refuse("EINVAL", "access(2)/EINVAL-flags", bool(flags & ~(EFFECTIVE | NO_FOLLOW | EMPTY_PATH)))
    who = yield from _as_real(now)
    if flags & EFFECTIVE:
        # Linux does not take the effective ids: it takes the credential as it is, with the filesystem ids.
        who = yield rule("access(2)/AT_EACCESS", now.credential)
        who = yield rule("access(2)/linux/AT_EACCESS-takes-the-filesystem-ids", who)
    file = yield from reach(now, path, who)
    allowed = yield from may(now, file, mode, who)
    allowed = yield rule("access(2)/F_OK", allowed or not mode)
    allowed = yield rule("access(2)/all-bits-are-needed", allowed)
    yield refuse("EACCES", "access(2)/EACCES", not allowed)
    return now.answers()


def _as_real(now: Moment) -> Choosing:
    """The caller as its real ids make it."""
    old = now.credential
    uid = yield rule("access(2)/real-uid", old.uid.real)
    gid = yield rule("access(2)/real-gid", old.gid.real)
    effective, root = old.capabilities.effective, now.namespace.uid(0)
    if not old.securebits & NO_SETUID_FIXUP:
        effective = yield rule("access(2)/root-by-permitted", old.capabilities.permitted)
        if uid != root:
            effective = yield rule("access(2)/others-without-capabilities", 0)
    effective = yield rule("access(2)/linux/NO_SETUID_FIXUP", effective)
    return replace(
        old,
        uid=replace(old.uid, filesystem=uid),
        gid=replace(old.gid, filesystem=gid),
        capabilities=replace(old.capabilities, effective=effective),
    )
