"""Which cells are not worth waiting for: hangs are counted by call and API, and forgotten when the call returns."""

from __future__ import annotations

import msgspec

from building import credential, parse
from credstone.agent.stuck import Stuck
from credstone.words.actor import Actor
from credstone.words.answer import Answer
from credstone.words.cell import Cell
from credstone.words.scenario import Scenario
from credstone.words.transcript import DONE, HANG, Step, Transcript

SEEN = {"main": credential()}
DONE_STEP = Step(Answer(), SEEN)


def cell(place: str, *calls: str, api: str = "libc", actor: str = "user") -> Cell:
    """A cell of ``page/script/scenario`` that makes these calls."""
    page, script, name = place.split("/")
    lines = "".join(f"  {call}\n" for call in calls)
    (found, *_) = parse(f"scenario {name}\n  cites opendoor(2)/stays-open\n  as root\n\n{lines}")
    return Cell(_at(found, page, script), Actor(about="", name=actor), api, "host")


def _at(found: Scenario, page: str, script: str) -> Scenario:
    return msgspec.structs.replace(found, page=page, script=script)


def hang(stuck: Stuck, one: Cell, after: int = 0) -> None:
    """The cell hangs after so many lines."""
    stuck.saw(one, Transcript(1, HANG, "", SEEN, (DONE_STEP,) * after))


def end(stuck: Stuck, one: Cell) -> None:
    stuck.saw(one, Transcript(1, DONE, "", SEEN, (DONE_STEP,) * len(one.scenario.lines)))


def test_nothing_is_given_up_before_anything_hung() -> None:
    assert Stuck().why_not(cell("a/b/c", "setgid(5)")) == ""


def test_two_hangs_of_a_scenario_give_up_its_other_cells() -> None:
    stuck = Stuck()
    hang(stuck, cell("a/b/c", "setgid(5)", actor="root"))
    assert stuck.why_not(cell("a/b/c", "setgid(5)")) == ""
    hang(stuck, cell("a/b/c", "setgid(5)", actor="user"))
    assert "'setgid by libc' did not return" in stuck.why_not(cell("a/b/c", "setgid(5)", actor="third"))
    assert stuck.why_not(cell("a/b/d", "setgid(5)")) == "", "another scenario"
    assert stuck.why_not(cell("a/b/c", "setgid(5)", api="syscall")) == "", "another API"


def test_three_scenarios_give_up_their_script_and_others_get_one_try() -> None:
    stuck = Stuck()
    for name in "cde":
        hang(stuck, cell(f"a/b/{name}", "getgid()", "setgid(5)"), after=1)
    assert stuck.why_not(cell("a/b/z", "setgid(5)"))
    assert stuck.why_not(cell("a/b/z", "getgid()", "getuid()")) == "", "it does not make the call"
    other = cell("a/other/z", "setgid(5)")
    assert stuck.why_not(other) == ""
    hang(stuck, other)
    assert stuck.why_not(cell("a/other/y", "setgid(5)"))
    assert stuck.why_not(cell("a/third/y", "setgid(5)")), "two scripts of the page are enough"
    assert stuck.why_not(cell("z/third/y", "setgid(5)")) == ""


def test_a_call_that_returns_somewhere_is_forgotten() -> None:
    stuck = Stuck()
    for name in "cde":
        hang(stuck, cell(f"a/b/{name}", "setgid(5)"))
    end(stuck, cell("a/other/z", "setgid(5)"))
    assert stuck.why_not(cell("a/b/z", "setgid(5)")) == ""
    hang(stuck, cell("a/b/z", "setgid(5)"))
    assert stuck.why_not(cell("a/b/y", "setgid(5)")) == "", "all begins anew"


def test_a_call_that_returned_before_another_one_hung_is_forgotten_too() -> None:
    stuck = Stuck()
    for name in "cde":
        hang(stuck, cell(f"a/b/{name}", "setgid(5)"))
    hang(stuck, cell("a/other/z", "setgid(5)", "setuid(5)"), after=1)
    assert stuck.why_not(cell("a/b/z", "setgid(5)")) == ""


def test_three_pages_give_it_up_everywhere() -> None:
    stuck = Stuck()
    for page in "abc":
        hang(stuck, cell(f"{page}/script/one", "setgid(5)"))
    assert stuck.why_not(cell("z/script/one", "setgid(5)"))
    assert stuck.why_not(cell("z/script/one", "setuid(5)")) == ""


def test_the_values_of_a_family_are_one_scenario() -> None:
    stuck = Stuck()
    one, two, three = _family()
    hang(stuck, one)
    hang(stuck, two)
    assert stuck.why_not(three)


def test_words_are_scenarios_of_their_own() -> None:
    stuck = Stuck()
    uid, gid, _ = _family("for id in uid, gid, euid", "getgid()")
    hang(stuck, uid)
    assert stuck.why_not(uid) == ""
    hang(stuck, gid)
    assert stuck.why_not(gid) == ""


def _family(header: str = "with gid in 1, 2, 3", call: str = "setgid($gid)") -> list[Cell]:
    text = f"scenario c\n  cites opendoor(2)/stays-open\n  as root\n  {header}\n\n  {call}\n"
    return [Cell(each, Actor(about="", name="user"), "libc", "host") for each in parse(text)]


def test_a_set_up_may_hang_too() -> None:
    stuck = Stuck()
    for page in "abc":
        stuck.saw(cell(f"{page}/b/c", "getuid()", actor="inside"), Transcript(1, HANG, "", {}, ()))
    assert "'the set-up of inside by libc' did not return" in stuck.why_not(cell("z/b/c", "setgid(5)", actor="inside"))
    assert stuck.why_not(cell("z/b/c", "getuid()", actor="outside")) == ""


def test_what_never_returned_is_suspected_of_losing_the_agent() -> None:
    stuck = Stuck()
    end(stuck, cell("a/b/c", "getgid()"))
    for page in "abc":
        stuck.lost(cell(f"{page}/b/d", "getgid()", "setgid(5)"))
    assert "'setgid by libc'" in stuck.why_not(cell("z/b/c", "setgid(5)"))
    assert stuck.why_not(cell("z/b/c", "getgid()")) == ""


def test_a_call_that_is_left_unfinished_has_not_returned() -> None:
    stuck = Stuck()
    reading = cell("a/b/c", "thread t: read_pipe() <unfinished ...>", "setgid(5)")
    for page in "abc":
        hang(stuck, cell(f"{page}/b/c", "read_pipe()"))
    hang(stuck, reading, after=1)
    assert "'read_pipe by libc'" in stuck.why_not(cell("z/b/c", "read_pipe()"))
