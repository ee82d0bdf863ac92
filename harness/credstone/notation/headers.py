"""The headers of a scenario: families, files, user databases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from lark import Token, Tree

from credstone.notation.reading import Branch, Reading, Values, branches, first_token, token_of
from credstone.words.capability import MASKS
from credstone.words.scenario import ASKED_GID, Database, File, FileCapabilities

_KINDS = {"file_agent": "agent", "file_folder": "folder"}
_EXECUTABLE = tuple(_KINDS.values())


class Headers(Reading):
    """Reads headers."""

    def family(self, part: Branch) -> tuple[str, list[int]]:
        name, *parts = part.children
        values = list(self.spread(parts, {}))
        if len(set(values)) < len(values):
            twice = next(value for value in values if values.count(value) > 1)
            self.wrong(name, f"${name} is {twice} twice: each value is a scenario of its own")
        return str(name), values

    def file(self, part: Branch, values: Values) -> File:
        name, *parts = part.children
        settings: dict[str, Any] = {}
        rootid = None
        for piece in self.file_parts(name, parts):
            if piece.data in _KINDS:
                settings["kind"] = _KINDS[piece.data]
            elif piece.data == "file_capabilities":
                settings["capabilities"] = self.file_capabilities(token_of(piece))
            elif piece.data == "file_rootid":
                rootid = self.number(token_of(piece))
            elif piece.data == "file_text":
                settings["content"] = self.quoted(token_of(piece), values)
            elif piece.data == "file_owner":
                owner, group = token_of(piece).split(":")
                for number in (owner, *([] if group.startswith("$") else [group])):
                    if len(number) > 10 or int(number) >= (1 << 32) - 1:
                        self.wrong(token_of(piece), f"{number} is no id: ids go from 0 to 4294967294")
                self.speaks_of_asked |= group.startswith("$")
                settings |= {"owner": int(owner), "group": ASKED_GID if group.startswith("$") else int(group)}
            else:
                settings["mode"] = int(token_of(piece), 8)
        if rootid is not None:
            if "capabilities" not in settings:
                self.wrong(name, "a rootid belongs to the capabilities of a file, and this file has none")
            settings["capabilities"] = msgspec.structs.replace(settings["capabilities"], rootid=rootid)
        if settings.get("kind") in _EXECUTABLE:
            settings.setdefault("mode", 0o755)
        return File(name=str(name), **settings)

    def file_parts(self, name: Any, parts: Iterable[Any]) -> Iterator[Branch]:
        """The parts of a file header, in any order; each says another thing about the file."""
        said: set[str] = set()
        for piece in parts:
            assert isinstance(piece, Tree)
            what = "content" if piece.data in (*_KINDS, "file_text") else str(piece.data).removeprefix("file_")
            if what in said:
                self.wrong(first_token(piece) if piece.children else name, f"the {what} of {name} is given twice")
            said.add(what)
            yield piece

    def file_capabilities(self, token: Token) -> FileCapabilities:
        """The capabilities of a file, as setcap(8) takes them: ``cap_setuid,cap_setgid=ep cap_kill=i``."""
        permitted = inheritable = 0
        effective = False
        for group in token[1:-1].split(" "):
            found = re.fullmatch(r"([a-z_,]*)([=+])([eip]*)", group)
            names = [name for name in found[1].upper().split(",") if name] if found else []
            if not found or any(name not in MASKS for name in names):
                self.wrong(token, 'these are no capabilities of a file: they look like "cap_setuid,cap_setgid=ep"')
            mask = sum(MASKS[name] for name in set(names))
            permitted |= mask if "p" in found[3] else 0
            inheritable |= mask if "i" in found[3] else 0
            effective |= "e" in found[3]
        return FileCapabilities(permitted, inheritable, effective)

    def database(self, branch: Branch, values: Values) -> Database | None:
        files: dict[str, list[str] | None] = {}
        for kind in ("passwd", "group"):
            for part in branches(branch, kind):
                entry = part.children[0]
                lines = files.setdefault(kind, [])
                if lines if isinstance(entry, Token) else lines is None:
                    self.wrong(first_token(part), f"the {kind} file cannot be missing and have lines")
                if isinstance(entry, Token) or lines is None:
                    files[kind] = None
                else:
                    lines.extend(self.database_lines(entry, values))
        if not files:
            return None
        lines_of = {kind: None if lines is None else tuple(lines) for kind, lines in files.items()}
        return Database(passwd=lines_of.get("passwd", ()), group=lines_of.get("group", ()))

    def database_lines(self, entry: Branch, values: Values) -> list[str]:
        if len(entry.children) > 1:
            return self.text_lines(entry, values)
        return [self.quoted(token_of(entry), values)]
