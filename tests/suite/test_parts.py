"""What the cells of a script need, and the lines that are more than a call: read into values."""

from __future__ import annotations

from building import line, scenario
from credstone.notation.show import show_expectations, show_line
from credstone.words.call import Text
from credstone.words.scenario import (
    Contains,
    Database,
    File,
    FileCapabilities,
    Is,
    Killed,
)


def test_files_have_content_owner_and_mode() -> None:
    cell = scenario(
        "  file helper = agent, owner 0:0, mode 4755\n"
        "  file door owner 0:500 mode 0705\n"
        '  file note = "text"\n'
        "  exec(helper) = 0"
    )
    assert cell.files == (
        File("helper", "agent", "", 0, 0, 0o4755),
        File("door", "text", "", 0, 500, 0o705),
        File("note", "text", "text", -1, -1, 0o644),
    )


def test_folders_and_capabilities_of_files() -> None:
    cell = scenario(
        "  file attic = folder, owner 0:500, mode 2775\n"
        '  file attic/helper = agent, capabilities "cap_setuid,cap_setgid=ep", rootid 100000\n'
        "  folder nosuid\n"
        '  exec("attic/helper") = 0'
    )
    assert cell.nosuid
    assert cell.files[0] == File("attic", "folder", "", 0, 500, 0o2775)
    assert cell.files[1].name == "attic/helper"
    assert cell.files[1].capabilities == FileCapabilities(0xC0, 0, True, 100000)


def test_capabilities_of_a_file_in_several_groups() -> None:
    cell = scenario('  file helper = agent, capabilities "cap_setuid=ep cap_setgid,cap_kill=i"\n  exec(helper) = 0')
    assert cell.files[0].capabilities == FileCapabilities(0x80, 0x60, True)


def test_a_line_is_repeated() -> None:
    lines = scenario("  unshare(CLONE_NEWUSER) = 0 for n in 1..3\n  setgid($n) = 0 for n in 5..6").lines
    assert [each.call.name for each in lines] == ["unshare"] * 3 + ["setgid"] * 2
    assert [each.call.arguments for each in lines[3:]] == [(5,), (6,)]


def test_calls_that_are_repeated_together() -> None:
    lines = scenario("  child c: setuid($n) = 0; getuid() = $n for n in 5..6").lines
    assert [(line.who, show_line(line), show_expectations(line)) for line in lines] == [
        ("child c", "child c: setuid(5)", "= 0"),
        ("main", "getuid()", "= 5"),
        ("child c", "child c: setuid(6)", "= 0"),
        ("main", "getuid()", "= 6"),
    ]


def test_escapes_stand_for_characters() -> None:
    read = line(r'  write("/proc/self/uid_map", "0 0 1\n\t\0\\") = "\n"')
    assert read.call.arguments[1] == Text("0 0 1\n\t\0\\")
    assert read.expected == (Is("\n"),)
    assert show_line(read) == r'write("/proc/self/uid_map", "0 0 1\n\t\0\\")'


def test_a_text_of_many_lines() -> None:
    (only,) = scenario('  write("/proc/self/uid_map", "$n 1$n 1" for n in 0..2) = 9').lines
    assert only.call.arguments[1] == Text("0 10 1\n1 11 1\n2 12 1")


def test_a_call_is_left_unfinished_and_resumed() -> None:
    begun, between, resumed = scenario(
        "  thread t: read_pipe() <unfinished ...>\n  write_pipe() = 1\n  thread t: <... read_pipe resumed> = 1"
    ).lines
    assert (begun.unfinished, between.unfinished, resumed.resumed) == (True, False, True)
    assert resumed.call == begun.call
    assert show_line(begun) == "thread t: read_pipe() <unfinished ...>"
    assert show_line(resumed) == "thread t: <... read_pipe resumed>"


def test_bits_and_signals_are_expected_by_name() -> None:
    assert line("  capget() = CAP_CHOWN|CAP_SETUID 0 CAP_CHOWN").expected == (Is((0x81, 0, 1)),)
    assert line("  status(self, CapEff) contains CAP_SETUID").expected == (Contains(0x80),)
    assert line("  setgid(1) = killed by SIGABRT").expected == (Killed("SIGABRT"),)
    assert line("  vforked: setgid(1) = 0").who == "vforked"


def test_the_process_of_a_child_stands_in_texts() -> None:
    first, _ = scenario('  write("/proc/$c/uid_map", "0 0 1")\n  child c: getuid()').lines
    assert first.call.arguments[0] == Text("/proc/$c/uid_map")


def test_a_copy_of_the_agent_can_be_executed() -> None:
    assert scenario("  file helper = agent\n  exec(helper)").files[0].mode == 0o755


def test_a_database_has_lines_and_rows_of_lines() -> None:
    cell = scenario('  passwd "a$n:x:$n:$n::/:" for n in 1..3\n  passwd "z:x:9:9::/:"\n  group "g:x:7:a1"\n  getuid()')
    assert cell.database == Database(
        passwd=("a1:x:1:1::/:", "a2:x:2:2::/:", "a3:x:3:3::/:", "z:x:9:9::/:"), group=("g:x:7:a1",)
    )


def test_a_file_of_the_database_can_be_missing() -> None:
    assert scenario("  group missing\n  getuid()").database == Database(passwd=(), group=None)


def test_a_scenario_without_database_takes_none() -> None:
    assert scenario("  getuid()").database is None


def test_load_limit_and_abi() -> None:
    cell = scenario("  while threads come and go, 200 at a time\n  within 30 s\n  abi i386\n  setuid16(1)")
    assert (cell.load, cell.limit, cell.abi) == (200, 30_000, "i386")
    assert scenario("  while 20 threads watch each other\n  left_behind()").watch == 20
