"""The folder of a new page: a clause and a script, both to be replaced by what the page says."""

from __future__ import annotations

import re

from credstone.scaffold.draft import Draft
from credstone.scaffold.scenario import script_text
from credstone.suite.load import Suite, shown
from credstone.words.errors import CredstoneError

_NAME = re.compile(r"(?P<name>[A-Za-z_][\w.-]*)\.(?P<section>[1-9][a-z]*)")
_CLAUSES = """\
page    = "{folder}"
names   = ["{name}"]

[clause."{clause}"]
section = "DESCRIPTION"
says    = "One promise of the page, in your own words, in a sentence that makes sense when it is read alone."
"""


def new_page(suite: Suite, folder: str) -> Draft:
    """The draft of a page.  Raises CredstoneError for a name that is not that of a man page, or that a page has."""
    found = _NAME.fullmatch(folder)
    if found is None:
        raise CredstoneError(
            f"'{folder}' is not the name of a man page.", "A page is named as its file: setfoo.2 for setfoo(2)."
        )
    if folder in suite.pages:
        raise CredstoneError(
            f"There is a page {folder} already, in {shown(suite.folder / folder)}.",
            f"Add a script to it: credstone new scenario {folder}/NAME.",
        )
    name, section = found["name"], found["section"]
    clause = f"{name}({section})/first-promise"
    place = suite.folder / folder
    return Draft(
        files={
            place / "clauses.toml": _CLAUSES.format(folder=folder, name=name, clause=clause),
            place / "first.scn": script_text(suite, "the-first-promise-holds", "first-promise"),
        },
        steps=(
            (
                f"Run 'credstone clauses audit {folder}'. It lists each sentence of the installed page that has no clause, "
                "with its digest."
            ),
            (
                f"Write the clauses into {shown(place / 'clauses.toml')}: an id, the section, a sentence in your own words, "
                "the digests. List in [sentences] and [sections] what promises nothing, with the reason."
            ),
            f"Replace the scenario in {shown(place / 'first.scn')}, and rename the file after its subject.",
            f"Run 'credstone run {folder}' and 'credstone run {folder} --target model'.",
            "Break each rule in a mutant, and see with 'credstone coverage' that a scenario catches it.",
        ),
    )
