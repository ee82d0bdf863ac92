"""The table of calls against the model and the suite."""

from __future__ import annotations

import pytest

from credstone.calls.check import mistakes
from credstone.calls.kinds import KINDS, Place
from credstone.calls.table import MACHINES, declarations
from credstone.model.table import find
from credstone.suite.load import default_folder, load_suite
from credstone.words.call import Call, Items, Text, Word


def test_the_model_has_every_call() -> None:
    for name, call in declarations().items():
        for api in call.apis:
            assert find(name, api)


def test_every_kind_is_one_that_is_checked() -> None:
    used = {parameter.kind for call in declarations().values() for form in call.forms for parameter in form}
    assert used - {"word"} == set(KINDS)


FOLDERS = {"agent", "agent/c", "agent/python", "repro", "repro/c", "repro/python", "repro/shell"}


def test_the_columns_of_a_call_fit_together() -> None:
    for name, call in declarations().items():
        assert set(call.by_hand.split()) <= FOLDERS, name
        assert call.python in ("os", "pwd", "grp", "library", "kernel"), name
        assert call.moves in ("", "process", "thread"), name
        assert call.leaves in ("", "process", "names"), name
        assert len(call.numbers) in (0, len(MACHINES)), name
        if call.python == "kernel" and not call.is_by_hand("agent/python"):
            assert call.numbers, f"{name}: the Python agent makes it by number"
        if not call.is_by_hand("agent/c"):
            assert len(call.forms) == 1, f"{name}: a call of several forms is not regular in C"
            assert call.header or call.old or call.no_function or not call.through_every_api, f"{name}: no header"


def test_the_suite_has_no_call_with_a_mistake() -> None:
    wrong = {}
    for scenario in load_suite(default_folder()).scenarios:
        place = Place(frozenset(file.name for file in scenario.files), frozenset(scenario.children))
        for line in scenario.lines:
            then = line.then if line.call.name == "clone" else None
            for call in (line.call, *([then] if then else [])):
                for each in mistakes(call, place):
                    wrong[f"{scenario.id}:{line.number}"] = each.says
    assert wrong == {}


@pytest.mark.parametrize(
    ("call", "says", "argument"),
    [
        (Call("execve", (Word("f"),)), "did you mean exec?", None),
        (Call("getgroups32"), "did you mean getgroups?", None),
        (Call("seteuid32", (5,)), "did you mean seteuid?", None),
        (Call("setgud", (5,)), "did you mean set", None),
        (Call("fork"), "child c:", None),
        (Call("frobnicate"), "there is no call frobnicate", None),
        (Call("setgid", (5, 6)), "setgid takes 1 argument, and here are 2", None),
        (Call("setgid"), "setgid takes 1 argument, and here are none", None),
        (Call("getresuid", (Word("valid"),)), "0 or 3 arguments", None),
        (Call("setgid", (Items((5,)),)), "an ID is expected", 0),
        (Call("open", (Word("f"), Word("O_RDONLYX"))), "there is no constant O_RDONLYX", 1),
        (Call("open", (Word("g"), 0)), "g is no file of the scenario", 0),
        (Call("kill", (Word("d"), 9)), "no line is performed by a child d", 0),
        (Call("capset", (0, Word("CAP_SETUIDS"), 0)), "there is no constant CAP_SETUIDS", 1),
        (Call("getresuid", (Word("valid"), Word("nul"), Word("null"))), "a pointer is expected", 1),
        (Call("initgroups", (5, 5)), "a text is expected", 0),
        (Call("setgid", (), (("gid", 5),)), "takes no arguments by name", None),
        (Call("setgroups16", (Items((5,)), Word("broad"))), "wide", 1),
    ],
)
def test_a_mistake_is_found_and_placed(call: Call, says: str, argument: int | None) -> None:
    place = Place(frozenset({"f"}), frozenset({"c"}))
    (wrong,) = mistakes(call, place)
    assert says in wrong.says
    assert wrong.argument == argument


def test_what_is_right_is_no_mistake() -> None:
    place = Place(frozenset({"f"}), frozenset({"c"}))
    for call in (
        Call("kill", (Word("c"), Word("SIGKILL"))),
        Call("kill", (Word("$c"), 0)),
        Call("open", (Text("new"), Word("O_CREAT|O_WRONLY"), 0o600)),
        Call("capset", (Word("CAP_SETUID|CAP_SETGID"), 0, 0)),
        Call("capget", (0, 1, Word("null"), Word("header"))),
        Call("setgid", (Word("$asked-gid"),)),
        Call("os.setgid", (5, 6)),
    ):
        assert list(mistakes(call, place)) == []
