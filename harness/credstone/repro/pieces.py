"""The helpers of the programs: which of them a program needs.

Every file in the ``pieces/`` of a language is one helper; so is every ``do_*.h`` of the agent in C, which the programs share
with it.  The first line says what it defines; whatever a text mentions of that, it needs.
So a program carries what it uses and nothing else.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_OF_THE_AGENT = "do_"
"""How the names of the agent's files begin that are pieces of programs as well."""
_RAW = re.compile(r"\braw\(__NR_")
"""How the agent enters the kernel."""
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_IN_C_AND_PYTHON = re.compile(r'/\*.*?\*/|"""[^"]*"""|"(?:\\.|[^"\\\n])*"', re.DOTALL)
_NO_CODE = {
    "c": _IN_C_AND_PYTHON,
    "python": _IN_C_AND_PYTHON,
    "shell": re.compile(r"^\s*#.*$|'[^']*'", re.MULTILINE),  # in a shell there are commands in "$(double quotes)"
}
"""Comments, docstrings and texts, which mention names without needing them."""


@cache
def _pieces(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """The texts by file, and the file in which each name is defined."""
    texts: dict[str, str] = {}
    homes: dict[str, str] = {}
    files = [*(resources.files("credstone.repro") / language / "pieces").iterdir()]
    if language == "c":
        agent = resources.files("credstone.agent") / "c"
        files += [each for each in agent.iterdir() if each.name.startswith(_OF_THE_AGENT)]
    for file in sorted(files, key=lambda each: each.name):
        first, _, text = file.read_text(encoding="utf-8").partition("\n")
        text = _RAW.sub("syscall(SYS_", text)
        texts[file.name] = text.strip("\n")
        homes.update(dict.fromkeys(_WORD.findall(first), file.name))
    return texts, homes


def needed(text: str, language: str) -> list[str]:
    """The helpers that a text needs, each after those that it needs itself."""
    texts, homes = _pieces(language)
    found: dict[str, str] = {}

    def visit(part: str, own: str) -> None:
        for name in dict.fromkeys(_WORD.findall(_NO_CODE[language].sub("", part))):
            home = homes.get(name)
            if home and home != own and home not in found:
                found[home] = ""
                visit(texts[home], home)
                del found[home]  # its place is behind those that it needs
                found[home] = texts[home]

    visit(text, "")
    return list(found.values())
