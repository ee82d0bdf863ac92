"""The files uid_map, gid_map and setgroups of /proc/PID: user_namespaces(7), "User and group ID mappings"."""

from __future__ import annotations

from credstone.model.caller import Moment
from credstone.model.capabilities.in_namespaces import has_over
from credstone.model.commit import replace
from credstone.model.namespaces.map_text import Lines, read_lines
from credstone.model.rules import Outcome
from credstone.model.since import MANY_MAP_LINES, MAPS_OF_ROOT
from credstone.model.subjects import GIDS, UIDS
from credstone.model.world import NO_ID, Extent, Map, Namespace, to_kernel
from credstone.words.answer import Answer
from credstone.words.capability import CAP_SETFCAP, CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN

PAGE_SIZE = 4096
FEW_LINES = 5
"""How many lines a map could have at first; up to so many are kept as they were written."""


def write_map(now: Moment, number: int, kind: str, text: str, offset: int) -> Outcome:
    """A write to /proc/PID/uid_map or gid_map of a member of this namespace; the file is open already.

    "Defining user and group ID mappings: writing to uid_map and gid_map".
    """
    namespace, is_gid = now.world.namespaces[number], kind == "gid_map"
    known = namespace.gid_map if is_gid else namespace.uid_map
    may_adjust = has_over(now, number, CAP_SYS_ADMIN)
    may_adjust = now.rule(may_adjust, "user_namespaces(7)/writer-CAP_SETUID", of="answer")
    lines = _read(now, text)
    near = now.task.namespace in (number, namespace.parent)
    now.refuse("EPERM", "user_namespaces(7)/initial-maps", namespace.parent < 0)
    now.refuse("EPERM", "user_namespaces(7)/writer-in-or-above", not near)
    now.refuse("EINVAL", "user_namespaces(7)/map-at-offset-0", offset != 0)
    now.refuse("EINVAL", "user_namespaces(7)/map-less-than-a-page", len(text.encode()) >= PAGE_SIZE)
    now.refuse("EPERM", "user_namespaces(7)/map-once", bool(known))
    now.refuse("EPERM", "user_namespaces(7)/writer-CAP_SETUID", not may_adjust)
    now.refuse("EINVAL", "user_namespaces(7)/map-not-empty", lines.empty)
    now.refuse("EINVAL", "user_namespaces(7)/map-three-numbers", lines.malformed)
    now.refuse("EINVAL", "user_namespaces(7)/map-length", lines.no_length)
    now.refuse("EINVAL", "user_namespaces(7)/linux/map-does-not-wrap", lines.wraps)
    now.refuse("EINVAL", "user_namespaces(7)/minus-one-is-unmapped", lines.minus_one)
    now.refuse("EINVAL", "user_namespaces(7)/map-no-overlap", lines.overlap)
    now.refuse("EINVAL", "user_namespaces(7)/map-340-lines", lines.too_many)
    _may_map(now, namespace, number, is_gid, lines.extents)
    parent = now.world.namespaces[namespace.parent]
    inside = to_kernel_extents(lines.extents, parent.gid_map if is_gid else parent.uid_map)
    now.refuse("EPERM", "user_namespaces(7)/unmapped-outside", inside is None)
    inside = now.rule(
        inside or (),
        "user_namespaces(7)/map-lines",
        "user_namespaces(7)/only-mapped-values",
        "user_namespaces(7)/nested-maps-translate",
        of=(*UIDS, *GIDS, "others"),
    )
    inside = now.rule(in_kernel_order(inside), "user_namespaces(7)/linux/many-lines-sorted", of="world")
    new = replace(namespace, gid_map=inside) if is_gid else replace(namespace, uid_map=inside)
    return Outcome(Answer("", len(text.encode())), now.world.with_namespace(number, new))


def _read(now: Moment, text: str) -> Lines:
    limit = now.rule(
        340 if now.system.has(MANY_MAP_LINES) else FEW_LINES, "user_namespaces(7)/map-line-limit", of="answer"
    )
    text = now.rule(text.partition("\0")[0], "user_namespaces(7)/linux/text-after-NUL", of="answer")
    lines = read_lines(text, limit)
    return now.rule(lines, "user_namespaces(7)/map-newlines", of="world")


def _may_map(now: Moment, namespace: Namespace, number: int, is_gid: bool, extents: Map) -> None:
    """Whether the writer may use these ids of the parent namespace."""
    maps_root = not is_gid and any(extent.outside == 0 for extent in extents)
    if maps_root and now.task.namespace == number:
        refused = not namespace.creator_could_setfcap and now.system.has(MAPS_OF_ROOT)
        now.refuse("EPERM", "user_namespaces(7)/root-map-from-inside", refused)
    elif maps_root:
        refused = not now.capable_in(namespace.parent, CAP_SETFCAP) and now.system.has(MAPS_OF_ROOT)
        now.refuse("EPERM", "user_namespaces(7)/root-map-from-outside", refused)
    capability = CAP_SETGID if is_gid else CAP_SETUID
    privileged = now.rule(
        now.capable_in(namespace.parent, capability), "user_namespaces(7)/privileged-maps-anything", of="answer"
    )
    if privileged:
        return
    parent = now.world.namespaces[namespace.parent]
    own = now.credential.gid.effective if is_gid else now.credential.uid.effective
    alone = len(extents) == 1 and extents[0].count == 1
    of_the_writer = bool(extents) and (parent.gid if is_gid else parent.uid)(extents[0].outside) == own
    now.refuse("EPERM", "user_namespaces(7)/one-line", not alone)
    now.refuse("EPERM", "user_namespaces(7)/own-id", not of_the_writer)
    now.refuse("EPERM", "user_namespaces(7)/same-uid-as-creator", namespace.owner != now.credential.uid.effective)
    now.refuse("EPERM", "user_namespaces(7)/gid_map-needs-deny", is_gid and not namespace.setgroups_denied)


def to_kernel_extents(extents: Map, parent: Map) -> Map | None:
    """The extents with kernel ids in place of the parent's; None if the parent has no such ids."""
    found = []
    for extent in extents:
        first, last = to_kernel(parent, extent.outside), to_kernel(parent, extent.outside + extent.count - 1)
        if first is None or last is None or last - first != extent.count - 1:
            return None
        found.append(Extent(extent.inside, first, extent.count))
    return tuple(found)


def in_kernel_order(extents: Map) -> Map:
    """The lines of a map in the order in which they are kept: many are sorted by the first id inside."""
    return extents if len(extents) <= FEW_LINES else tuple(sorted(extents, key=lambda extent: extent.inside))


def show_map(now: Moment, number: int, kind: str) -> str:
    """A map as its file shows it to this reader: the ids outside are those of the reader's namespace.

    A reader inside the namespace sees those of the parent ("The second field").
    """
    namespace, reader = now.world.namespaces[number], now.task.namespace
    extents = namespace.gid_map if kind == "gid_map" else namespace.uid_map
    if not extents:
        return now.rule("", "user_namespaces(7)/starts-without-maps", of="answer")
    if namespace.parent < 0 and reader == number:
        columns = [(extent.inside, extent.outside, extent.count) for extent in extents]
        return now.rule(_table(columns), "user_namespaces(7)/initial-maps", of="answer")
    if reader == number:
        lower = now.rule(namespace.parent, "user_namespaces(7)/second-field-of-the-parent", of="answer")
    else:
        lower = now.rule(reader, "user_namespaces(7)/second-field-of-the-reader", of="answer")
    columns = []
    for extent in extents:
        below = now.world.namespaces[lower]
        outside = (below.shown_gid if kind == "gid_map" else below.shown_uid)(extent.outside)
        if outside is None:
            outside = now.rule(NO_ID, "user_namespaces(7)/second-field-unmapped", of="answer")
        columns.append((extent.inside, outside, extent.count))
    return now.rule(_table(columns), "user_namespaces(7)/map-shown", of="answer")


def _table(columns: list[tuple[int, int, int]]) -> str:
    return "\n".join(" ".join(f"{number:>10}" for number in line) for line in columns)


def write_setgroups(now: Moment, number: int, text: str, offset: int) -> Outcome:
    """A write to /proc/PID/setgroups of a member of this namespace; the file is open already."""
    namespace = now.world.namespaces[number]
    word = text.partition("\0")[0].rstrip(" \n\t\r") if len(text.encode()) < 8 else ""
    now.refuse("EINVAL", "user_namespaces(7)/setgroups-words", word not in ("allow", "deny") or offset != 0)
    taken_back = word == "allow" and namespace.setgroups_denied
    now.refuse("EPERM", "user_namespaces(7)/deny-is-final", taken_back)
    now.refuse("EPERM", "user_namespaces(7)/no-deny-after-gid_map", word == "deny" and bool(namespace.gid_map))
    allows_late = now.rule(True, "user_namespaces(7)/setgroups-before-gid_map", of="answer")
    now.refuse("EPERM", "user_namespaces(7)/setgroups-before-gid_map", bool(namespace.gid_map) and not allows_late)
    denied = now.rule(word == "deny", "user_namespaces(7)/deny-denies", of="world")
    world = now.world.with_namespace(number, replace(namespace, setgroups_denied=denied))
    return Outcome(Answer("", len(text.encode())), world)


def setgroups_word(now: Moment, namespace: Namespace) -> str:
    """What /proc/PID/setgroups shows."""
    word = now.rule(
        "deny" if namespace.setgroups_denied else "allow", "user_namespaces(7)/setgroups-shown", of="answer"
    )
    return (
        now.rule(word, "user_namespaces(7)/setgroups-allowed-at-first", of="answer") if namespace.parent < 0 else word
    )
