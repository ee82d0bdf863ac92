"""The clauses of one page: reads ``clauses.toml``."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from credstone.suite.toml import read_toml, wrong_entry
from credstone.words.clause import Clause


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    section: str
    says: str
    digest: str | tuple[str, ...] = ()
    since: str = ""
    untestable: str = ""
    erratum: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    page: str
    names: tuple[str, ...]
    clause: dict[str, _Entry]
    release: str = ""
    sections: dict[str, str] = {}
    sentences: dict[str, str] = {}


class Page(msgspec.Struct, frozen=True):
    """One page folder: its name, the names on the page's NAME line, the release it was read in, its clauses.

    ``sections`` are the parts of the page that promise nothing about credentials, each with the reason: a section
    (``VERSIONS``), a subsection (``NOTES / History``), an item of either (``DESCRIPTION: PR_SET_MM``).  ``sentences`` are
    single ones that promise nothing of their own, by digest.
    """

    folder: str
    names: tuple[str, ...]
    release: str
    clauses: tuple[Clause, ...]
    sections: dict[str, str] = {}
    sentences: dict[str, str] = {}


def read_clauses(path: Path) -> Page:
    """The page that a clauses.toml describes.  Raises Mistake or CredstoneError, naming the file."""
    file = read_toml(path, _File)
    if file.page != path.parent.name:
        raise wrong_entry(path, ("page",), f"the folder is '{path.parent.name}': page and folder have the same name")
    clauses = []
    for name, entry in file.clause.items():
        if not re.fullmatch(r"[\w.-]+(\(\d\w*\))?(/[\w.-]+)+", name):
            message = f"'{name}' is no clause id: one looks like setgroups(2)/EPERM-capability"
            raise wrong_entry(path, ("clause", name), message)
        digests = (entry.digest,) if isinstance(entry.digest, str) else entry.digest
        clauses.append(
            Clause(name, file.page, entry.section, entry.says, digests, entry.since, entry.untestable, entry.erratum)
        )
    return Page(file.page, file.names, file.release, tuple(clauses), file.sections, file.sentences)
