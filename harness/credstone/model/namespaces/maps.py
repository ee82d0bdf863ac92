"""The files uid_map, gid_map and setgroups of /proc/PID: user_namespaces(7), "User and group ID mappings"."""

from __future__ import annotations

from credstone.model.capabilities.in_namespaces import has_over
from credstone.model.commit import replace
from credstone.model.moment import Moment
from credstone.model.namespaces.map_text import read_lines
from credstone.model.rules import Choosing, Outcome, Rules, refuse, rule
from credstone.model.since import MANY_MAP_LINES, MAPS_OF_ROOT
from credstone.model.world import NO_ID, Extent, Map, Namespace, to_kernel
from credstone.words.answer import Answer
from credstone.words.capability import CAP_SETFCAP, CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN

PAGE = "user_namespaces(7)/"
PAGE_SIZE = 4096
FEW_LINES = 5
"""How many lines a map could have at first; up to so many are kept as they were written."""


def write_map(now: Moment, number: int, kind: str, text: str, offset: int) -> Rules:
    """A write to /proc/PID/uid_map or gid_map of a member of this namespace; the file is open already.

    "Defining user and group ID mappings: writing to uid_map and gid_map".
    """
    namespace, is_gid = now.world.namespaces[number], kind == "gid_map"
    known = namespace.gid_map if is_gid else namespace.uid_map
    may_adjust = yield from has_over(now, number, CAP_SYS_ADMIN)
    may_adjust = yield rule(PAGE + "writer-CAP_SETUID", may_adjust)
    lines = yield from _read(now, text)
    near = now.task.namespace in (number, namespace.parent)
    yield refuse("EPERM", PAGE + "initial-maps", namespace.parent < 0)
    yield refuse("EPERM", PAGE + "writer-in-or-above", not near)
    yield refuse("EINVAL", PAGE + "map-at-offset-0", offset != 0)
    yield refuse("EINVAL", PAGE + "map-less-than-a-page", len(text.encode()) >= PAGE_SIZE)
    yield refuse("EPERM", PAGE + "map-once", bool(known))
    yield refuse("EPERM", PAGE + "writer-CAP_SETUID", not may_adjust)
    yield refuse("EINVAL", PAGE + "map-not-empty", lines.empty)
    yield refuse("EINVAL", PAGE + "map-three-numbers", lines.malformed)
    yield refuse("EINVAL", PAGE + "map-length", lines.no_length)
    yield refuse("EINVAL", PAGE + "linux/map-does-not-wrap", lines.wraps)
    yield refuse("EINVAL", PAGE + "minus-one-is-unmapped", lines.minus_one)
    yield refuse("EINVAL", PAGE + "map-no-overlap", lines.overlap)
    yield refuse("EINVAL", PAGE + "map-340-lines", lines.too_many)
    yield from _may_map(now, namespace, number, is_gid, lines.extents)
    parent = now.world.namespaces[namespace.parent]
    inside = mapped(lines.extents, parent.gid_map if is_gid else parent.uid_map)
    yield refuse("EPERM", PAGE + "unmapped-outside", inside is None)
    inside = yield rule(PAGE + "map-lines", inside or ())
    inside = yield rule(PAGE + "only-mapped-values", inside)
    inside = yield rule(PAGE + "nested-maps-translate", inside)
    inside = yield rule(PAGE + "linux/many-lines-sorted", kept(inside))
    new = replace(namespace, gid_map=inside) if is_gid else replace(namespace, uid_map=inside)
    return Outcome(Answer("", len(text.encode())), now.world.with_namespace(number, new))


def _read(now: Moment, text: str) -> Choosing:
    limit = yield rule(PAGE + "map-line-limit", 340 if now.system.has(MANY_MAP_LINES) else FEW_LINES)
    text = yield rule(PAGE + "linux/text-after-NUL", text.partition("\0")[0])
    lines = read_lines(text, limit)
    return (yield rule(PAGE + "map-newlines", lines))


def _may_map(now: Moment, namespace: Namespace, number: int, is_gid: bool, extents: Map) -> Choosing:
    """Whether the writer may use these ids of the parent namespace."""
    maps_root = not is_gid and any(extent.outside == 0 for extent in extents)
    if maps_root and now.task.namespace == number:
        refused = not namespace.creator_could_setfcap and now.system.has(MAPS_OF_ROOT)
        yield refuse("EPERM", PAGE + "root-map-from-inside", refused)
    elif maps_root:
        refused = not now.capable_in(namespace.parent, CAP_SETFCAP) and now.system.has(MAPS_OF_ROOT)
        yield refuse("EPERM", PAGE + "root-map-from-outside", refused)
    capability = CAP_SETGID if is_gid else CAP_SETUID
    privileged = yield rule(PAGE + "privileged-maps-anything", now.capable_in(namespace.parent, capability))
    if privileged:
        return
    parent = now.world.namespaces[namespace.parent]
    own = now.credential.gid.effective if is_gid else now.credential.uid.effective
    alone = len(extents) == 1 and extents[0].count == 1
    of_the_writer = bool(extents) and (parent.gid if is_gid else parent.uid)(extents[0].outside) == own
    yield refuse("EPERM", PAGE + "one-line", not alone)
    yield refuse("EPERM", PAGE + "own-id", not of_the_writer)
    yield refuse("EPERM", PAGE + "same-uid-as-creator", namespace.owner != now.credential.uid.effective)
    yield refuse("EPERM", PAGE + "gid_map-needs-deny", is_gid and not namespace.setgroups_denied)


def mapped(extents: Map, parent: Map) -> Map | None:
    """The extents with kernel ids in place of the parent's; None if the parent has no such ids."""
    found = []
    for extent in extents:
        first, last = to_kernel(parent, extent.outside), to_kernel(parent, extent.outside + extent.count - 1)
        if first is None or last is None or last - first != extent.count - 1:
            return None
        found.append(Extent(extent.inside, first, extent.count))
    return tuple(found)


def kept(extents: Map) -> Map:
    """The lines of a map in the order in which they are kept: many are sorted by the first id inside."""
    return extents if len(extents) <= FEW_LINES else tuple(sorted(extents, key=lambda extent: extent.inside))


def shown_map(now: Moment, number: int, kind: str) -> Choosing:
    """A map as its file shows it to this reader: the ids outside are those of the reader's namespace.

    A reader inside the namespace sees those of the parent ("The second field").
    """
    namespace, reader = now.world.namespaces[number], now.task.namespace
    extents = namespace.gid_map if kind == "gid_map" else namespace.uid_map
    if not extents:
        return (yield rule(PAGE + "starts-without-maps", ""))
    if namespace.parent < 0 and reader == number:
        columns = [(extent.inside, extent.outside, extent.count) for extent in extents]
        return (yield rule(PAGE + "initial-maps", _table(columns)))
    if reader == number:
        lower = yield rule(PAGE + "second-field-of-the-parent", namespace.parent)
    else:
        lower = yield rule(PAGE + "second-field-of-the-reader", reader)
    columns = []
    for extent in extents:
        below = now.world.namespaces[lower]
        outside = (below.shown_gid if kind == "gid_map" else below.shown_uid)(extent.outside)
        if outside is None:
            outside = yield rule(PAGE + "second-field-unmapped", NO_ID)
        columns.append((extent.inside, outside, extent.count))
    return (yield rule(PAGE + "map-shown", _table(columns)))


def _table(columns: list[tuple[int, int, int]]) -> str:
    return "\n".join(" ".join(f"{number:>10}" for number in line) for line in columns)


def write_setgroups(now: Moment, number: int, text: str, offset: int) -> Rules:
    """A write to /proc/PID/setgroups of a member of this namespace; the file is open already."""
    namespace = now.world.namespaces[number]
    word = text.partition("\0")[0].rstrip(" \n\t\r") if len(text.encode()) < 8 else ""
    yield refuse("EINVAL", PAGE + "setgroups-words", word not in ("allow", "deny") or offset != 0)
    taken_back = word == "allow" and namespace.setgroups_denied
    yield refuse("EPERM", PAGE + "deny-is-final", taken_back)
    yield refuse("EPERM", PAGE + "no-deny-after-gid_map", word == "deny" and bool(namespace.gid_map))
    allows_late = yield rule(PAGE + "setgroups-before-gid_map", True)
    yield refuse("EPERM", PAGE + "setgroups-before-gid_map", bool(namespace.gid_map) and not allows_late)
    denied = yield rule(PAGE + "deny-denies", word == "deny")
    world = now.world.with_namespace(number, replace(namespace, setgroups_denied=denied))
    return Outcome(Answer("", len(text.encode())), world)


def setgroups_word(namespace: Namespace) -> Choosing:
    """What /proc/PID/setgroups shows."""
    word = yield rule(PAGE + "setgroups-shown", "deny" if namespace.setgroups_denied else "allow")
    return (yield rule(PAGE + "setgroups-allowed-at-first", word)) if namespace.parent < 0 else word
