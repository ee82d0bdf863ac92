"""Mistakes in scripts: shown like a compiler's, in words for people."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from building import parse
from credstone.notation.mistake import Mistake, Mistakes
from mistaken import under_caret, well_shown

HEAD = "scenario something\n  cites stays-open\n  as root\n"
PLACE = "doors.2/hinges.scn"


def mistake(body: str, head: str = HEAD) -> Mistake:
    """The mistake in this script.  Whatever it is, it names place and line, and speaks no parser's language."""
    text = head + body
    with pytest.raises(Mistake) as caught:
        parse(text)
    return well_shown(caught.value, text, PLACE)


# the notation


def test_the_whole_message() -> None:
    assert str(mistake("  setgroups([1, 2) = 0\n")) == (
        "doors.2/hinges.scn:4:18: ')' is not expected here, but ',', '..' or ']'\n"
        "      setgroups([1, 2) = 0\n"
        "                     ^"
    )


def test_a_missing_bracket() -> None:
    found = mistake("  setgid(5 = 0\n")
    assert under_caret(found) == "= 0"
    assert "')'" in found.message


def test_a_list_that_does_not_end() -> None:
    found = mistake("  getgroups() = {1\n")
    assert (found.line, found.column) == (4, 19)
    assert "the end of the line is not expected here" in found.message
    assert "'}'" in found.message


def test_no_expectation_after_the_sign() -> None:
    found = mistake("  getuid() =\n")
    for possible in ("a number", "an errno", "an exception", 'a text in "quotes"', "'NULL'"):
        assert possible in found.message


def test_a_call_without_brackets() -> None:
    found = mistake("  setgid 5\n")
    assert under_caret(found) == "setgid 5"
    assert "a call such as setgid(1000)" in found.message


def test_who_is_unknown() -> None:
    found = mistake("  somebody: setgid(5)\n")
    assert under_caret(found).startswith("somebody")
    assert "who performs the line, such as 'thread t:'" in found.message


def test_a_header_after_the_lines() -> None:
    assert under_caret(mistake("  getuid()\n  via libc\n")) == "via libc"


def test_a_misspelt_header_shows_all_there_are() -> None:
    found = mistake("  whith gid in 1\n")
    for header in ("'abi'", "'as'", "'cites'", "'file'", "'group'", "'passwd'", "'via'", "'while'", "'with'"):
        assert header in found.message


def test_words_of_a_file_are_shown_as_written() -> None:
    found = mistake("  file x size 5\n  getuid()\n")
    assert "'mode'" in found.message
    assert "'owner'" in found.message


def test_an_unclosed_quote() -> None:
    found = mistake('  write("/proc/self/setgroups, "deny)\n  getuid()\n')
    assert (found.line, found.message) == (4, "'deny' is not expected here, but ')', ',' or 'for'")
    found = mistake('  write("/proc/self/setgroups)\n  getuid()\n')
    assert found.message == "this text has no closing quote in its line"
    assert under_caret(found) == '"/proc/self/setgroups)'


def test_a_character_that_cannot_be_seen_is_named() -> None:
    assert "the character U+0007 is not expected" in mistake("  setgid(\a)\n").message


def test_a_tab_counts_as_one_column() -> None:
    found = mistake("\tsetgid(\t5 = 0\n")
    assert (found.column, under_caret(found)) == (12, "= 0")


def test_a_mistake_after_carriage_returns() -> None:
    text = f"{HEAD}  setgid(5 = 0\n".replace("\n", "\r\n")
    with pytest.raises(Mistake) as caught:
        parse(text)
    assert str(well_shown(caught.value, text, PLACE)).endswith("      setgid(5 = 0\n               ^")


def test_line_breaks_that_only_unicode_knows_do_not_count() -> None:
    assert mistake("  # a\u2028b\x0cc\n  setgid(5 = 0\n").line == 5


# what the words mean


def test_missing_headers() -> None:
    for present, missing in (("as root", "cites"), ("cites x", "as")):
        found = mistake(f"scenario lost\n  {present}\n  getuid()\n", head="")
        assert found.message.startswith(f"scenario lost does not say '{missing}': add a line such as '{missing} ")
        assert under_caret(found) == "lost"


def test_a_scenario_without_lines() -> None:
    assert mistake("").message.startswith("the end of the file is not expected here, but ")
    found = mistake("\nscenario other\n  cites x\n  as root\n  getuid()\n")
    assert under_caret(found) == "scenario other"


def test_a_script_without_scenarios_is_no_success() -> None:
    for text in ("", "\n\n", "# only a comment\n"):
        assert "there is no scenario in this script" in mistake(text, head="").message


def test_an_undefined_variable() -> None:
    found = mistake("  with gid in 1\n  setgid($gud)\n")
    assert found.message == "$gud is not defined: here are $gid, $pid; a line 'with gud in 1, 2' would define it"
    assert under_caret(found) == "$gud)"


def test_an_undefined_variable_in_a_text_points_at_the_text() -> None:
    assert under_caret(mistake('  write("a", "0 $gud 1")\n')) == '"0 $gud 1")'


def test_what_only_the_agent_knows_cannot_be_expected() -> None:
    for line in ("  getpid() = $pid", "  getgroups() = [1, $pid]", "  getgroups() contains $pid"):
        found = mistake(f"{line}\n")
        assert "known only when the cell runs" in found.message
        assert under_caret(found).startswith("$pid")


def test_what_nobody_can_ask_for() -> None:
    found = mistake("  getuid() = $asked-user\n")
    assert found.message.startswith("there is no $asked-user: there are $asked-uid, $asked-gid")
    assert under_caret(found) == "$asked-user"
    assert "no end of a range" in mistake("  getgroups() = [$asked-gid..7]\n").message


def test_an_empty_range() -> None:
    found = mistake("  setgroups([1, 9..7])\n")
    assert found.message == "the range 9..7 is empty: the smaller number comes first"
    assert under_caret(found) == "9..7])"


def test_ranges_and_families_are_bounded() -> None:
    assert "has more than 1048576 numbers" in mistake("  setgroups([0..4294967294])\n").message
    family = "  with a in 1..10000\n  with b in 1..10000\n  setregid($a, $b)\n"
    assert "more than 1048576 scenarios" in mistake(family).message


def test_numbers_fit_into_64_bits() -> None:
    for number in (2**63, -(2**63) - 1, "9" * 5000):
        assert mistake(f"  setgid({number})\n").message == "this number does not fit into 64 bits"


def test_octal_numbers_have_octal_digits() -> None:
    assert "08 is no octal number" in mistake("  umask(08)\n").message


def test_load_and_limit_are_above_zero() -> None:
    for header in (
        "within 0 s",
        "within -5 s",
        "while threads come and go, -3 at a time",
        "while 0 threads watch each other",
    ):
        assert "a number from 1 to 1000000 is expected" in mistake(f"  {header}\n  getuid()\n").message


def test_who_watches_looks_at_main() -> None:
    watch = "  while 20 threads watch each other\n"
    assert "main makes the calls" in mistake(f"{watch}  thread t: setgid(1)\n").message
    assert "left_behind() needs a line" in mistake("  left_behind()\n").message


def test_nothing_is_named_twice() -> None:
    assert mistake("  as user, root\n  getuid()\n").message == "root is named twice"
    assert mistake("  via libc, libc\n  getuid()\n").message == "libc is named twice"
    assert mistake("  with gid in 1..3, 2\n  getuid()\n").message.startswith("$gid is 2 twice")
    assert mistake("  file door\n  file door\n  getuid()\n").message == "there is a file door already"


def test_a_missing_database_has_no_lines() -> None:
    found = mistake('  group missing\n  group "g:x:7:"\n  getuid()\n')
    assert found.message == "the group file cannot be missing and have lines"
    assert under_caret(found) == '"g:x:7:"'
    assert mistake('  group "g:x:7:"\n  group missing\n  getuid()\n').line == 5


def test_an_owner_is_an_id() -> None:
    assert "4294967295 is no id" in mistake("  file x owner 0:4294967295\n  getuid()\n").message


# whatever is written

VALID = """\
# What it is about.
scenario everything-at-once
  cites stays-open, opendoor(2)/EPERM-key
  as    root
  via   libc, syscall
  with  gid in 1, 5..7
  file  helper = agent, owner 0:0, mode 4755
  passwd "a$n:x:$n:$n::/:" for n in 1..3
  group missing
  while threads come and go, 200 at a time
  within 3 s

  setgroups([1, 2..9, $gid])       = 0 or EPERM
  thread t: getresgid()            = $gid $gid $gid
  outside: write("/proc/$pid/x", "0 1 2") contains 7
  subprocess(user="x")             child getgroups() = {1, 2}   # why
"""
PIECES = re.findall(r"\s+|\w+|.", VALID)


def reads_or_says_why(text: str) -> None:
    try:
        parse(text)
    except (Mistake, Mistakes) as found:
        for each in [found] if isinstance(found, Mistake) else found.mistakes:
            well_shown_whatever(each, text)


def well_shown_whatever(found: Mistake, text: str) -> None:
    assert 1 <= found.line <= text.count("\n") + 2
    # the message may quote what stands in the script, but names nothing of the parser's own
    assert not [name for name in re.findall(r"__\w*|ANON\w*", found.message) if name not in text]


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("$")
@example("__")
@example("scenario a\n" + "(" * 3000)
def test_any_text_reads_or_says_why(text: str) -> None:
    reads_or_says_why(text)
    reads_or_says_why(f"{HEAD}  {text}")
    reads_or_says_why(f"{HEAD}  setgid({text})\n")
    reads_or_says_why(f"{HEAD}  setgid(1) = {text}\n")


@given(st.integers(0, len(VALID)), st.integers(0, 20))
def test_any_cut_reads_or_says_why(at: int, length: int) -> None:
    reads_or_says_why(VALID[:at])
    reads_or_says_why(VALID[:at] + VALID[at + length :])


@given(st.integers(0, len(PIECES) - 1), st.sampled_from(PIECES) | st.text(st.characters(codec="utf-8"), max_size=3))
def test_any_swapped_piece_reads_or_says_why(at: int, piece: str) -> None:
    reads_or_says_why("".join([*PIECES[:at], piece, *PIECES[at + 1 :]]))


def test_the_text_that_is_cut_is_valid() -> None:
    assert len(parse(VALID)) == 4


def test_a_call_that_is_not_unfinished_cannot_be_resumed() -> None:
    assert mistake("  thread t: <... read_pipe resumed> = 1\n").message == (
        "thread t is in no call read_pipe that is unfinished"
    )
    assert "cannot leave a call unfinished" in mistake("  pause() <unfinished ...>\n").message
    found = mistake("  thread t: pause() <unfinished ...>\n  thread t: getuid()\n")
    assert found.message == "thread t is still in pause: it must be resumed before"
    assert found.line == 5


def test_capabilities_of_a_file_are_written_as_setcap_takes_them() -> None:
    assert "no capabilities of a file" in mistake('  file a = agent, capabilities "cap_frob=ep"\n  getuid()\n').message
    assert "rootid belongs to" in mistake("  file a = agent, rootid 5\n  getuid()\n").message


@pytest.mark.parametrize(
    ("header", "twice"),
    [
        ('file f = "x" mode 0600 mode 0700', "the mode of f is given twice"),
        ('file f = agent = "x"', "the content of f is given twice"),
        ("file f = folder = agent", "the content of f is given twice"),
        ("file f owner 1:1, owner 2:2", "the owner of f is given twice"),
        ('file f capabilities "cap_kill=p" capabilities "cap_chown=p"', "the capabilities of f is given twice"),
        ("within 3 s\n  within 4 s", "twice"),
        ("abi i386\n  abi i386", "twice"),
    ],
)
def test_what_is_said_twice_is_not_dropped(header: str, twice: str) -> None:
    assert twice in mistake(f"  {header}\n  getuid()\n").message
