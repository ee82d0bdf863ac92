"""getgroups(2) and setgroups(2)."""

from __future__ import annotations

from typing import cast

from credstone.model.arguments import WHOLE, Buffer, as_int
from credstone.model.caller import Moment
from credstone.model.commit import replace, set_credential
from credstone.model.rules import Outcome, Page
from credstone.model.subjects import CREDENTIAL
from credstone.model.world import IDENTITY, NO_ID
from credstone.words.answer import Answer
from credstone.words.capability import CAP_SETGID

GETGROUPS = Page(
    failure=("getgroups(2)/error-minus-one", "getgroups(2)/linux/failure-writes-nothing"),
    order=("getgroups(2)/linux/check-order",),
)
SETGROUPS = Page(
    success=("setgroups(2)/returns-zero",),
    failure=("setgroups(2)/error-minus-one",),
    order=("setgroups(2)/linux/check-order",),
    unchanged=("setgroups(2)/linux/failure-changes-nothing",),
)


def getgroups(now: Moment, size: int | None = None, buffer: Buffer = WHOLE) -> Outcome:
    """int getgroups(int size, gid_t list[]): without a size the whole list is asked for."""
    groups = list_of(now)
    count = len(groups)
    asks_for_number = size is not None and as_int(size) == 0
    size = count if size is None else as_int(size)
    now.accept("getgroups(2)/size-large", "EINVAL")
    now.accept("getgroups(2)/linux/size-uncapped", "EINVAL")
    now.refuse("EINVAL", "getgroups(2)/EINVAL-negative", size < 0)
    now.refuse("EINVAL", "getgroups(2)/EINVAL", 0 < size < count)
    if asks_for_number:
        now.accept("getgroups(2)/size-zero-leaves-list", "EFAULT")
        stray = now.rule(0, "getgroups(2)/size-zero-leaves-list", of="answer")
        return Outcome(Answer("", now.rule(count, "getgroups(2)/size-zero-counts", of="answer"), "", stray), now.world)
    if not groups:
        now.accept("getgroups(2)/linux/empty-writes-nothing", "EFAULT")
    now.refuse("EFAULT", "getgroups(2)/EFAULT", bool(groups) and not buffer.valid)
    groups = now.rule(groups, "getgroups(2)/returns-list", "getgroups(2)/every-id-is-an-id", of="answer")
    stray = now.rule(0, "getgroups(2)/size-large", "getgroups(2)/linux/empty-writes-nothing", of="answer")
    count = now.rule(count, "getgroups(2)/returns-count", of="answer")
    if not buffer.valid:
        return Outcome(Answer("", count, "", stray), now.world)
    return Outcome(Answer("", groups[:count], "", stray), now.world, _with_effective(now, groups))


def _with_effective(now: Moment, groups: tuple[int, ...]) -> tuple[Answer, ...]:
    """The other answer that the page leaves open: the effective gid is in the list too."""
    effective = now.seen.gid.effective
    return () if effective in groups else (Answer("", (*groups, effective)),)


def list_of(now: Moment) -> tuple[int, ...]:
    """The supplementary groups of the caller, as it sees them, whatever it then does with them."""
    return now.rule(
        now.seen.groups,
        "getgroups(2)/linux/overflow-shown",
        "getgroups(2)/NGROUPS_MAX",
        "getgroups(2)/effective-unspecified",
        "getgroups(2)/never-more-than-maximum-and-one",
        of="answer",
    )


def setgroups(now: Moment, size: int, buffer: Buffer) -> Outcome:
    """int setgroups(size_t size, const gid_t *list)."""
    size &= NO_ID  # Linux takes an int, whatever the page says: the upper half of a size_t is not looked at
    maximum = now.rule(now.system.ngroups_max, "setgroups(2)/NGROUPS_MAX-accepted", of="answer")
    count = now.rule(size, "setgroups(2)/size-counts", of=("answer", "groups"))
    gids = buffer.first(count) if buffer.valid and size <= maximum else ()
    kernel = kernel_gids(now, gids)
    capable = now.rule(now.capable(CAP_SETGID), "setgroups(2)/capability-suffices", of="answer")
    denied = now.rule(now.namespace.setgroups_denied, "user_namespaces(7)/no-dropping-of-groups", of="answer")
    no_map = now.rule(not now.namespace.gid_map, "user_namespaces(7)/setgroups-needs-gid_map", of="answer")
    now.refuse("EPERM", "setgroups(2)/EPERM-capability", not capable)
    now.refuse("EPERM", "setgroups(2)/EPERM-denied", denied)
    now.refuse("EPERM", "setgroups(2)/EPERM-no-map", no_map)
    now.refuse("EINVAL", "setgroups(2)/EINVAL", size > maximum)
    now.refuse("EFAULT", "setgroups(2)/EFAULT", 0 < size <= maximum and not buffer.valid)
    now.refuse("EINVAL", "setgroups(2)/linux/EINVAL-unmapped", None in kernel)
    known = cast(tuple[int, ...], kernel if None not in kernel else ())
    groups = tuple(sorted(known))
    groups = now.rule(groups, "setgroups(2)/linux/sorted", of="order of the list")
    groups = now.rule(groups, "setgroups(2)/sets-list", "setgroups(2)/linux/duplicates-kept", of="groups")
    if not size:
        groups = now.rule(groups, "setgroups(2)/drop-all", of="groups")
    credential = now.rule(replace(now.credential, groups=groups), "setgroups(2)/linux/nothing-else", of=CREDENTIAL)
    return set_credential(
        now, credential, "setgroups(2)/C-library-kernel-differences", "setgroups(2)/kernel-per-thread"
    )


def may_set_groups(now: Moment) -> bool:
    """Whether setgroups(2) is permitted to the caller, whatever the list."""
    namespace = now.namespace
    return now.capable(CAP_SETGID) and not namespace.setgroups_denied and bool(namespace.gid_map)


def kernel_gids(now: Moment, gids: tuple[int, ...]) -> tuple[int | None, ...]:
    """The kernel gids of a list, None for each one that is not valid in the caller's namespace."""
    if now.namespace.gid_map == IDENTITY:
        if gids and min(gids) >= 0 and max(gids) < NO_ID:
            return gids
        return tuple([None if gid & NO_ID == NO_ID else gid & NO_ID for gid in gids])
    if len(now.namespace.gid_map) == 1:
        # lists go up to 65536 entries, and nearly all maps are of one line
        (extent,) = now.namespace.gid_map
        first, end, shift = extent.inside, extent.inside + extent.count, extent.outside - extent.inside
        return tuple([(gid & NO_ID) + shift if first <= gid & NO_ID < end else None for gid in gids])
    return tuple([now.gid(gid) for gid in gids])


def status_groups(now: Moment, groups: tuple[int, ...]) -> tuple[int, ...]:
    """The line "Groups:" of /proc/PID/status, in the ids of the reader's namespace."""
    return now.rule(now.world.shown_groups(groups, now.namespace), "getgroups(2)/linux/status-line", of="answer")
