"""Errata: where a page and Linux contradict each other, what the page says.

The rules of the model follow Linux.  For a clause with an erratum this table has the rule as the page words it, so that
a target that takes the page's side is recognised: it is no failure, and the report says which side it took.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from credstone.model.files.ownership import SET_GID, SET_UID
from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.moment import given
from credstone.model.rules import Context, Decision, Mutant, Refusal, Rule
from credstone.model.world import NO_ID, Peer
from credstone.words.capability import CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN
from credstone.words.scenario import File


def page_says(clause: str, about: str, value: Callable[[Any, Context], Any]) -> Mutant:
    """The page's side of a decision; ``about`` is one sentence, ``value`` makes the page's value from Linux's."""

    def change(current: Rule, now: Context) -> Rule:
        return Decision(current.clause, value(current.value, now)) if isinstance(current, Decision) else current

    return Mutant(name=f"page:{clause}", clause=clause, about=about, change=change)


def page_answers(clause: str, about: str, errno: str) -> Mutant:
    """The page's side of a refusal, where only the errno differs."""

    def change(current: Rule, now: Context) -> Rule:
        return msgspec.structs.replace(current, errno=errno) if isinstance(current, Refusal) else current

    return Mutant(name=f"page:{clause}", clause=clause, about=about, change=change)


def page_refuses(clause: str, about: str, holds: Callable[[Context], bool]) -> Mutant:
    """The page's side of a refusal that holds where Linux has none."""

    def change(current: Rule, now: Context) -> Rule:
        if not isinstance(current, Refusal):
            return current
        return msgspec.structs.replace(current, holds=current.holds or holds(now))

    return Mutant(name=f"page:{clause}", clause=clause, about=about, change=change)


def _numbers(now: Context) -> tuple[Any, ...]:
    """The arguments, whichever API they came through."""
    first = now.arguments[0]
    return first if isinstance(first, tuple) else now.arguments


def _effective_unless_given(half: Half) -> Callable[[Any, Context], Any]:
    """The effective ID, also for a call that leaves it as it is."""

    def filesystem(linux: int, now: Context) -> int:
        numbers = _numbers(now)
        keeps = len(numbers) < 3 or numbers[1] & NO_ID == NO_ID
        return half.of(now.credential).effective if keeps else linux

    return filesystem


def _is_root_for_files(now: Context) -> bool:
    return now.credential.uid.filesystem == now.world.namespaces[now.task.namespace].uid(0)


def _with_effective_ids(who: Any, now: Context) -> Any:
    uid, gid = who.uid, who.gid
    return msgspec.structs.replace(
        who,
        uid=msgspec.structs.replace(uid, filesystem=uid.effective),
        gid=msgspec.structs.replace(gid, filesystem=gid.effective),
    )


def _mode(now: Context) -> int:
    """The mode of the file that a call names."""
    return next(file.mode for file in now.world.files if file.name == now.arguments[0])


def _executed(now: Context) -> File | None:
    """The file that is executed."""
    return next((file for file in now.world.files if file.name == now.arguments[0]), None)


def _has_set_id_bits(file: File | None) -> bool:
    return file is not None and bool(file.mode & (SET_UID | SET_GID))


def _is_privileged(file: File | None) -> bool:
    """Whether a file has set-id bits or capabilities, whatever they come to."""
    return file is not None and (_has_set_id_bits(file) or file.capabilities is not None)


PRCTL = (
    page_answers(
        "prctl(2)/PR_SET_SECUREBITS-unknown",
        "A second argument that is not valid for its option is EINVAL.",
        "EINVAL",
    ),
    page_says(
        "prctl(2)/PR_SET_PDEATHSIG-process",
        "The parent-death signal is the process's.",
        lambda moved, now: now.world.threads(now.task.process),
    ),
    page_says(
        "prctl(2)/PR_SET_PDEATHSIG-cleared-by-programs",
        "Every program with set-id bits or capabilities starts without a parent-death signal.",
        lambda signal, now: 0 if _is_privileged(_executed(now)) else signal,
    ),
)


CAPABILITIES = (
    page_says(
        "capabilities(7)/filesystem-uid-by-any-call",
        "Every call that changes the filesystem uid changes the capabilities that concern files.",
        lambda pair, now: (pair[1], pair[1]),
    ),
    page_says(
        "capabilities(7)/ambient-and-set-id",
        "Every program with set-id bits starts with nothing ambient.",
        lambda ambient, now: 0 if _has_set_id_bits(_executed(now)) else ambient,
    ),
    page_says(
        "capabilities(7)/ignored-under-no_new_privs",
        "Under no_new_privs a file with capabilities is a plain one.",
        lambda attached, now: None,
    ),
    page_says(
        "capabilities(7)/dumb-for-root",
        "What root has through its inheritable set is not missing.",
        lambda missing, now: missing & ~now.credential.capabilities.inheritable,
    ),
)


def _may_map_ids(may: bool, now: Context) -> bool:
    """Whether the writer of a map has the capability for these ids, or every one because it owns the namespace."""
    held = now.credential.capabilities.effective
    wanted = CAP_SETGID if str(now.arguments[0]).endswith("gid_map") else CAP_SETUID
    return bool(held & wanted) or (may and not held & CAP_SYS_ADMIN)


NAMESPACES = (
    page_says("user_namespaces(7)/nesting-limit", "32 levels can be nested.", lambda deepest, now: 32),
    page_says("user_namespaces(7)/nesting-limit-EUSERS", "The limit answers EUSERS.", lambda errno, now: "EUSERS"),
    page_says(
        "user_namespaces(7)/writer-CAP_SETUID", "A map takes CAP_SETUID or CAP_SETGID in the namespace.", _may_map_ids
    ),
    page_answers("user_namespaces(7)/map-by-pwrite", "A write with an offset is EINVAL.", "EINVAL"),
    page_says(
        "unshare(2)/NEWUSER-implies-CLONE_VM", "A process that shares its memory is refused.", lambda implies, now: True
    ),
    page_says("clone(2)/EINVAL-NEWUSER-and-PARENT", "The two flags do not go together.", lambda allowed, now: False),
    page_says(
        "user_namespaces(7)/setgroups-before-gid_map", "After gid_map the file is closed.", lambda late, now: False
    ),
)


def _who_listens(now: Context) -> Peer:
    """The process behind a name, as it is at this moment."""
    listener = next(each for each in now.world.listeners if each.name == now.arguments[0])
    who = now.world.task(listener.process).credential
    return Peer(who.uid.effective, who.gid.effective, who.groups)


FILES = (
    page_says("unix(7)/peer-of-a-server", "The peer has the credentials of the time of connect(2).",
              lambda peer, now: _who_listens(now)),
    page_says("credentials(7)/shared-resources-by-the-filesystem-gid",
              "The effective group ID decides over shared resources.", lambda gid, now: now.credential.gid.effective),
    page_says("chmod(2)/group-is-the-fsgid", "The effective gid is compared with the group of the file.",
              lambda gid, now: now.credential.gid.effective),
    page_says("chmod(2)/owner-is-the-fsuid", "The effective uid is compared with the owner of the file.",
              lambda uid, now: now.credential.uid.effective),
    page_says("chmod(2)/writing-in-a-user-namespace", "The capability of the writer keeps the bits.",
              lambda mode, now: _mode(now)),
    page_says("chown(2)/set-group-ID-of-strangers", "The bit is not cleared.", lambda mode, now: mode | 0o2000),
    page_says("inode(7)/new-file-group", "A new file has the effective gid of its maker.",
              lambda gid, now: now.credential.gid.effective),
    page_says("inode(7)/new-file-owner", "A new file has the effective uid of its maker.",
              lambda uid, now: now.credential.uid.effective),
    page_says("access(2)/AT_EACCESS-takes-the-filesystem-ids", "The effective ids are used.", _with_effective_ids),
    page_says("path_resolution(7)/fsuid-0", "A process of filesystem uid 0 has the capabilities over permissions.",
              lambda above, now: above or _is_root_for_files(now)),
)  # fmt: skip

ERRATA: tuple[Mutant, ...] = (
    *PRCTL,
    *CAPABILITIES,
    *NAMESPACES,
    *FILES,
    page_refuses(
        "setgroups(2)/EINVAL",
        "All bits of the size count.",
        lambda now: isinstance(now.arguments[0], int) and now.arguments[0] > NO_ID,
    ),
    page_says(
        "setresuid(2)/fsuid-follows",
        "The filesystem user ID becomes the effective one also where nothing else changes.",
        _effective_unless_given(USERS),
    ),
    page_says(
        "setresgid(2)/fsgid-follows",
        "The filesystem group ID becomes the effective one also where nothing else changes.",
        _effective_unless_given(GROUPS),
    ),
    page_refuses(
        "seteuid(2)/EINVAL-minus-one", "-1 is no user ID (musl takes it).", lambda now: not given(_numbers(now)[0])
    ),
    page_refuses(
        "setegid(2)/EINVAL-minus-one", "-1 is no group ID (musl takes it).", lambda now: not given(_numbers(now)[0])
    ),
    page_refuses("execve(2)/EPERM-nosuid", "A program with one of the bits is refused on a nosuid filesystem.",
                 lambda now: True),
    page_says("execve(2)/traced-by-CAP_SYS_PTRACE", "Whoever the tracer is, nothing is gained.",
              lambda capable, now: False),
    page_says("execve(2)/parent-death-signal-of-oneself", "A program with one of the bits has no such signal.",
              lambda signal, now: 0),
    page_says("execve(2)/EAGAIN-the-last-process", "The caller is counted among the processes of its new user.",
              lambda besides, now: 1),
)  # fmt: skip
"""One row for each clause with an erratum whose two sides can be told apart.

Where a page contradicts itself, and one of its sides is Linux's, that side is what it promises: there is no row.
"""
