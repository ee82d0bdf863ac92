"""Whether an answer is what a line expects."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from credstone.judge.matching import matches, meets
from credstone.words.answer import Answer, Value, refused
from credstone.words.scenario import Contains, Expectation, Fails, Is, Lacks, Raises, Unordered


def gave(value: Value) -> Answer:
    return Answer("", value)


def test_a_value_is_that_value() -> None:
    for value in (0, -1, "deny", (1, 2), (), None):
        assert matches(Is(value), gave(value))
        assert not matches(Is(value), gave(7))


def test_the_order_of_a_list_counts() -> None:
    assert not matches(Is((1, 2)), gave((2, 1)))


def test_the_order_of_a_set_does_not_but_how_often_does() -> None:
    assert matches(Unordered((1, 2, 2)), gave((2, 1, 2)))
    assert not matches(Unordered((1, 2, 2)), gave((2, 1)))
    assert not matches(Unordered((1, 2)), gave((2, 1, 2)))
    assert not matches(Unordered(()), gave(0))


def test_contains_and_lacks_speak_of_lists_and_bits() -> None:
    assert matches(Contains(7), gave((1, 7)))
    assert matches(Lacks(7), gave(()))
    assert matches(Contains(6), gave(7))
    assert matches(Lacks(6), gave(9))
    for expected in (Contains(7), Lacks(7)):
        assert not matches(expected, gave(0b0011))
        assert not matches(expected, gave("7"))
        assert not matches(expected, refused("EPERM"))


def test_a_refusal_names_its_errno() -> None:
    assert matches(Fails("EPERM"), refused("EPERM"))
    assert not matches(Fails("EPERM"), refused("EINVAL"))
    assert not matches(Fails("EPERM"), gave(-1))
    assert not matches(Is(-1), refused("EPERM")), "a failure is no value, whatever the wrapper returned"


def test_an_exception_with_an_errno_is_that_errno() -> None:
    assert matches(Raises("TypeError"), Answer("", -1, "TypeError"))
    assert matches(Fails("EPERM"), Answer("EPERM", -1, "PermissionError"))
    assert not matches(Raises("PermissionError"), Answer("EPERM", -1, "PermissionError"))
    assert not matches(Is(-1), Answer("", -1, "TypeError"))


def test_one_of_several_expectations_is_enough() -> None:
    assert meets((Is(7), Fails("EPERM")), refused("EPERM"))
    assert not meets((Is(7), Fails("EPERM")), refused("EINVAL"))
    assert not meets((), gave(0))


expectations: st.SearchStrategy[Expectation] = st.sampled_from(
    [Is(0), Is((1,)), Unordered((1,)), Contains(1), Lacks(2), Fails("EPERM"), Raises("TypeError")]
)
answers = st.sampled_from([gave(0), gave((1,)), refused("EPERM"), Answer("", -1, "TypeError")])


@given(expectations, answers, st.integers(1, 64))
def test_who_writes_where_none_may_write_meets_nothing(expected: Expectation, answer: Answer, stray: int) -> None:
    assert not matches(expected, Answer(answer.errno, answer.value, answer.exception, stray))
