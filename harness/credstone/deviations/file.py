"""Reads ``deviations.toml``: the known deviations of one target.

One table for each fault, with the reason in a person's words and a link; below it what the fault shows, one table for each
way: in which cells, in which line, what was expected and what is seen instead.

    [initgroups-of-32]
    reason = "The C library has room for 32 groups, and refuses a user who is in more."
    link   = "https://…"

    [[initgroups-of-32.shows]]
    cells    = ["initgroups.3/many/more-than-32@*:libc"]
    clause   = "initgroups(3)/all-groups-of-user"
    line     = "initgroups(*)"
    expected = "0"
    seen     = "-1"

Line, expected and seen are as a failure prints them.  ``*`` stands for anything in cells, in the line, in what was
expected, never in what is seen.  ``$gid`` is the value that the cell's family has for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from credstone.suite.load import shown
from credstone.suite.toml import place_of, read_text, read_toml, wrong_entry
from credstone.words.errors import CredstoneError


class Shows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way in which a fault shows, as the file has it; what the fields are is said of a Deviation."""

    cells: tuple[str, ...]
    clause: str
    line: str
    expected: str
    seen: str
    postures: tuple[str, ...] = ()
    sometimes: str = ""


class _Fault(msgspec.Struct, forbid_unknown_fields=True, rename={"no_link": "no-link"}):
    reason: str
    shows: tuple[Shows, ...]
    link: str = ""
    no_link: str = ""


class Deviation(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which a fault of a target shows.

    ``name``, ``reason`` and ``link`` are those of the fault; ``no_link`` says why there is no link.  ``cells`` are patterns
    over the ids of cells, each of which must show it.  ``clause``, ``line``, ``expected`` and ``seen`` are what the judge
    finds there.  ``postures`` are how the target must be run for it to hold
    (``user+groups``: both of these and no other; none at all: however it is run).
    ``sometimes`` says why it does not show every time.  ``path`` and ``number`` are where it stands; ``index`` counts the
    ways of one fault.
    """

    name: str
    reason: str
    link: str
    no_link: str
    cells: tuple[str, ...]
    clause: str
    line: str
    expected: str
    seen: str
    postures: tuple[str, ...] = ()
    sometimes: str = ""
    path: Path
    number: int
    index: int

    @property
    def place(self) -> str:
        """``path:line``, as messages show it."""
        return f"{shown(self.path)}:{self.number}"


def read_deviations(path: Path) -> tuple[Deviation, ...]:
    """The deviations in a file.  Raises Mistake or CredstoneError, naming file, line and what is wrong."""
    text = read_text(path)
    found = []
    for name, fault in read_toml(path, dict[str, _Fault]).items():
        for field, message in _mistakes_of_fault(fault):
            raise wrong_entry(path, (name, field), message)
        for index, shows in enumerate(fault.shows):
            keys = (name, "shows", str(index))
            for field, message in mistakes_of(shows):
                raise wrong_entry(path, (*keys, field), message)
            number, _ = place_of(text, keys)
            found.append(
                Deviation(
                    name=name, reason=fault.reason, link=fault.link, no_link=fault.no_link,
                    path=path, number=number, index=index, **msgspec.structs.asdict(shows),
                )
            )  # fmt: skip
    return tuple(found)


def whose(given: str, targets: Sequence[str]) -> tuple[str, Path]:
    """The target and the file of ``[TARGET=]FILE``; without a target it is that of the run, if there is only one."""
    name, sign, path = given.partition("=")
    if sign and not (name.strip() and path.strip()):
        raise CredstoneError(
            f"--deviations {given} does not name a target and a file.",
            "Write --deviations TARGET=FILE, or the file alone.",
        )
    if sign and name in targets:
        return name, Path(path)
    if len(targets) == 1:
        return targets[0], Path(given)
    raise CredstoneError(
        f"--deviations {given} does not say of which target they are.",
        f"There are several in this run: write --deviations {targets[0]}={given}.",
    )


def _mistakes_of_fault(fault: _Fault) -> Iterator[tuple[str, str]]:
    if not _is_sentence(fault.reason):
        yield (
            "reason",
            "the reason is a sentence by a person: what is wrong with the target, and it ends with a full stop",
        )
    if fault.link and fault.no_link:
        yield "no-link", "there is a link: 'no-link' is for the reason why there is none"
    elif not fault.link and not _is_sentence(fault.no_link):
        field = "no-link" if fault.no_link else ""
        yield field, "'link' leads to who else knows of this, or 'no-link' says in a sentence why there is none"
    elif fault.link and not re.fullmatch(r"https?://\S+", fault.link):
        yield "link", "a link begins with https:// or http://"
    if not fault.shows:
        yield "shows", "'shows' says in which cells it shows, and how: here it is empty"


def mistakes_of(shows: Shows) -> Iterator[tuple[str, str]]:
    """What is wrong with what stands in one table, each with its field."""
    yield from _mistakes_of_patterns(shows.cells)
    for field in ("clause", "line", "expected", "seen"):
        if not getattr(shows, field).strip():
            yield field, f"'{field}' is empty: write what the failure of such a cell prints"
    if "*" in shows.seen:
        yield "seen", "what is seen is written out: a * here would excuse whatever comes"
    if "*" in shows.clause:
        yield (
            "clause",
            "a clause is named in full: where several are broken, each is a way of its own in which the fault shows",
        )
    if shows.sometimes and not _is_sentence(shows.sometimes):
        yield "sometimes", "'sometimes' says in a sentence why this does not show every time"


def _mistakes_of_patterns(patterns: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not patterns:
        yield "cells", "no cell is named"
    for pattern in patterns:
        if not re.fullmatch(r"[^/@]+/[^@]+@[^:@]+:[^@]+", pattern):
            yield "cells", f"'{pattern}' is no cell: one looks like page/script/scenario@actor:api"
        elif "*" in pattern.partition("/")[0]:
            yield "cells", f"'{pattern}' excuses cells of more than one page: name the page"


def _is_sentence(text: str) -> bool:
    return len(text.split()) > 2 and text.rstrip().endswith(".")
