"""Errata: where a page and Linux contradict each other, what the page says.

The rules of the model follow Linux.  For a clause with an erratum this table has the rule as the page words it, so that
a target that takes the page's side is recognised: it is no failure, and the report says which side it took.
"""

from __future__ import annotations

from collections.abc import Callable

from credstone.model.caller import given
from credstone.model.files.ownership import SET_GID, SET_UID
from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.rules import Context, Mutant
from credstone.model.variant import (
    Change,
    also_when,
    always,
    answering,
    asked,
    deciding,
    giving,
    named_file,
    replace,
    when,
)
from credstone.model.world import NO_ID, Peer
from credstone.words.capability import CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN
from credstone.words.credential import Credential
from credstone.words.scenario import File


def page_says(clause: str, about: str, change: Change) -> Mutant:
    """The page's side of a rule; ``about`` is one sentence, ``change`` makes the page's rule from Linux's."""
    return Mutant(name=f"page:{clause}", clause=clause, about=about, change=change)


def _effective_unless_given(half: Half) -> Callable[[int, Context], int]:
    """The effective ID, also for a call that leaves it as it is."""

    def filesystem(linux: int, now: Context) -> int:
        numbers = asked(now)
        keeps = len(numbers) < 3 or not given(numbers[1])
        return half.of(now.credential).effective if keeps else linux

    return filesystem


def _no_id(now: Context) -> bool:
    """Whether -1 is asked for."""
    return not given(asked(now)[0])


SETTERS = (
    page_says("setgroups(2)/EINVAL", "All bits of the size count.",
              also_when(lambda now: isinstance(now.arguments[0], int) and now.arguments[0] > NO_ID)),
    page_says("setresuid(2)/fsuid-follows",
              "The filesystem user ID becomes the effective one also where nothing else changes.",
              deciding(_effective_unless_given(USERS))),
    page_says("setresgid(2)/fsgid-follows",
              "The filesystem group ID becomes the effective one also where nothing else changes.",
              deciding(_effective_unless_given(GROUPS))),
    page_says("seteuid(2)/EINVAL-minus-one", "-1 is no user ID (musl takes it).", when(_no_id)),
    page_says("setegid(2)/EINVAL-minus-one", "-1 is no group ID (musl takes it).", when(_no_id)),
)  # fmt: skip


OF_LIBRARIES = frozenset(("seteuid(2)/EINVAL-minus-one", "setegid(2)/EINVAL-minus-one"))
"""Errata in which one C library is on the other side of the page, and no other may be."""


def _has_set_id_bits(file: File) -> bool:
    return bool(file.mode & (SET_UID | SET_GID))


def _is_privileged(file: File) -> bool:
    """Whether a file has set-id bits or capabilities, whatever they come to."""
    return _has_set_id_bits(file) or file.capabilities is not None


PRCTL = (
    page_says("prctl(2)/PR_SET_SECUREBITS-unknown", "A second argument that is not valid for its option is EINVAL.",
              answering("EINVAL")),
    page_says("prctl(2)/PR_SET_PDEATHSIG-process", "The parent-death signal is the process's.",
              deciding(lambda moved, now: now.world.threads(now.task.process))),
    page_says("prctl(2)/PR_SET_PDEATHSIG-cleared-by-programs",
              "Every program with set-id bits or capabilities starts without a parent-death signal.",
              deciding(lambda signal, now: 0 if _is_privileged(named_file(now)) else signal)),
)  # fmt: skip

CAPABILITIES = (
    page_says("capabilities(7)/filesystem-uid-by-any-call",
              "Every call that changes the filesystem uid changes the capabilities that concern files.",
              deciding(lambda pair, now: (pair[1], pair[1]))),
    page_says("capabilities(7)/ambient-and-set-id", "Every program with set-id bits starts with nothing ambient.",
              deciding(lambda ambient, now: 0 if _has_set_id_bits(named_file(now)) else ambient)),
    page_says("capabilities(7)/ignored-under-no_new_privs",
              "Under no_new_privs a file with capabilities is a plain one.", giving(None)),
    page_says("capabilities(7)/dumb-for-root", "What root has through its inheritable set is not missing.",
              deciding(lambda missing, now: missing & ~now.credential.capabilities.inheritable)),
)  # fmt: skip

PROGRAMS = (
    page_says("execve(2)/EPERM-nosuid", "A program with one of the bits is refused on a nosuid filesystem.", always()),
    page_says("execve(2)/traced-by-CAP_SYS_PTRACE", "Whoever the tracer is, nothing is gained.", giving(False)),
    page_says("execve(2)/parent-death-signal-of-oneself", "A program with one of the bits has no such signal.",
              giving(0)),
    page_says("execve(2)/EAGAIN-the-last-process", "The caller is counted among the processes of its new user.",
              giving(1)),
)  # fmt: skip


def _may_map_ids(may: bool, now: Context) -> bool:
    """Whether the writer of a map has the capability for these ids, or every one because it owns the namespace."""
    held = now.credential.capabilities.effective
    wanted = CAP_SETGID if str(now.arguments[0]).endswith("gid_map") else CAP_SETUID
    return bool(held & wanted) or (may and not held & CAP_SYS_ADMIN)


NAMESPACES = (
    page_says("user_namespaces(7)/nesting-limit", "32 levels can be nested.", giving(32)),
    page_says("user_namespaces(7)/nesting-limit-EUSERS", "The limit answers EUSERS.", giving("EUSERS")),
    page_says("user_namespaces(7)/writer-CAP_SETUID", "A map takes CAP_SETUID or CAP_SETGID in the namespace.",
              deciding(_may_map_ids)),
    page_says("user_namespaces(7)/map-by-pwrite", "A write with an offset is EINVAL.", answering("EINVAL")),
    page_says("unshare(2)/NEWUSER-implies-CLONE_VM", "A process that shares its memory is refused.", giving(True)),
    page_says("clone(2)/EINVAL-NEWUSER-and-PARENT", "The two flags do not go together.", giving(False)),
    page_says("user_namespaces(7)/setgroups-before-gid_map", "After gid_map the file is closed.", giving(False)),
)  # fmt: skip


def _is_root_for_files(now: Context) -> bool:
    return now.credential.uid.filesystem == now.world.namespaces[now.task.namespace].uid(0)


def _with_effective_ids(who: Credential, now: Context) -> Credential:
    uid, gid = who.uid, who.gid
    return replace(who, uid=replace(uid, filesystem=uid.effective), gid=replace(gid, filesystem=gid.effective))


def _effective_gid(gid: int, now: Context) -> int:
    return now.credential.gid.effective


def _effective_uid(uid: int, now: Context) -> int:
    return now.credential.uid.effective


FILES = (
    page_says("chmod(2)/group-is-the-fsgid", "The effective gid is compared with the group of the file.",
              deciding(_effective_gid)),
    page_says("chmod(2)/owner-is-the-fsuid", "The effective uid is compared with the owner of the file.",
              deciding(_effective_uid)),
    page_says("chmod(2)/writing-in-a-user-namespace", "The capability of the writer keeps the bits.",
              deciding(lambda mode, now: named_file(now).mode)),
    page_says("chown(2)/set-group-ID-of-strangers", "The bit is not cleared.",
              deciding(lambda mode, now: mode | SET_GID)),
    page_says("inode(7)/new-file-group", "A new file has the effective gid of its maker.", deciding(_effective_gid)),
    page_says("inode(7)/new-file-owner", "A new file has the effective uid of its maker.", deciding(_effective_uid)),
    page_says("access(2)/AT_EACCESS-takes-the-filesystem-ids", "The effective ids are used.",
              deciding(_with_effective_ids)),
    page_says("path_resolution(7)/fsuid-0", "A process of filesystem uid 0 has the capabilities over permissions.",
              deciding(lambda above, now: above or _is_root_for_files(now))),
)  # fmt: skip


def _who_listens(peer: Peer, now: Context) -> Peer:
    """The process behind a name, as it is at this moment."""
    listener = next(each for each in now.world.listeners if each.name == now.arguments[0])
    who = now.world.task(listener.process).credential
    return Peer(who.uid.effective, who.gid.effective, who.groups)


BETWEEN_PROCESSES = (
    page_says("unix(7)/peer-of-a-server", "The peer has the credentials of the time of connect(2).",
              deciding(_who_listens)),
    page_says("credentials(7)/shared-resources-by-the-filesystem-gid",
              "The effective group ID decides over shared resources.", deciding(_effective_gid)),
)  # fmt: skip

ERRATA: tuple[Mutant, ...] = (
    *SETTERS,
    *PRCTL,
    *CAPABILITIES,
    *PROGRAMS,
    *NAMESPACES,
    *FILES,
    *BETWEEN_PROCESSES,
)
"""One row for each clause with an erratum whose two sides can be told apart.

Where a page contradicts itself, and one of its sides is Linux's, that side is what it promises: there is no row.
"""
