"""Ways to get uid_map, gid_map and setgroups of user_namespaces(7) wrong."""

from __future__ import annotations

from typing import Any

from credstone.model.namespaces.map_text import Lines, read_lines
from credstone.model.rules import Context, Refusal, Rule
from credstone.model.world import Extent, Map
from credstone.proof.mutants.build import arguments, deciding, giving, is_root, mutant, never, refusing, replace

PAGE = "user_namespaces(7)/"
LINUX = PAGE + "linux/"
INITIAL = "         0          0 4294967295"


def _swapped(inside: Map, now: Context) -> Map:
    return tuple(Extent(each.outside, each.inside, each.count) for each in inside)


def _as_written(inside: Map, now: Context) -> Map:
    """The numbers of the text, taken for those of the machine, where there are many lines and another map above."""
    raw = read_lines(arguments(now)[1]).extents
    nested = now.task.namespace > 0
    return raw if nested and len(raw) > 5 else inside


def _first_line(lines: Lines, now: Context) -> Lines:
    return replace(lines, extents=lines.extents[:1])


def _shifted(text: str, now: Context) -> str:
    """The other file's map, as far as a mutant can tell: the first id outside is off."""
    return text.replace("100", "300", 1) if "gid" in arguments(now)[0] else text.replace("300000", "100000")


def _whole_text(text: str, now: Context) -> Any:
    return arguments(now)[1]


def _never_late(rule: Rule, now: Context) -> Rule:
    return replace(rule, errno="EINVAL") if isinstance(rule, Refusal) else replace(rule, value=False)


MUTANTS = (
    mutant("map-is-the-initial-one", PAGE + "starts-without-maps", giving(INITIAL),
           "The file of a new namespace shows the initial map (Asterinas, where it is a constant)."),
    mutant("map-shown-is-constant", PAGE + "map-shown", giving(INITIAL),
           "The file shows the initial map, whatever was written (Asterinas)."),
    mutant("map-shown-is-the-others", PAGE + "map-shown", deciding(_shifted),
           "gid_map shows the map of the users (DragonOS)."),
    mutant("map-inside-out", PAGE + "map-lines", deciding(_swapped),
           "The first field is taken for the id outside."),
    mutant("map-one-short", PAGE + "map-lines",
           deciding(lambda inside, now: tuple(replace(each, count=max(each.count - 1, 1)) for each in inside)),
           "The last id of a stretch is not mapped."),
    mutant("map-seen-from-the-machine", PAGE + "second-field-of-the-reader", giving(0),
           "The second field is that of the initial namespace, whoever reads."),
    mutant("map-own-seen-from-the-machine", PAGE + "second-field-of-the-parent", giving(0),
           "To a reader inside the second field is that of the initial namespace."),
    mutant("map-unmapped-as-nobody", PAGE + "second-field-unmapped", giving(65534),
           "The second field shows the overflow ID, as everything else does."),
    mutant("map-initial-is-whole", PAGE + "initial-maps", giving("         0          0 4294967296"),
           "The initial map has one id too many."),
    mutant("map-has-minus-one", PAGE + "minus-one-is-unmapped", never(),
           "4294967295 can be mapped."),
    mutant("map-again-and-again", PAGE + "map-once", never(),
           "A map can be written again."),
    mutant("map-numbers-as-they-come", PAGE + "map-three-numbers", never(),
           "Lines that are no three numbers are left out without a word."),
    mutant("map-of-no-length", PAGE + "map-length", never(),
           "A line of length 0 is taken."),
    mutant("map-first-line-only", PAGE + "map-newlines", deciding(_first_line),
           "Only the first line counts."),
    mutant("map-five-lines", PAGE + "map-line-limit", giving(5),
           "A map can have five lines (Linux before 4.15)."),
    mutant("map-without-a-limit", PAGE + "map-340-lines", never(),
           "A map can have as many lines as one likes."),
    mutant("map-longer-than-a-page", PAGE + "map-less-than-a-page", never(),
           "The length of the write is not looked at."),
    mutant("map-in-pieces", PAGE + "map-at-offset-0", never(),
           "The offset is not looked at."),
    mutant("map-by-pwrite", PAGE + "map-by-pwrite", never(),
           "pwrite(2) writes the map, whatever its offset."),
    mutant("map-that-overlaps", PAGE + "map-no-overlap", never(),
           "Lines can have ids in common (DragonOS)."),
    mutant("map-of-nothing", PAGE + "map-not-empty", never(),
           "A write without a line is a map without ids."),
    mutant("map-by-any-member", PAGE + "writer-CAP_SETUID", giving(True),
           "Nobody asks whether the writer is privileged in the namespace (DragonOS)."),
    mutant("map-from-anywhere", PAGE + "writer-in-or-above", never(),
           "A grandparent can write a map."),
    mutant("map-unmapped", PAGE + "unmapped-outside", never(),
           "Ids that the parent does not have are left out without a word."),
    mutant("map-root-from-outside", PAGE + "root-map-from-outside", never(),
           "User 0 of the parent can be mapped without CAP_SETFCAP (Linux before 5.12)."),
    mutant("map-root-from-inside", PAGE + "root-map-from-inside", never(),
           "User 0 can map itself whatever it may (Linux before 5.12)."),
    mutant("map-for-everybody", PAGE + "privileged-maps-anything", giving(True),
           "Nobody asks for CAP_SETUID in the parent (DragonOS's first version)."),
    mutant("map-for-nobody", PAGE + "privileged-maps-anything", giving(False),
           "Not even the privileged map more than themselves."),
    mutant("map-for-root", PAGE + "privileged-maps-anything", deciding(lambda may, now: is_root(now)),
           "User 0 is privileged, the capability is not."),
    mutant("map-two-ids", PAGE + "one-line", never(),
           "An unprivileged map may be longer than one id if it begins with one's own."),
    mutant("map-anybodys-id", PAGE + "own-id", never(),
           "An unprivileged map may have any one id: root's too."),
    mutant("map-by-a-stranger", PAGE + "same-uid-as-creator", never(),
           "Whoever may write the file can put itself in."),
    mutant("map-groups-without-deny", PAGE + "gid_map-needs-deny", never(),
           "gid_map can be written while setgroups(2) is allowed (CVE-2014-8989, Linux before 3.19)."),
    mutant("map-six-lines-raw", PAGE + "nested-maps-translate", deciding(_as_written),
           "A nested map of more than five lines is not translated (CVE-2018-18955, Linux 4.15 to 4.19)."),
    mutant("map-wraps", LINUX + "map-does-not-wrap", never(),
           "A stretch may go beyond the last id (DragonOS, which cut it there)."),
    mutant("map-after-NUL", LINUX + "text-after-NUL", deciding(_whole_text),
           "The whole buffer is read, also behind a NUL."),
    mutant("map-order-by-outside", LINUX + "many-lines-sorted",
           deciding(lambda inside, now: tuple(sorted(inside, key=lambda each: each.outside))),
           "All maps are kept by the first id outside."),
    mutant("map-files-for-all", LINUX + "map-files-owner", never(),
           "The files can be written by everybody."),
    mutant("setgroups-file-constant", PAGE + "setgroups-shown", giving("allow"),
           'The file shows "allow", whatever holds.'),
    mutant("setgroups-file-opposite", PAGE + "setgroups-shown", giving("deny"),
           'The file shows "deny", whatever holds.'),
    mutant("setgroups-file-for-all", PAGE + "setgroups-CAP_SYS_ADMIN", never(),
           "Whoever may write the file can deny setgroups(2) for the namespace."),
    mutant("setgroups-file-missing", PAGE + "setgroups-words", refusing("ENOENT"),
           "There is no such file to write to (gVisor before 2026)."),
    mutant("setgroups-file-any-word", PAGE + "setgroups-words", never(),
           'Any word is taken; what is not "deny" is "allow".'),
    mutant("setgroups-file-once", PAGE + "setgroups-before-gid_map", _never_late,
           "After gid_map every word is EINVAL."),
    mutant("setgroups-deny-does-nothing", PAGE + "deny-denies", giving(False),
           "The word is taken, and setgroups(2) goes on (an emulated file, as some sandboxes have it)."),
    mutant("setgroups-deny-late", PAGE + "no-deny-after-gid_map", never(),
           '"deny" can be written at any time.'),
    mutant("setgroups-denied-at-first", PAGE + "setgroups-allowed-at-first", giving("deny"),
           "The initial namespace denies setgroups(2)."),
    mutant("setgroups-not-inherited", PAGE + "setgroups-inherited", giving(False),
           "A namespace inside is free to allow what is denied above."),
    mutant("setgroups-denied-below", PAGE + "setgroups-inherited", giving(True),
           'Every namespace inside starts with "deny".'),
    mutant("setgroups-allow-again", PAGE + "deny-is-final", never(),
           '"allow" takes the denial back.'),
)  # fmt: skip
