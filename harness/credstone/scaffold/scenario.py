"""A new script with one scenario that can be run, and comments that say what belongs there."""

from __future__ import annotations

import re

from credstone.scaffold.draft import Draft
from credstone.suite.load import Suite, shown
from credstone.words.actor import Actor
from credstone.words.errors import CredstoneError

_WORD = re.compile(r"[a-z0-9][a-z0-9.-]*")
_SCRIPT = """\
# The subject of this script, in one sentence.

# Why this scenario matters: which program depends on the promise, or which system broke it.
scenario {name}
  cites {clause}
  as    {actor}

  {call:<32} = {answer}
"""


def new_scenario(suite: Suite, name: str) -> Draft:
    """The draft of ``PAGE/SCRIPT``, or of ``PAGE/SCRIPT/SCENARIO``.

    Raises CredstoneError if there is no such page, if a name is wrong, or if the script exists.
    """
    page, *names = name.split("/")
    if len(names) not in (1, 2) or not all(_WORD.fullmatch(each) for each in names):
        raise CredstoneError(
            f"'{name}' does not name a new script.",
            "A name is PAGE/SCRIPT or PAGE/SCRIPT/SCENARIO, in lower case with hyphens: setgid.2/daemons.",
        )
    if page not in suite.pages:
        raise CredstoneError(
            f"There is no page {page} in {shown(suite.folder)}.", f"Make it first: credstone new page {page}."
        )
    script, scenario = names[0].removesuffix(".scn"), names[-1].removesuffix(".scn")
    path = suite.folder / page / f"{script}.scn"
    if path.exists():
        raise CredstoneError(f"{shown(path)} exists already.", "Write the scenario into it, or name another script.")
    clauses = suite.pages[page].clauses
    if not clauses:
        raise CredstoneError(
            f"The page {page} has no clause that a scenario can cite.",
            f"Write one into {shown(suite.folder / page / 'clauses.toml')}.",
        )
    return Draft(
        files={path: script_text(suite, scenario, clauses[0].id)},
        steps=(
            (
                f"Replace the lines of {shown(path)}. After a success read back what changed; after a failure, that nothing "
                "did. suites/README.md has the notation."
            ),
            f"Cite the clauses that it shows: 'credstone explain CLAUSE' prints one of {page}.",
            f"Run 'credstone run {page}/{script}' and 'credstone run {page}/{script} --target model'.",
            "Break the rule in a mutant that the scenario catches.",
        ),
    )


def script_text(suite: Suite, scenario: str, clause: str) -> str:
    """A script whose only scenario holds everywhere: it reads back the IDs of an actor."""
    actor = suite.actors.get("user") or next(iter(suite.actors.values()))
    ids = _ids(actor)
    call, answer = ("getresuid()", f"{ids[0]} {ids[1]} {ids[2]}") if ids else ("getgroups(0)", "0")
    return _SCRIPT.format(name=scenario, clause=clause, actor=actor.name, call=call, answer=answer)


def _ids(actor: Actor) -> tuple[int, ...]:
    """The real, effective and saved user ID of an actor; empty if its file does not say them."""
    if isinstance(actor.uid, int):
        return (actor.uid,) * 3
    return actor.uid or ()
