"""The header ``for id in uid, gid``: one scenario for each word, and where the word is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from building import CLAUSES, family, make_suite, parse_alone, write_suite
from credstone.notation.mistake import Mistake, Mistakes
from credstone.notation.show import show_expectations, show_line
from credstone.notation.substitute import in_text, pattern_in_script
from credstone.suite.load import load_suite
from credstone.suite.select import select
from credstone.words.call import Text, Word
from credstone.words.cell import item_name
from credstone.words.scenario import Contains
from mistaken import mistake, under_caret

TWO = "  for id in uid, gid\n"


def both(lines: str) -> list[list[str]]:
    """The lines of the scenario with uid, and of that with gid."""
    return [[show_line(line) for line in each.lines] for each in family(TWO + lines)]


def test_a_scenario_for_each_word() -> None:
    assert both("  set$id(1000) = 0\n  getres$id() = 1000 1000 1000") == [
        ["setuid(1000)", "getresuid()"],
        ["setgid(1000)", "getresgid()"],
    ]


def test_in_upper_case_and_capitalised() -> None:
    for each, name, word, bit in zip(
        family(
            TWO
            + "  status($pid, $Id)\n  capset(CAP_SET$ID, CAP_KILL|CAP_SET$ID, 0)\n  status($pid, CapEff) contains CAP_SET$ID"
        ),
        ("CAP_SETUID", "CAP_SETGID"),
        ("Uid", "Gid"),
        (1 << 7, 1 << 6),
        strict=True,
    ):
        status, capset, last = each.lines
        assert status.call.arguments == (Word("$pid"), Word(word))
        assert capset.call.arguments == (Word(name), Word(f"CAP_KILL|{name}"), 0)
        assert last.expected == (Contains(bit),)


def test_in_headers_and_in_the_comment() -> None:
    first, second = parse_alone(
        "# A $id is not a $ID; $Ids.\nscenario something\n  cites set$id(2)/EPERM-$id, x\n  as three-$ids, root\n" + TWO +
        '  file $id-door = "$id", capabilities "cap_set$id=ep"\n  passwd "$id:x:1:1::/:"\n  getuid()\n'
    )  # fmt: skip
    assert (first.about, second.about) == ("A uid is not a UID; Uids.", "A gid is not a GID; Gids.")
    assert first.cites == ("setuid(2)/EPERM-uid", "x")
    assert second.actors == ("three-gids", "root")
    (file,) = second.files
    assert (file.name, file.content) == ("gid-door", "gid")
    assert file.capabilities is not None
    assert file.capabilities.permitted == 1 << 6
    assert second.database is not None
    assert second.database.passwd == ("gid:x:1:1::/:",)


def test_in_those_who_perform_a_line_and_in_calls_that_return_later() -> None:
    assert both("  child $ids: getuid()\n  kill($ids, 0)\n  thread $id: set$id(1) <unfinished ...>\n  thread $id: <... set$id resumed>") == [
        ["child uids: getuid()", "kill(uids, 0)", "thread uid: setuid(1) <unfinished ...>", "thread uid: <... setuid resumed>"],
        ["child gids: getuid()", "kill(gids, 0)", "thread gid: setgid(1) <unfinished ...>", "thread gid: <... setgid resumed>"],
    ]  # fmt: skip


def test_in_texts_beside_other_variables() -> None:
    first, _ = family(TWO + '  with n in 7\n  child c: write("/proc/$c/$id_map", "$n$id $n$ID$pid")')
    assert first.lines[0].call.arguments == (Text("/proc/$c/uid_map"), Text("7uid 7UID$pid"))


def test_together_with_a_family() -> None:
    cells = family("  with value in 1, 2\n" + TWO + "  set$id($value) = $value")
    assert [each.full_name for each in cells] == [
        f"something[id={word},value={value}]" for word in ("uid", "gid") for value in (1, 2)
    ]
    assert [show_line(each.lines[0]) for each in cells] == ["setuid(1)", "setuid(2)", "setgid(1)", "setgid(2)"]
    assert [show_expectations(each.lines[0]) for each in cells] == ["= 1", "= 2"] * 2
    assert cells[0].values == (("id", "uid"), ("value", 1))
    assert (cells[0].words, cells[0].numbers) == ({"id": "uid"}, {"value": 1})
    assert cells[1].family == cells[0].family == "doors.2/hinges/something[id=uid]"


def test_two_headers_are_all_combinations() -> None:
    cells = family(TWO + "  for old in uid, gid\n  set$id(1)\n  get$old()")
    assert [each.values for each in cells] == [(("id", a), ("old", b)) for a in ("uid", "gid") for b in ("uid", "gid")]
    assert [show_line(each.lines[1]) for each in cells] == ["getuid()", "getgid()"] * 2


def test_each_line_has_its_own_place() -> None:
    for each in family(TWO + "  set$id(1)\n  set$id(2) ; get$id()"):
        assert [(line.number, line.column) for line in each.lines] == [(5, 3), (6, 3), (6, 15)]


@pytest.mark.parametrize(
    ("lines", "message", "caret"),
    [
        ("  setx$id(1)", "there is no call setxuid", "setx$id"),
        ("  set$id(1, 2)", "setuid takes 1 argument", "set$id"),
        ("  set$id($ID)", "an ID is expected here", "$ID)"),
        ("  set$id(1) = EPRM", "there is no errno EPRM", "EPRM"),
        ("  set$id(1) = $id", "the variable stands for the word uid here, but a number is expected", "$id"),
        ("  set$id(1) = [1..$id]", "the variable stands for the word uid here", "$id]"),
        ("  capset(CAP_SEX$ID, 0, 0)", "there is no constant CAP_SEXUID", "CAP_SEX$ID"),
        ("  with n in $id\n  getuid()", "the variable stands for the word uid here", "$id"),
        ("  set$id($gud)", "$gud is not defined: here are $id, $pid; a line 'with gud in 1, 2' would define it", "$gud)"),
        ('  write("a", "$gud$id")', "$gud is not defined", '"$gud$id"'),
        ("  status($pid, $Gud)", "$Gud is not defined: here are $id, $pid; a line 'for gud in uid, gid'", "$Gud)"),
        ("  file $id-door, mode 0644, mode 0644\n  getuid()", "the mode of uid-door is given twice", "0644"),
        ("  thread t: <... set$id resumed>", "thread t is in no call setuid that is unfinished", "<... set$id resumed>"),
    ],
)  # fmt: skip
def test_a_mistake_is_shown_where_it_is_written(lines: str, message: str, caret: str) -> None:
    found = mistake(f"{TWO}{lines}\n")
    assert found.message.startswith(message)
    assert under_caret(found).startswith(caret)


@pytest.mark.parametrize(
    ("lines", "name", "caret"),
    [
        ("  set$id(1)", "$id", "set$id(1)"),
        ("  capset(CAP_SET$ID, 0, 0)", "$ID", "CAP_SET$ID"),
        ("  status($pid, $Id)", "$Id", "$Id)"),
        ("  child $ids: getuid()", "$ids", "child $ids:"),
        ("  file $id-door\n  getuid()", "$id", "$id-door"),
        ("  open(door-$id, O_RDONLY)", "$id", "door-$id"),
        ("  setuid($)", "$", "$)"),
    ],
)
def test_without_a_header_it_is_not_defined(lines: str, name: str, caret: str) -> None:
    found = mistake(f"{lines}\n")
    word = name[1:].lower() or "id"
    assert found.message == f"{name} is not defined: here are $pid; a line 'for {word} in uid, gid' would define it"
    assert under_caret(found).startswith(caret)


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ("  for ID in uid, gid\n", "ID cannot stand for words"),
        ("  for i in uid, gid\n", "i cannot stand for words"),
        ("  for id in uid, gid, uid\n", "$id is uid twice"),
        (f"{TWO}  for id in uid, gid\n", "$id and $id cannot be distinguished"),
        (f"{TWO}  for idle in uid, gid\n", "$idle and $id cannot be distinguished"),
        ("  for idle in uid, gid\n" + TWO, "$id and $idle cannot be distinguished"),
        (f"{TWO}  with id in 1, 2\n", "$id and $id cannot be distinguished"),
        (f"{TWO}  with ids in 1, 2\n", "$id and $ids cannot be distinguished"),
        (f'{TWO}  passwd "a$idn" for idn in 1..2\n', "$id and $idn cannot be distinguished"),
        ("  for pi in uid, gid\n", "$pi and $pid cannot be distinguished"),
        ("  for as in uid, gid\n", "$as and $asked cannot be distinguished"),
    ],
)
def test_a_header_that_cannot_be(headers: str, message: str) -> None:
    assert mistake(f"{headers}  getuid()\n").message.startswith(message)


def test_variables_of_lines_and_children_are_kept_apart_too() -> None:
    assert "$id and $idle cannot" in mistake(f"{TWO}  setuid($idle) for idle in 1..2\n").message
    assert "$id and $ida cannot" in mistake(f"{TWO}  child ida: getuid()\n").message


# ---- in a suite ----

SCRIPT = """\
scenario a-key-opens
  cites opendoor(2)/EPERM-key
  as    root
  for   id in uid, gid
  with  value in 1, 2

  set$id($value)
"""


def test_every_name_of_it_can_be_selected(tmp_path: Path) -> None:
    suite = make_suite(tmp_path / "suite", locks=SCRIPT)
    there = [each.id for each in suite.scenarios]
    assert there == [
        f"doors.2/locks/a-key-opens[id={word},value={value}]" for word in ("uid", "gid") for value in (1, 2)
    ]
    for name, meant in (
        ("a-key-opens", there),
        ("doors.2/locks/a-key-opens[id=gid]", there[2:]),
        ("a-key-opens[id=gid]@root:libc", there[2:]),
        ("locks/a-key-opens[id=gid,value=2]", there[3:]),
        ("a-key-opens[id=uid,value=2]", there[1:2]),
    ):
        assert [each.id for each in select(suite, name).scenarios] == meant
    for scenario in suite.scenarios:
        item = item_name(scenario, "root", "libc", "", "host")
        assert [each.id for each in select(suite, f"doors.2/locks.scn::{item}").scenarios] == [scenario.id]


@pytest.mark.parametrize(
    ("header", "caret", "message"),
    [
        ("  cites open$id\n  as    root\n", "open$id", "there is no clause openuid"),
        ("  cites opendoor(2)/EPERM-key\n  as    root, three-$ids\n", "three-$ids", "there is no actor three-uids"),
        ("  cites opendoor(2)/EPERM-key\n  as    root, three-uids\n", "three-uids", "there is no actor three-uids"),
    ],
)
def test_an_unknown_name_is_shown_where_it_is_written(tmp_path: Path, header: str, caret: str, message: str) -> None:
    folder = write_suite(tmp_path / "suite", clauses=CLAUSES, locks=f"scenario something\n{header}{TWO}  get$id()\n")
    with pytest.raises((Mistake, Mistakes)) as raised:
        load_suite(folder)
    found = raised.value.mistakes if isinstance(raised.value, Mistakes) else [raised.value]
    assert message in {each.message.partition(";")[0] for each in found if isinstance(each, Mistake)}
    assert {under_caret(each) for each in found if isinstance(each, Mistake)} == {caret}


names = st.from_regex(r"[a-z]{2,4}", fullmatch=True)
words = st.from_regex(r"[A-Za-z][a-z-]{0,5}", fullmatch=True)


@given(names, words, st.lists(st.sampled_from(["$", "x", "-", "(2)/", "{}"]), max_size=4))
def test_what_was_replaced_is_found_in_what_was_written(name: str, word: str, parts: list[str]) -> None:
    for form in (name, name.upper(), name.capitalize()):
        written = "".join(part.replace("{}", f"${form}") for part in parts)
        done = in_text(written, {name: word})
        assert re.fullmatch(pattern_in_script(done, {name: word}), written)


def test_dollar_signs_that_mean_something_else_stay() -> None:
    first, _ = family(TWO + '  write("a", "$ $6$ $HOME")')
    assert first.lines[0].call.arguments[1] == Text("$ $6$ $HOME")
