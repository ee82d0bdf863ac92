"""The audit on a page of our own: each status once, and what a new release of the page shows."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from credstone.cli.clauses import show_audit
from credstone.manpages.audit import GONE, INFORMATIVE, MOVED, OPEN, TESTED, UNTESTABLE, UNUSED, audit
from credstone.manpages.page import digest
from credstone.suite.clauses import Page
from credstone.words.clause import Clause
from credstone.words.errors import CredstoneError

PAGE = """\
.TH opendoor 2 2024-05-06 "Linux man-pages 6.03"
.SH NAME
opendoor \\- open a door
.SH DESCRIPTION
Opening takes a key.
Doors are old.
.TP
.BR DOOR_GLASS " (since 4.2)"
Glass breaks.
.SH ERRORS
.TP
.B EPERM
The caller has no key.
.TP
.B EIO
The lock is rusty.
.SH NOTES
Nobody reads this.
"""

KEY = Clause("opendoor(2)/key", "opendoor.2", "DESCRIPTION", "A key is needed.", (digest("Opening takes a key."),))
NO_KEY = Clause("opendoor(2)/EPERM", "opendoor.2", "ERRORS", "No key, no door.", (digest("The caller has no key."),))
RUST = Clause(
    "opendoor(2)/EIO", "opendoor.2", "ERRORS", "Rust.", (digest("The lock is rusty."),), untestable="no lock rusts here"
)
WHOLE = Page(
    "opendoor.2",
    ("opendoor",),
    "6.03",
    (KEY, NO_KEY, RUST),
    {"DESCRIPTION: DOOR_GLASS": "not about keys", "NOTES": "chat"},
    {digest("Doors are old."): "says nothing"},
)


@pytest.fixture
def man(tmp_path: Path) -> Path:
    return write(tmp_path, PAGE)


def write(root: Path, text: str) -> Path:
    (root / "man2").mkdir(exist_ok=True)
    (root / "man2" / "opendoor.2").write_text(text)
    return root


def statuses(page: Page, man: Path) -> list[tuple[str, str]]:
    return [(entry.status, entry.where) for entry in audit(page, (man,)).entries]


def test_every_sentence_is_accounted_for(man: Path) -> None:
    assert statuses(WHOLE, man) == [
        (INFORMATIVE, "NAME"),
        (TESTED, "DESCRIPTION"),
        (INFORMATIVE, "DESCRIPTION"),
        (INFORMATIVE, "DESCRIPTION: DOOR_GLASS (since 4.2)"),
        (TESTED, "ERRORS: EPERM"),
        (UNTESTABLE, "ERRORS: EIO"),
        (INFORMATIVE, "NOTES"),
    ]
    assert audit(WHOLE, (man,)).wrong == ()


def test_what_nobody_looked_at_is_not_classified(man: Path) -> None:
    bare = msgspec.structs.replace(WHOLE, sections={}, sentences={}, clauses=(KEY,))
    wrong = audit(bare, (man,)).wrong
    assert [entry.status for entry in wrong] == [OPEN] * 5
    assert wrong[0].text == "Doors are old."


def test_a_new_release_shows_what_changed(tmp_path: Path) -> None:
    newer = PAGE.replace("6.03", "6.9").replace("The caller has no key.", "The caller has neither key nor axe.")
    newer = newer.replace("Opening takes a key.\n", "").replace("Nobody reads", "Opening takes a key.\nNobody reads")
    found = audit(WHOLE, (write(tmp_path, newer),))
    assert (found.read, found.installed) == ("6.03", "6.9")
    assert {(entry.status, entry.where) for entry in found.wrong} == {
        (OPEN, "ERRORS: EPERM"),
        (GONE, "ERRORS"),
        (MOVED, "NOTES"),
    }


def test_entries_that_speak_of_nothing(man: Path) -> None:
    odd = msgspec.structs.replace(
        WHOLE,
        sections={**WHOLE.sections, "HISTORY": "there is none"},
        sentences={**WHOLE.sentences, KEY.digests[0]: "twice", "0123456789ab": "nowhere"},
    )
    assert {(entry.status, entry.by) for entry in audit(odd, (man,)).wrong} == {
        (UNUSED, "there is none"),
        (UNUSED, "a clause has this digest already"),
        (GONE, "nowhere"),
    }


def test_a_page_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CredstoneError, match=r"opendoor\(2\) is not installed"):
        audit(WHOLE, (tmp_path,))


def test_the_command_tells_the_counts(man: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = tmp_path / "suites"
    (suite / "opendoor.2").mkdir(parents=True)
    (suite / "actors.toml").write_text('[root]\nabout = "Root."\n')
    clause = f'[clause."opendoor(2)/key"]\nsection = "DESCRIPTION"\nsays = "A key."\ndigest = "{KEY.digests[0]}"\n'
    (suite / "opendoor.2" / "clauses.toml").write_text(
        'page = "opendoor.2"\nnames = ["opendoor"]\nrelease = "6.01"\n[sections]\nNOTES = "chat"\n' + clause
    )
    assert show_audit(man=man, suites=suite) == 1
    told = capsys.readouterr().out
    assert "opendoor(2) (man-pages 6.03, clauses read in 6.01): 1 tested, 2 informative, 4 not classified" in told
    assert "      The lock is rusty." in told
    with pytest.raises(CredstoneError, match="There is no page knob"):
        show_audit("knob", man=man, suites=suite)
