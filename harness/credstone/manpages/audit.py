"""The clauses against the man pages of a machine: is every sentence of a covered page accounted for?

A sentence is *tested* or *untestable* by the clause that has its digest, *informative* where clauses.toml says that it,
or the part that it stands in, promises nothing, and *not classified* otherwise.  A digest that the installed page does
not have is *gone*; a clause none of whose sentences stands in its section any more has *moved*; a reason for a sentence
or a part that the page does not have is *unused*.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from credstone.manpages.page import INSTALL, Sentence, find_page, read_page
from credstone.suite.clauses import Page
from credstone.words.clause import Clause
from credstone.words.errors import CredstoneError

TESTED, UNTESTABLE, INFORMATIVE, OPEN = "tested", "untestable", "informative", "not classified"
GONE, MOVED, UNUSED = "gone", "moved", "unused"
STATUSES = (TESTED, UNTESTABLE, INFORMATIVE, OPEN, MOVED, GONE, UNUSED)
WRONG = (OPEN, MOVED, GONE, UNUSED)
"""The statuses that ask for somebody's attention."""

WITHOUT_PROMISES = frozenset(
    {
        "NAME",
        "SYNOPSIS",
        "LIBRARY",
        "ATTRIBUTES",
        "CONFORMING TO",
        "STANDARDS",
        "SEE ALSO",
        "COLOPHON",
        "EXAMPLES",
        "EXAMPLE",
    }
)
"""Sections of which no sentence is a promise."""


class Entry(msgspec.Struct, frozen=True):
    """One sentence, or one thing in clauses.toml that has none: its status, where it stands, what it belongs to.

    ``by`` is the clause, or the reason why it is informative; ``text`` is the installed page's sentence, empty for
    what is gone.
    """

    status: str
    where: str
    by: str
    digest: str
    text: str = ""


class Audit(msgspec.Struct, frozen=True):
    """One page: the release its clauses were read in, the one that is installed (empty: the page is not there)."""

    page: str
    read: str
    installed: str
    entries: tuple[Entry, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many entries have each status."""
        return Counter(entry.status for entry in self.entries)

    @property
    def wrong(self) -> tuple[Entry, ...]:
        """What asks for attention."""
        return tuple(entry for entry in self.entries if entry.status in WRONG)


def page_name(folder: str) -> str:
    """The name of the page that a folder holds: ``setgid(2)`` for ``setgid.2``; empty where it is no man page."""
    found = re.fullmatch(r"(.+)\.(\d\w*)", folder)
    return f"{found[1]}({found[2]})" if found else ""


def audit(page: Page, roots: Sequence[str | Path] = ("/usr/share/man",)) -> Audit:
    """Holds the clauses of a page against its installed source.  Raises CredstoneError where that is not installed."""
    name = page_name(page.folder)
    path = find_page(name, roots)
    if path is None:
        raise CredstoneError(f"The man page {name} is not installed in {', '.join(map(str, roots))}.", INSTALL)
    source = read_page(path)
    owners: dict[str, list[Clause]] = {}
    for clause in page.clauses:
        for digest in clause.digests:
            owners.setdefault(digest, []).append(clause)
    used: set[str] = set()
    entries = [_classed(sentence, page, owners.get(sentence.digest, []), used) for sentence in source.sentences]
    entries += _left_over(page, source.sentences, used)
    return Audit(name, page.release, source.release, tuple(entries))


def _classed(sentence: Sentence, page: Page, clauses: list[Clause], used: set[str]) -> Entry:
    where = _where(sentence)
    if clauses:
        tested = [clause for clause in clauses if not clause.untestable]
        by = ", ".join(clause.id for clause in clauses)
        return Entry(TESTED if tested else UNTESTABLE, where, by, sentence.digest, sentence.text)
    if sentence.digest in page.sentences:
        used.add(sentence.digest)
        return Entry(INFORMATIVE, where, page.sentences[sentence.digest], sentence.digest, sentence.text)
    part = next((part for part in _parts(sentence) if part in page.sections), "")
    if part or sentence.section in WITHOUT_PROMISES or not sentence.section:
        used.add(part)
        return Entry(INFORMATIVE, where, page.sections.get(part, sentence.section), sentence.digest, sentence.text)
    return Entry(OPEN, where, "", sentence.digest, sentence.text)


def _left_over(page: Page, sentences: Sequence[Sentence], used: set[str]) -> Iterator[Entry]:
    """What clauses.toml speaks of and the installed page does not have."""
    present: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        present.setdefault(sentence.digest, []).append(sentence)
    for clause in page.clauses:
        places = [sentence for digest in clause.digests for sentence in present.get(digest, [])]
        if places and not any(_stands_in(sentence, clause.section) for sentence in places):
            yield Entry(MOVED, _where(places[0]), f"{clause.id}, which says {clause.section}", places[0].digest)
        for digest in clause.digests:
            if digest not in present:
                yield Entry(GONE, clause.section, clause.id, digest)
    for digest, reason in page.sentences.items():
        if digest not in present:
            yield Entry(GONE, "", reason, digest)
        elif digest not in used:
            yield Entry(UNUSED, "[sentences]", "a clause has this digest already", digest)
    for part, reason in page.sections.items():
        if part not in used:
            yield Entry(UNUSED, f"[sections] {part}", reason, "")


def _where(sentence: Sentence) -> str:
    return f"{sentence.part}: {sentence.item}" if sentence.item else sentence.part


def _parts(sentence: Sentence) -> Iterator[str]:
    """The names that the parts of a page have in clauses.toml, from the smallest that holds this sentence.

    An item may be named without what stands in parentheses after it: ``DESCRIPTION: PR_SET_MM``.
    """
    if sentence.item:
        for item in (sentence.item, sentence.item.partition(" (")[0]):
            yield f"{sentence.part}: {item}"
            yield f"{sentence.section}: {item}"
    yield sentence.part
    yield sentence.section


def _stands_in(sentence: Sentence, section: str) -> bool:
    return section in (sentence.section, sentence.subsection, sentence.part)
