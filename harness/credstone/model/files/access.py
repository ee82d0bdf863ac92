"""access(2): what the real ids would be granted, which the effective ones need not be."""

from __future__ import annotations

from credstone.model.arguments import as_int
from credstone.model.caller import Moment
from credstone.model.capabilities.uid_changes import NO_SETUID_FIXUP
from credstone.model.commit import replace
from credstone.model.files.paths import lookup, walk
from credstone.model.files.permissions import EXECUTE, READ, WRITE, may
from credstone.model.rules import Outcome, Page
from credstone.model.since import FACCESSAT_FLAGS, Unknown
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Credential

EFFECTIVE = CONSTANTS["AT_EACCESS"]
NO_FOLLOW, EMPTY_PATH = 0x100, 0x1000
BITS = READ | WRITE | EXECUTE

ACCESS = Page(success=("access(2)/returns-zero",), failure=("access(2)/error-minus-one",))


def access(now: Moment, path: str, mode: int) -> Outcome:
    """int access(const char *path, int mode)."""
    return faccessat(now, path, mode, 0)


def faccessat(now: Moment, path: str, mode: int, flags: int) -> Outcome:
    """int faccessat(AT_FDCWD, const char *path, int mode, int flags)."""
    if flags and not now.system.has(FACCESSAT_FLAGS):
        if now.api != "syscall":
            raise Unknown(f"{FACCESSAT_FLAGS}, and what a C library makes of them before that is its own")
        now.refuse("ENOSYS", "access(2)/AT_EACCESS", True)
    mode, flags = as_int(mode), as_int(flags)
    now.refuse("EINVAL", "access(2)/EINVAL-mode", bool(mode & ~BITS))
    now.refuse("EINVAL", "access(2)/EINVAL-flags", bool(flags & ~(EFFECTIVE | NO_FOLLOW | EMPTY_PATH)))
    effective = now.rule(now.credential, "access(2)/AT_EACCESS", of="answer") if flags & EFFECTIVE else None
    if effective is not None:
        # Linux does not take the effective ids: it takes the credential as it is, with its filesystem ids.
        who = now.rule(effective, "access(2)/AT_EACCESS-takes-the-filesystem-ids", of="answer")
    else:
        who = _as_real(now)
    walk(now, path, now.rule(who, "access(2)/search-permission", of="answer"))
    file = lookup(now.world, path)
    now.refuse("ENOENT", "access(2)/ENOENT", file is None)
    now.refuse("ENOTDIR", "open(2)/ENOTDIR", file is not None and path.endswith("/") and file.kind != "folder")
    rights = now.rule([mode & right for right in (READ, WRITE, EXECUTE)], "access(2)/each-right", of="answer")
    assert file is not None
    allowed = may(now, file, sum(rights), who)
    if mode & EXECUTE:
        allowed = now.rule(allowed, "access(2)/X_OK-of-root", of="answer")
    if not mode:
        allowed = now.rule(True, "access(2)/F_OK", of="answer")
    now.refuse("EACCES", "access(2)/EACCES", not allowed)
    return now.answers()


def _as_real(now: Moment) -> Credential:
    """The caller as its real ids make it."""
    old = now.credential
    uid = now.rule(old.uid.real, "access(2)/real-uid", of="answer")
    gid = now.rule(old.gid.real, "access(2)/real-gid", of="answer")
    root = now.rule(now.namespace.uid(0), "access(2)/linux/root-of-the-namespace", of="answer")
    if old.securebits & NO_SETUID_FIXUP:
        effective = now.rule(old.capabilities.effective, "access(2)/linux/NO_SETUID_FIXUP", of="answer")
    elif uid == root:
        effective = now.rule(old.capabilities.permitted, "access(2)/root-by-permitted", of="answer")
    else:
        effective = now.rule(0, "access(2)/others-without-capabilities", of="answer")
    who = replace(
        old,
        uid=replace(old.uid, filesystem=uid),
        gid=replace(old.gid, filesystem=gid),
        capabilities=replace(old.capabilities, effective=effective),
    )
    return now.rule(who, "access(2)/linux/filesystem-ids-are-not-asked", "access(2)/invoking-user", of="answer")
