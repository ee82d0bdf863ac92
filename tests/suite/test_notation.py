"""The notation: everything that a script can say, as values and printed back."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from building import family, line, line_alone, parse, scenario
from credstone.notation.show import show_answer, show_call, show_expectations, show_line
from credstone.words.answer import Answer
from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.container_start import PLACEHOLDERS
from credstone.words.scenario import (
    ALL_THREADS,
    OUTSIDE,
    AsAsked,
    Contains,
    Database,
    Expectation,
    Fails,
    Is,
    Lacks,
    Line,
    Raises,
    Unordered,
    Within,
)

# what a scenario needs


def test_a_scenario_has_a_name_clauses_actors_and_lines() -> None:
    (only,) = parse(
        "scenario the-key-decides\n"
        "  cites EPERM-key, opendoor(2)/stays-open, linux/check-order\n"
        "  as    user, root-without-CAP_SETGID\n"
        "  via   syscall, libc\n"
        "\n"
        "  setgroups([]) = EPERM\n"
        "  getgid()\n"
    )
    assert only.id == "doors.2/hinges/the-key-decides"
    assert only.cites == ("EPERM-key", "opendoor(2)/stays-open", "linux/check-order")
    assert only.actors == ("user", "root-without-CAP_SETGID")
    assert only.apis == ("syscall", "libc")
    assert [line.call.name for line in only.lines] == ["setgroups", "getgid"]


def test_a_line_knows_where_it_stands() -> None:
    first, second = scenario("\n  getuid()\n    getgid()\n").lines
    assert (first.number, first.column) == (5, 3)
    assert (second.number, second.column) == (6, 5)


def test_the_comment_right_above_a_scenario_is_what_it_is_about() -> None:
    head = "scenario {}\n  cites x\n  as root\n  getuid()\n"
    first, second = parse(
        "# Of the file.\n\n# One promise,\n# in two lines.\n"
        + head.format("a")
        + "# Too far away.\n\n"
        + head.format("b")
    )
    assert first.about == "One promise, in two lines."
    assert second.about == ""


def test_comments_may_stand_anywhere_but_in_a_text() -> None:
    lines = scenario('  # one\n  getuid()  # two\n\n  # three\n  write("a#b", "#") = 1 # four').lines
    assert [show_line(each) for each in lines] == ["getuid()", 'write("a#b", "#")']


def test_a_missing_last_line_break_does_no_harm() -> None:
    assert parse("scenario a\n  cites x\n  as root\n  getuid() = 0")[0].lines[0].expected == (Is(0),)


def test_carriage_returns_do_no_harm() -> None:
    text = "scenario a\n  cites x\n  as root\n\n  # c\n  getuid() = 0\n"
    assert parse(text.replace("\n", "\r\n")) == parse(text)


def test_tabs_are_space() -> None:
    assert line("\tgetuid()\t=\t0").expected == (Is(0),)


# families


def test_a_family_is_a_scenario_for_each_value() -> None:
    cells = family("  with gid in 65534, 70000..70002\n  setgid($gid) = 0\n  getresgid() = $gid $gid $gid")
    assert [cell.values for cell in cells] == [(("gid", gid),) for gid in (65534, 70000, 70001, 70002)]
    assert cells[1].id == "doors.2/hinges/something[gid=70000]"
    assert cells[1].lines[0].call == Call("setgid", (70000,))
    assert cells[1].lines[1].expected == (Is((70000, 70000, 70000)),)


def test_two_families_make_all_pairs() -> None:
    cells = family("  with a in 1, 2\n  with b in 3, 4\n  setregid($a, $b)")
    assert [cell.lines[0].call.arguments for cell in cells] == [(1, 3), (1, 4), (2, 3), (2, 4)]
    assert cells[3].id.endswith("[a=2,b=4]")


def test_variables_stand_in_texts_lists_sets_files_and_databases() -> None:
    (cell,) = family(
        "  with gid in 70000\n"
        '  file note = "$gid:$gid"\n'
        '  passwd "someone:x:$gid:$gid::/:"\n'
        '  outside: write("/proc/$pid/gid_map", "0 $gid 1")\n'
        "  setgroups([$gid, 1]) = {1, $gid} or [$gid]\n"
        "  getgroups() contains $gid\n"
    )
    assert cell.files[0].content == "70000:70000"
    assert cell.database == Database(passwd=("someone:x:70000:70000::/:",))
    write, groups, contains = cell.lines
    assert write.call.arguments == (Text("/proc/$pid/gid_map"), Text("0 70000 1"))
    assert groups.call.arguments == (Items((70000, 1)),)
    assert groups.expected == (Unordered((1, 70000)), Is((70000,)))
    assert contains.expected == (Contains(70000),)


def test_the_agents_own_variable_stays_for_the_agent() -> None:
    assert line("  outside: status($pid, Groups)").call.arguments == (Word("$pid"), Word("Groups"))


def test_a_dollar_that_begins_no_name_is_a_dollar() -> None:
    assert line('  write("a", "$ $6$")').call.arguments[1] == Text("$ $6$")


# arguments


def test_arguments_are_numbers_texts_words_and_lists() -> None:
    call = line_alone('  setgroups(-1, "/a b", bad-pointer, O_RDONLY|O_CREAT, [], [1, "x", y])').call
    assert call.arguments == (
        -1,
        Text("/a b"),
        Word("bad-pointer"),
        Word("O_RDONLY|O_CREAT"),
        Items(()),
        Items((1, Text("x"), Word("y"))),
    )


def test_a_number_that_begins_with_0_is_octal_and_modes_are_shown_so() -> None:
    assert line('  chmod("door", 04755)').call.arguments == (Text("door"), 0o4755)
    for text in ('chmod("door", 0000)', 'open("new", O_CREAT, 0640)', "umask(0077)", 'mkdir("d", 01777)'):
        assert show_call(line(f"  {text}").call) == text
    seen = line('  stat("door") = 0 500 02750')
    assert show_expectations(seen) == "= 0 500 02750"


def test_a_range_in_a_list_stands_for_its_numbers() -> None:
    assert line("  setgroups([7, 1..3, -2..0])").call.arguments == (Items((7, 1, 2, 3, -2, -1, 0)),)


def test_python_takes_arguments_by_name() -> None:
    call = line('  subprocess(user="nobody", extra_groups=[1..3], group=5) child getgroups()').call
    assert call.keywords == (("user", Text("nobody")), ("extra_groups", Items((1, 2, 3))), ("group", 5))


def test_words_of_the_notation_can_be_names_of_calls() -> None:
    for name in ("scenario", "cites", "file", "group", "while", "with", "child"):
        assert line_alone(f"  {name}(1)").call == Call(name, (1,))


# who


def test_a_line_says_who_performs_it() -> None:
    cell = scenario(
        "  getuid()\n  thread t: getuid()\n  child c: setresuid(1, 2, 3)\n  outside: getuid()\n  all threads: getuid()"
    )
    assert [each.who for each in cell.lines] == ["main", "thread t", "child c", OUTSIDE, ALL_THREADS]


def test_a_child_can_be_an_argument() -> None:
    assert line_alone("  kill(c, 0) = EPERM").call.arguments == (Word("c"), 0)


def test_a_second_call_is_made_in_the_process_that_the_first_one_started() -> None:
    both = line("  subprocess(extra_groups=[])      child getgroups() = []")
    assert (both.call.name, both.then, both.expected) == ("subprocess", Call("getgroups"), (Is(()),))


# expectations


def test_a_line_without_an_expectation_is_set_up() -> None:
    assert line("  setgid(5)").expected == ()


def test_each_kind_of_expectation() -> None:
    kinds: dict[str, Expectation] = {
        "= 0": Is(0),
        "= -1": Is(-1),
        "= 1 2 3": Is((1, 2, 3)),
        '= "deny"': Is("deny"),
        "= []": Is(()),
        "= [7, 1..3]": Is((7, 1, 2, 3)),
        "= {3, 1, 3, 2}": Unordered((1, 2, 3, 3)),
        "contains 7": Contains(7),
        "lacks 7": Lacks(7),
        "within {7, 2}": Within((2, 7)),
        "= $asked-uid 0": AsAsked("ids", ("$asked-uid", 0)),
        "= [$asked-gid]": AsAsked("list", ("$asked-gid",)),
        "= {$asked-gid, 1..2}": AsAsked("set", ("$asked-gid", 1, 2)),
        "within {$asked-gid, $asked-groups}": AsAsked("within", ("$asked-gid", "$asked-groups")),
        "contains $asked-gid": AsAsked("contains", ("$asked-gid",)),
        "lacks $asked-gid": AsAsked("lacks", ("$asked-gid",)),
        "= EPERM": Fails("EPERM"),
        "= E2BIG": Fails("E2BIG"),
        "= errno 0": Fails("errno 0"),
        "= TypeError": Raises("TypeError"),
        "= OSError": Raises("OSError"),
        "= EOFError": Raises("EOFError"),
        "= NULL": Is(None),
    }
    for text, expected in kinds.items():
        assert line(f"  getgroups() {text}").expected == (expected,), text


def test_alternatives_are_joined_by_or() -> None:
    expected = line("  setgid(1) = 0 or EPERM or 1 2 or {2, 1} or OverflowError").expected
    assert expected == (Is(0), Fails("EPERM"), Is((1, 2)), Unordered((1, 2)), Raises("OverflowError"))


# printing


def test_ids_side_by_side_print_as_they_are_written() -> None:
    assert show_expectations(line("  getresgid() = 1 2 3")) == "= 1 2 3"


def test_neighbours_print_as_a_range() -> None:
    assert show_line(line("  setgroups([1, 2, 3, 4, 9, 10])")) == "setgroups([1..4, 9, 10])"
    mixed = 'os.setgroups([0..65535, "wheel", 7, -2, 1..9])'
    assert show_line(line(f"  {mixed}")) == mixed


def test_answers_print_as_a_script_writes_them() -> None:
    call = Call("getgroups")
    assert show_answer(Answer("EPERM", -1), call) == "EPERM"
    assert show_answer(Answer("", -1, "TypeError"), call) == "TypeError"
    assert show_answer(Answer("", (1, 2)), call) == "[1, 2]"
    assert show_answer(Answer("", (1, 2, 3)), Call("getresuid")) == "1 2 3"
    assert show_answer(Answer("", None), call) == "NULL"
    assert "8 bytes" in show_answer(Answer("", 0, "", 8), call)


names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
numbers = st.integers(-(2**63), 2**63 - 1)
ids = st.integers(-3, 12) | st.integers(0, 2**32 - 1)
texts = st.text(st.characters(exclude_characters='"$', exclude_categories=["Cs"]), max_size=12).map(Text)
words = st.from_regex(r"[A-Za-z_][A-Za-z_-]{0,9}(\|[A-Z_]{1,6})?", fullmatch=True).map(Word) | st.just(Word("$pid"))
lists = st.lists(numbers | texts | words | ids, max_size=8).map(lambda listed: Items(tuple(listed)))
arguments: st.SearchStrategy[Argument] = numbers | texts | words | lists
calls = st.builds(
    Call,
    names | st.sampled_from(["os.setgroups", "getresuid", "getresgid", "stat", "setuid16"]),
    st.lists(arguments, max_size=4).map(tuple),
    st.lists(st.tuples(names, arguments), max_size=2).map(tuple),
)
tuples = st.lists(ids, max_size=8).map(tuple)
outcomes: st.SearchStrategy[Expectation] = st.one_of(
    (numbers | texts.map(lambda text: text.text) | tuples | st.none()).map(Is),
    tuples.map(lambda listed: Unordered(tuple(sorted(listed)))),
    st.sampled_from(["EPERM", "E2BIG", "errno 0", "errno 524"]).map(Fails),
    st.sampled_from(["TypeError", "OSError", "EOFError"]).map(Raises),
)
asked_for = st.lists(ids | st.sampled_from(sorted(PLACEHOLDERS)), min_size=1, max_size=4).filter(
    lambda parts: any(isinstance(part, str) for part in parts)
)
outcomes |= st.builds(AsAsked, st.sampled_from(["ids", "list", "set"]), asked_for.map(tuple))
alone = st.one_of(
    ids.map(Contains),
    ids.map(Lacks),
    tuples.map(lambda listed: Within(tuple(sorted(listed)))),
    st.builds(AsAsked, st.just("within"), asked_for.map(tuple)),
    st.builds(
        AsAsked, st.sampled_from(["contains", "lacks"]), st.sampled_from(sorted(PLACEHOLDERS)).map(lambda word: (word,))
    ),
)
expectations = st.lists(outcomes, max_size=4).map(tuple) | alone.map(lambda one: (one,))
people = st.just("main") | st.sampled_from([OUTSIDE, ALL_THREADS, "thread t2", "child c_"])


@given(st.builds(Line, calls, people, expectations, st.none() | calls))
def test_what_is_printed_reads_as_the_same(written: Line) -> None:
    read = line_alone(f"  {show_line(written)} {show_expectations(written)}")
    assert (read.call, read.who, read.expected, read.then) == (
        written.call,
        written.who,
        written.expected,
        written.then,
    )


@given(calls)
def test_printing_never_breaks_a_line(call: Call) -> None:
    assert "\n" not in show_call(call)


@pytest.mark.parametrize(
    "order", list(itertools.permutations(["owner 500:600", "mode 4755", "= agent", 'capabilities "cap_kill=p"']))
)
def test_the_parts_of_a_file_header_come_in_any_order(order: tuple[str, ...]) -> None:
    for separator in (" ", ", "):
        text = separator.join(order).replace(", =", " =")
        (file,) = scenario(f"  file prog {text}\n  getuid()").files
        assert (file.kind, file.owner, file.group, file.mode) == ("agent", 500, 600, 0o4755), text
        assert file.capabilities is not None


@pytest.mark.parametrize(("text", "mode"), [("= agent", 0o755), ("= folder", 0o755), ('= "x"', 0o644), ("", 0o644)])
def test_a_file_without_a_mode_has_the_usual_one(text: str, mode: int) -> None:
    (file,) = scenario(f"  file prog owner 5:6 {text}\n  getuid()").files
    assert (file.owner, file.mode) == (5, mode)


def test_numbers_are_hexadecimal_or_constants_anywhere() -> None:
    assert line("  setgid(0x3E8) = 0x3e8").expected == (Is(1000),)
    assert line("  setgid(-0x1)").call.arguments == (-1,)
    assert line("  setgroups([0x10..0x12])").call.arguments[0] == Items((16, 17, 18))
    assert line("  getgroups() = [0x10..0x12]").expected == (Is((16, 17, 18)),)
    assert line("  getgroups() within {0x1, 2}").expected == (Within((1, 2)),)
    assert line("  prctl(PR_GET_PDEATHSIG, valid) = SIGKILL or 0x0").expected == (Is(9), Is(0))
    assert line("  prctl(PR_GET_SECUREBITS) = SECBIT_NOROOT|SECBIT_KEEP_CAPS").expected == (Is(0x11),)
    assert line("  getpid() = SECBIT_NOROOT|0x10").expected == (Is(0x11),)
    versions = family("  with version in _LINUX_CAPABILITY_VERSION_3, 0x20, AT_UID\n  capget(0, $version, valid)")
    assert [each.values for each in versions] == [(("version", number),) for number in (0x20080522, 32, 11)]


def test_sets_of_capabilities_are_printed_by_name() -> None:
    full = (1 << 41) - 1
    for call, value, shown in (
        (Call("capget"), (0x80, 0, 0x1C0), "CAP_SETUID 0 CAP_SETGID|CAP_SETUID|CAP_SETPCAP"),
        (Call("capget"), (full, full & ~1, 1 << 41), f"{full:#x} {full & ~1:#x} 0x20000000000"),
        (Call("status", (Word("self"), Word("CapEff"))), 0x80, "CAP_SETUID"),
        (Call("status", (Word("self"), Word("SigBlk"))), 0x80, "128"),
        (Call("prctl", (Word("PR_GET_SECUREBITS"),)), 0x11, "SECBIT_NOROOT|SECBIT_KEEP_CAPS"),
        (Call("prctl", (Word("PR_GET_SECUREBITS"),)), 0x10001, "SECBIT_NOROOT|0x10000"),
    ):
        assert show_answer(Answer("", value), call) == shown
        assert line(f"  {show_call(call)} = {shown}").expected == (Is(value),)
    written = line("  capget() contains CAP_SETUID")
    assert show_expectations(written) == "contains CAP_SETUID"
