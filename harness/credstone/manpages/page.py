"""The sentences of a man page.

A clause of the suite is tied to the sentence it comes from by a digest, not by a copy of the sentence.  So this module
reads the source of a page (the man(7) macros, as the man-pages project writes them) and not its rendering: the source
says which words belong to which section and item, and its line ends say where a sentence ends.

It reads no more of roff than those pages use.  Macros it does not know are layout, and are dropped.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
import unicodedata
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from credstone.words.errors import CredstoneError


class Sentence(msgspec.Struct, frozen=True):
    """One sentence and where it stands.  ``item`` is the tag of the innermost list item that has one in words."""

    section: str
    subsection: str
    item: str
    text: str
    digest: str

    @property
    def part(self) -> str:
        """The section, with the subsection where there is one: ``NOTES / C library/kernel differences``."""
        return f"{self.section} / {self.subsection}" if self.subsection else self.section


class Page(msgspec.Struct, frozen=True):
    """One page: ``name`` is the page's own ("getgroups(2)"), ``names`` are all that its NAME line lists."""

    name: str
    release: str
    date: str
    sentences: tuple[Sentence, ...]
    names: tuple[str, ...]


INSTALL = "Install the man pages (Debian: apt install manpages manpages-dev)."
_UNIFIED = str.maketrans(dict.fromkeys('"`´‘’‚‛“”„‟′″«»', "'") | dict.fromkeys("‐‑‒–—―−", "-"))
_ESCAPE = re.compile(
    r"""\\(?: \[ (?P<long>[^]]*) \]
          |   \*? \( (?P<two>..)
          |   [fFmMgknVY*] (?: \[ [^]]* \] | \( .. | . )
          |   s (?: \[ [^]]* \] | '[^']*' | [-+]? \( \d\d | [-+] \d | [1-3] \d | \d )
          |   [hvwlLDbBoSxXZRAHN] '[^']*'
          |   (?P<one>.)
          |   $ )""",
    re.VERBOSE,
)
_ONE = {"-": "-", "e": "\\", "\\": "\\", "~": " ", " ": " ", "0": " ", "t": " ", "'": "´", "`": "`", "_": "_", ".": "."}
_GLYPHS = {
    "aq": "'", "dq": '"', "oq": "‘", "cq": "’", "lq": "“", "rq": "”", "Fo": "«", "Fc": "»", "ga": "`", "aa": "´",
    "em": "—", "en": "–", "hy": "-", "mi": "−", "mu": "×", "+-": "±", "<=": "≤", ">=": "≥", "!=": "≠", "if": "∞",
    "->": "→", "<-": "←", "ha": "^", "ti": "~", "rs": "\\", "ul": "_", "ba": "|", "sl": "/", "at": "@", "sh": "#",
    "Do": "$", "lB": "[", "rB": "]", "lC": "{", "rC": "}", "la": "⟨", "ra": "⟩", "bu": "•", "co": "©", "de": "°",
}  # fmt: skip
_ARGUMENT = re.compile(r'"((?:[^"]|"")*)"?|((?:\\.|[^\s\\])+)')
_SPACED, _JOINED = ("B", "I", "SM", "SB", "R"), ("BR", "RB", "IR", "RI", "BI", "IB")
_PARAGRAPHS, _BREAKS = ("PP", "P", "LP", "HP"), ("TP", "TQ", "IP", "RS", "RE", "br", "sp", "in")
_BLOCKS = {"nf": "fi", "EX": "EE", "TS": "TE"}
_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)(?<!\bviz)[.!?:][])\"'’”*]*$")
_NO_NAME = re.compile(r"\W?|[(\[]?(\d+|[a-zA-Z])[.)\]]+")  # a bullet or a number: a tag that names nothing


def digest(sentence: str) -> str:
    """Twelve hex digits that change with the words of a plain text, and not with its case, quotes, dashes or spaces."""
    text = unicodedata.normalize("NFKC", sentence.translate(_UNIFIED)).lower()
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def plain(source: str) -> str:
    """A line without its escapes: characters for their names, nothing for fonts, sizes, strings and motions."""

    def replaced(found: re.Match[str]) -> str:
        if not (name := found["long"] or found["two"]):
            return _ONE.get(found["one"] or "", "")
        return chr(int(name[1:], 16)) if re.fullmatch(r"u[0-9A-F]{4,6}", name) else _GLYPHS.get(name, "")

    return _ESCAPE.sub(replaced, source)


def _lines(source: str) -> list[str]:
    """The lines without comments, macro definitions and line continuations."""
    source = re.sub(r"(?m)^['.][ \t]*\\\".*\n?|(?<!\\)\\[\"#].*$", "", source)
    source = re.sub(r"(?ms)^['.][ \t]*(?:de|am|ig)\b.*?^\.\.[ \t]*$", "", source)
    return re.sub(r"(?<!\\)\\\n", "", source).split("\n")


class _Reader:
    """Goes through the lines once; holds where it stands, and the words of the sentence that is not finished."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self.sentences: list[Sentence] = []
        self.section = self.subsection = self.item = ""
        self.outer: list[str] = []  # the items around each .RS that is open
        self.words = ""
        self.glued = False  # the last line ended in \c: the next follows without a space
        self.ended = False  # the last line ended as a sentence ends
        self.block = ""  # the macro that ends the code block or table we are in
        self.in_format = False  # in the lines of a table that say how its columns look
        self.awaited = ""  # the macro whose text is on the next line
        self.link = ""  # the address of the .UR that is open

    def read(self, lines: list[str]) -> None:
        for line in lines:
            if self.in_format:
                self.in_format = not line.rstrip().endswith(".")
            elif line[:1] not in ("'", "."):
                self._text(line)
            elif found := re.match(r"['.]\s*(\S+)\s*(.*)", line):
                self._macro(found[1], found[2])
        self._finish()

    def _text(self, raw: str) -> None:
        raw = raw.rstrip()
        if self.block == "TE":
            raw = "" if re.fullmatch(r"[_=]", raw) else re.sub(r"T[{}]|\t", " ", raw)
        text = plain(raw)
        if self.awaited:
            self._heading(self.awaited, text)
            return
        unfinished = self.words.endswith("etc.") and text[:1].islower()
        if (self.ended and not unfinished) or not (raw or self.block):
            self._finish()
        self.words += text if self.glued or not self.words else f" {text}"
        self.glued = raw.endswith("\\c")
        aside = text.endswith(":") and self.words.count("(") > self.words.count(")")
        self.ended = bool(_END.search(text)) and not (aside or self.block or raw.endswith(("\\c", "\\&")))

    def _finish(self) -> None:
        if text := " ".join(self.words.split()):
            self.sentences.append(Sentence(self.section, self.subsection, self.item, text, digest(text)))
        self.words, self.glued, self.ended = "", False, False

    def _heading(self, macro: str, text: str) -> None:
        """The title of a section, or the tag of an item: it says where we stand and is no sentence itself."""
        self.awaited = ""
        text = " ".join(text.split())
        if macro == "SH":
            self.section, self.subsection, self.item, self.outer = text, "", "", []
        elif macro == "SS":
            self.subsection, self.item, self.outer = text, "", []
        elif macro == "TQ":
            self.item = f"{self.item}, {text}"
        elif not _NO_NAME.fullmatch(text):
            self.item = text

    def _macro(self, name: str, rest: str) -> None:
        arguments = [quoted.replace('""', '"') or bare for quoted, bare in _ARGUMENT.findall(rest)]
        if name in _SPACED or name in _JOINED:
            if arguments:
                self._text(("" if name in _JOINED else " ").join(arguments))
        elif name == "MR" and len(arguments) > 1:
            self._text(f"{arguments[0]}({arguments[1]}){''.join(arguments[2:])}")
        elif name in ("UR", "MT"):
            self.link = rest.strip()
        elif name in ("UE", "ME"):
            self._text(f"<{self.link}>{rest.strip()}")
        elif name in ("SH", "SS"):
            self._finish()
            self.block, self.awaited = "", name
            if arguments:
                self._text(" ".join(arguments))
        elif name in _BLOCKS or name == self.block:
            self._finish()
            self.block, self.in_format = _BLOCKS.get(name, ""), name == "TS"
        elif name == "TH":
            self.title = [plain(argument) for argument in arguments]
        elif not self.block:  # inside one, a new paragraph would cut in pieces what is one sentence
            self._layout(name, arguments)

    def _layout(self, name: str, arguments: list[str]) -> None:
        if name in _PARAGRAPHS or name in _BREAKS:
            self._finish()
        if name == "RS":
            self.outer.append(self.item)
        elif name == "RE" and self.outer:
            self.item = self.outer.pop()
        elif name in (*_PARAGRAPHS, "TP") or (name == "IP" and any(arguments[:1])):  # a bare .IP goes on with its item
            self.item = self.outer[-1] if self.outer else ""
        if name in ("TP", "TQ"):
            self.awaited = name
        elif name == "IP" and any(arguments[:1]):
            self._heading(name, plain(arguments[0]))


def read_page(path: str | Path) -> Page:
    """The page at a path, plain or compressed with gzip."""
    reader = _Reader()
    reader.read(_lines(_source(Path(path))))
    title, section, date, release, *_ = [*reader.title, "", "", "", ""]
    if not title or not section:
        hint = "Give the source of a page of the man-pages project; a page of one .so line only points to another."
        raise CredstoneError(f"{path} is not a page as man(7) describes one: it has no .TH line.", hint)
    names = " ".join(one.text for one in reader.sentences if one.section == "NAME")
    colophon = " ".join(one.text for one in reader.sentences if one.section == "COLOPHON")
    found = re.search(r"man-pages \(?([\w.]+)", release) or re.search(r"release (\S+) of", colophon)  # before 6.00
    return Page(
        name=f"{title.lower() if title.isupper() else title}({section})",
        release=found[1] if found else "",
        date=date,
        sentences=tuple(reader.sentences),
        names=tuple(name.strip() for name in re.split(r"\s[-–—]", names)[0].split(",") if name.strip()),
    )


def find_page(name: str, roots: Sequence[str | Path] = ("/usr/share/man",)) -> Path | None:
    """The file of "setgroups(2)" below the first root that has it; links lead to the page they point to."""
    if not (found := re.fullmatch(r"([^\s()/]+)\((\d\w*)\)", name)):
        raise CredstoneError(f'"{name}" is not the name of a man page.', 'Write it with its section: "setgroups(2)".')
    file, section = f"{found[1]}.{found[2]}", found[2]
    links = (_followed(Path(root), f"man{folder}/{file}") for root in roots for folder in (section, section[0]))
    return next(filter(None, links), None)


def _followed(root: Path, link: str, steps: int = 8) -> Path | None:
    """Where a link ends.  One that goes round in a circle ends nowhere."""
    path = next((file for file in (root / link, root / f"{link}.gz") if file.is_file()), None)
    if path and (found := re.search(r"\A(?:['.]\\\".*\n|\s)*\.so\s+(\S+)", _source(path))):
        return _followed(root, found[1].removesuffix(".gz"), steps - 1) if steps else None
    return path and path.resolve()


def _source(path: Path) -> str:
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise CredstoneError(f"The man page {path} cannot be read: {why}.", INSTALL) from error
    return data.decode(errors="replace")  # a page older than UTF-8 loses the accents of names, no more


def main(names: Sequence[str]) -> None:
    """Print the sentences of pages, for the authors of clauses: digest, section, item, text."""
    for name in names:
        if not (path := find_page(name)):
            raise CredstoneError(f"{name} is not installed.", INSTALL)
        for one in read_page(path).sentences:
            print(one.digest, one.part, one.item or "-", one.text, sep="\t")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CredstoneError as error:
        sys.exit(str(error))
