"""unshare(2) of user and mount namespaces, and the map files: user_namespaces(7)."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.model.arguments import NotModelled
from credstone.model.commit import replace
from credstone.model.moment import OK, Moment
from credstone.model.rules import Choosing, Outcome, Rules, refuse, rule
from credstone.model.world import NO_ID, Extent, Map, Namespace, System, World, to_kernel
from credstone.words.answer import Answer
from credstone.words.capability import CAP_SETFCAP, CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Capabilities, Credential

NEW_USER, NEW_MOUNT = CONSTANTS["CLONE_NEWUSER"], CONSTANTS["CLONE_NEWNS"]
PAGE_SIZE = 4096
MOST_LINES = 340
BAD_SYNTAX = None


def unshare(now: Moment, flags: int) -> Rules:
    """int unshare(int flags)."""
    if flags & ~(NEW_USER | NEW_MOUNT):
        raise NotModelled(f"unshare({flags:#x})")
    if not flags & NEW_USER:
        yield refuse("EPERM", "unshare(2)/EPERM-capability", flags != 0 and not now.capable(CAP_SYS_ADMIN))
        yield rule("unshare(2)/new-mount-namespace", flags)
        return now.answers()
    uid, gid, here = now.credential.uid.effective, now.credential.gid.effective, now.namespace
    yield refuse("EINVAL", "unshare(2)/EINVAL-threads", len(now.world.threads(now.task.process)) > 1)
    yield refuse("EPERM", "unshare(2)/EPERM-no-mapping", not here.has_uid(uid) or not here.has_gid(gid))
    denied = yield rule("user_namespaces(7)/setgroups-inherited", here.setgroups_denied)
    could = bool(now.credential.capabilities.effective & CAP_SETFCAP)
    new = Namespace((), (), now.task.namespace, uid, denied, could)
    credential = yield rule("user_namespaces(7)/all-capabilities", as_creator(now.credential, now.system))
    return Outcome(OK, with_new_namespace(now.world, now.who, new, credential))


def with_new_namespace(world: World, who: str, new: Namespace, credential: Credential) -> World:
    """The world in which this task is the only member of a user namespace just made."""
    task = replace(world.task(who), namespace=len(world.namespaces), credential=credential)
    return world.with_namespace(task.namespace, new).with_tasks(task)


def as_creator(credential: Credential, system: System) -> Credential:
    """The credential with which one finds oneself in a user namespace just made (user_namespaces(7), "Capabilities").

    Every capability, and the securebits as if nobody had ever touched them; the ids are still who they were.
    """
    everything = system.all_capabilities
    return replace(
        credential,
        capabilities=Capabilities(permitted=everything, effective=everything, bounding=everything),
        securebits=0,
        keep_caps=False,
    )


def write_map(now: Moment, number: int, kind: str, text: str) -> Rules:
    """A write to /proc/PID/uid_map or gid_map of a member of this namespace; the file is open already.

    "Defining user and group ID mappings: writing to uid_map and gid_map".
    """
    namespace = now.world.namespaces[number]
    parent = now.world.namespaces[namespace.parent] if namespace.parent >= 0 else None
    is_gid = kind == "gid_map"
    known = namespace.gid_map if is_gid else namespace.uid_map
    yield refuse("EPERM", "user_namespaces(7)/writer-in-or-above", not _in_or_above(now, number) or parent is None)
    yield refuse("EINVAL", "user_namespaces(7)/less-than-a-page", len(text) >= PAGE_SIZE)
    yield refuse("EPERM", "user_namespaces(7)/map-once", bool(known))
    yield refuse("EPERM", "user_namespaces(7)/CAP_SYS_ADMIN", not now.capable_in(number, CAP_SYS_ADMIN))
    extents = yield rule("user_namespaces(7)/map-lines", read_lines(text))
    yield refuse("EINVAL", "user_namespaces(7)/map-syntax", extents is BAD_SYNTAX)
    extents = yield rule("user_namespaces(7)/map-lines-valid", extents)
    assert parent is not None
    permitted = may_map(now, namespace, number, is_gid, extents)
    yield refuse("EPERM", "user_namespaces(7)/map-permission", not permitted)
    inside = mapped(extents, parent.gid_map if is_gid else parent.uid_map)
    yield refuse("EPERM", "user_namespaces(7)/unmapped-outside", inside is None)
    inside = yield rule("user_namespaces(7)/map-holds", inside)
    new = replace(namespace, gid_map=inside) if is_gid else replace(namespace, uid_map=inside)
    return Outcome(Answer("", len(text.encode())), now.world.with_namespace(number, new))


def write_setgroups(now: Moment, number: int, text: str) -> Rules:
    """A write to /proc/PID/setgroups of a member of this namespace; the file is open already."""
    namespace = now.world.namespaces[number]
    wanted = text.rstrip(" \n\t") if len(text) < 8 else ""
    yield refuse("EINVAL", "user_namespaces(7)/setgroups-words", wanted not in ("allow", "deny"))
    taken_back = wanted == "allow" and namespace.setgroups_denied
    yield refuse("EPERM", "user_namespaces(7)/setgroups-deny-is-final", taken_back)
    yield refuse("EPERM", "user_namespaces(7)/setgroups-before-map", wanted == "deny" and bool(namespace.gid_map))
    denied = yield rule("user_namespaces(7)/setgroups-denied", wanted == "deny")
    world = now.world.with_namespace(number, replace(namespace, setgroups_denied=denied))
    return Outcome(Answer("", len(text.encode())), world)


def _in_or_above(now: Moment, number: int) -> bool:
    return now.task.namespace in (number, now.world.namespaces[number].parent)


def may_map(now: Moment, namespace: Namespace, number: int, is_gid: bool, extents: Map) -> bool:
    """Whether the writer may use these ids of the parent namespace."""
    ids = now.credential.gid if is_gid else now.credential.uid
    parent = now.world.namespaces[namespace.parent]
    maps_root = any(extent.outside == 0 for extent in extents)
    if not is_gid and maps_root and now.system.kernel >= (5, 12):
        if now.task.namespace == number:
            could = namespace.creator_could_setfcap
        else:
            could = now.capable_in(namespace.parent, CAP_SETFCAP)
        if not could:
            return False
    if len(extents) == 1 and extents[0].count == 1 and namespace.owner == now.credential.uid.effective:
        own = (parent.gid if is_gid else parent.uid)(extents[0].outside) == ids.effective
        if own and (not is_gid or namespace.setgroups_denied):
            return True
    return now.capable_in(namespace.parent, CAP_SETGID if is_gid else CAP_SETUID)


def mapped(extents: Map, parent: Map) -> Map | None:
    """The extents with kernel ids in place of the parent's; None if the parent has no such ids."""
    found = []
    for extent in extents:
        first, last = to_kernel(parent, extent.outside), to_kernel(parent, extent.outside + extent.count - 1)
        if first is None or last is None or last - first != extent.count - 1:
            return None
        found.append(Extent(extent.inside, first, extent.count))
    return tuple(found)


def read_lines(text: str) -> Map | None:
    """The extents of a map as it is written: one or more lines of three numbers; None if that is not what it is."""
    lines = text.removesuffix("\n").split("\n")
    extents: list[Extent] = []
    for line in lines:
        fields = line.split()
        if len(fields) != 3 or not all(field.isascii() and field.isdigit() for field in fields):
            return BAD_SYNTAX
        extent = Extent(*(int(field) & NO_ID for field in fields))
        if not _sound(extent) or any(_overlap(extent, other) for other in extents):
            return BAD_SYNTAX
        extents.append(extent)
    return tuple(extents) if len(extents) <= MOST_LINES else BAD_SYNTAX


def _sound(extent: Extent) -> bool:
    ends = (extent.inside + extent.count, extent.outside + extent.count)
    return extent.count > 0 and NO_ID not in (extent.inside, extent.outside) and all(end <= NO_ID for end in ends)


def _overlap(one: Extent, other: Extent) -> bool:
    return any(
        start < other_start + other.count and other_start < start + one.count
        for start, other_start in ((one.inside, other.inside), (one.outside, other.outside))
    )


def shown_map(now: Moment, number: int, kind: str) -> str:
    """A map as its file shows it to this reader: the ids outside are those of the reader's namespace.

    A reader inside the namespace sees those of the parent ("The second field").
    """
    namespace = now.world.namespaces[number]
    lower = now.task.namespace
    if lower == number and namespace.parent >= 0:
        lower = namespace.parent
    extents = namespace.gid_map if kind == "gid_map" else namespace.uid_map
    return "\n".join(_columns(now.world.namespaces[lower], kind, extents, lower == number))


def _columns(lower: Namespace, kind: str, extents: Map, topmost: bool) -> Iterator[str]:
    for extent in extents:
        outside: int | None = extent.outside
        if not topmost:
            outside = (lower.shown_gid if kind == "gid_map" else lower.shown_uid)(extent.outside)
        yield f"{extent.inside:>10} {NO_ID if outside is None else outside:>10} {extent.count:>10}"


def setgroups_word(namespace: Namespace) -> Choosing:
    """What /proc/PID/setgroups shows."""
    return (yield rule("user_namespaces(7)/setgroups-shown", "deny" if namespace.setgroups_denied else "allow"))
