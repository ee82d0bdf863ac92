"""Verdicts on fabricated transcripts."""

from __future__ import annotations

import msgspec
import pytest

from building import credential, facts
from credstone.judge.judge import judge
from credstone.words.actor import Become
from credstone.words.answer import Answer
from credstone.words.credential import Ids
from credstone.words.transcript import Step
from credstone.words.verdict import BROKEN, PASS, UNSUPPORTED, Finding, Verdict
from judge.transcript import AS_GROUP_7, ROOT, USER, Told, failed, gave

# passing


def test_what_was_promised_and_what_the_page_says_passes() -> None:
    told = Told("  setgid(7) = 0\n  getgid() = 7", gave(0, AS_GROUP_7), gave(7, AS_GROUP_7))
    verdict = told.verdict()
    assert (verdict.verdict, verdict.reason, verdict.finding) == (PASS, "", None)
    assert verdict.transcript == told.transcript


def test_a_refusal_that_changed_nothing_passes() -> None:
    assert Told("  setgid(7) = EPERM", failed("EPERM", USER), start=USER).verdict().verdict == PASS


# failing


def test_a_wrong_answer() -> None:
    verdict = Told("  getuid() = 0\n  setgid(7) = 0", gave(0, ROOT), failed("EPERM", ROOT)).finding(
        line=1, expected="0", seen="EPERM"
    )
    assert verdict.reason == "setgid(7) = 0 expected, EPERM seen"
    assert verdict.finding is not None
    assert verdict.finding.clause.startswith("setgid(2)/")


def test_a_call_that_failed_and_still_changed_something() -> None:
    changed = msgspec.structs.replace(USER, gid=Ids(1000, 1000, 7, 1000))
    verdict = Told("  setgid(7) = EPERM", failed("EPERM", changed), start=USER).finding(
        line=0, expected="saved gid 1000", seen="7"
    )
    assert verdict.reason == "setgid(7): saved gid 1000 expected, 7 seen"


def test_a_call_that_succeeded_and_changed_too_little() -> None:
    half = msgspec.structs.replace(AS_GROUP_7, gid=Ids(7, 7, 0, 7))
    Told("  setgid(7) = 0", gave(0, half)).finding(line=0, expected="saved gid 7", seen="0")


def test_a_look_that_changed_something() -> None:
    Told("  getgroups() = [100]", gave((100,), credential())).finding(expected="groups [100]", seen="[]")


def test_set_up_that_succeeded_with_the_wrong_effect() -> None:
    Told("  setgid(7)\n  getuid() = 0", gave(0, ROOT), gave(0, ROOT)).finding(line=0, expected="real gid 7", seen="0")


def test_what_the_author_forgot_the_model_knows() -> None:
    Told("  getgid() contains 7 \n  getgroups() contains 100", gave((7,), ROOT), gave((100,), ROOT)).finding(
        line=0, expected="0", seen="[7]"
    )


def test_another_thread_that_changed_or_did_not() -> None:
    body = "  thread t: getgid() = 0\n  setgid(7) = 0"
    begin = Step(Answer("", 0), {"main": ROOT, "thread t": ROOT})
    left_behind = Step(Answer("", 0), {"main": AS_GROUP_7, "thread t": msgspec.structs.replace(ROOT, dumpable=0)})
    verdict = Told(body, begin, left_behind).finding(line=1, expected="thread t: real gid 7", seen="0")
    assert verdict.reason == "setgid(7): thread t: real gid 7 expected, 0 seen"


def test_a_call_that_wrote_where_it_must_not() -> None:
    stray = Step(Answer("", (100,), "", 4), {"main": ROOT})
    Told("  getgroups(1) = [100]", stray).finding(seen="[100] and 4 bytes written where none may be")


def test_a_hang_belongs_to_the_line_that_did_not_return() -> None:
    verdict = Told("  getuid() = 0\n  setgid(7) = 0", gave(0, ROOT), end="hang").finding(line=1)
    assert verdict.reason == "hang: setgid(7) did not return in time"


def test_a_crash_is_blamed_by_name() -> None:
    for end, name in (("signal 11", "SIGSEGV"), ("signal 6", "SIGABRT"), ("signal 40", "signal 40")):
        verdict = Told("  getuid() = 0\n  setgid(7) = 0", gave(0, ROOT), end=end).finding(line=1)
        assert verdict.reason == f"crash: {name} ended the process in setgid(7)"


def test_a_trapped_call_names_the_filter() -> None:
    verdict = Told("  setgid(7) = 0", end="signal 31").finding(line=0)
    assert "SIGSYS" in verdict.reason
    assert "seccomp" in verdict.reason


# broken: not the target's fault, or nobody knows whose


def broken(told: Told) -> str:
    verdict = told.verdict()
    assert verdict.verdict == BROKEN
    assert "Traceback" not in verdict.reason
    return verdict.reason


def test_killed_from_outside() -> None:
    for end, name in (("signal 9", "SIGKILL"), ("signal 15", "SIGTERM")):
        reason = broken(Told("  setgid(7) = 0", end=end))
        assert reason == f"killed: {name} from outside ended the cell in setgid(7)"


def test_an_exit_before_the_end() -> None:
    assert broken(Told("  setgid(7) = 0", end="exit 3")) == "the cell ended with exit 3 in setgid(7)"


def test_an_end_that_the_protocol_does_not_know() -> None:
    for end in ("", "garbage", "exit", "done early"):
        broken(Told("  setgid(7) = 0", end=end))


def test_a_transcript_that_stops_and_says_it_is_done() -> None:
    broken(Told("  setgid(7) = 0\n  getgid() = 7", gave(0, AS_GROUP_7)))


def test_no_transcript() -> None:
    told = Told("  setgid(7) = 0")
    verdict = judge(told.cell, told.setup, told.facts, "the agent is gone")
    assert verdict == Verdict(BROKEN, "the agent is gone")


def test_the_wrong_actor() -> None:
    told = Told("  setgid(7) = 0", gave(0, AS_GROUP_7))
    told.setup = (Become(credential(groups=(100, 200))),)
    verdict = told.verdict()
    assert verdict.verdict == BROKEN
    assert verdict.finding == Finding(-1, "groups [100, 200]", "[100]")
    assert verdict.reason == "the set-up did not give the actor's credentials: groups [100, 200] expected, [100] seen"


def test_set_up_that_failed_without_a_reason() -> None:
    verdict = Told("  setgid(7)\n  getgid() = 7", failed("ENOMEM", ROOT), gave(7, ROOT)).verdict()
    assert (verdict.verdict, verdict.reason) == (BROKEN, "setgid(7) is set-up, and answered ENOMEM")


def test_what_nobody_looked_at_is_no_pass() -> None:
    told = Told("  setgid(7) = 0", Step(Answer("", 0), {}))
    assert broken(told) == "the agent reported the credentials of nobody after setgid(7), where there are main"
    told = Told("  setgid(7) = 0", gave(0, AS_GROUP_7))
    told.transcript = msgspec.structs.replace(told.transcript, start={})
    assert "reported the credentials of nobody after the set-up" in broken(told)


def test_who_does_not_exist_is_not_reported() -> None:
    reason = broken(Told("  setgid(7) = 0", gave(0, AS_GROUP_7, **{"thread x": ROOT})))
    assert "reported the credentials of main, thread x after setgid(7)" in reason


def test_a_set_up_that_was_refused_for_no_known_reason() -> None:
    assert broken(Told("  getuid()", end="refused", note="setgroups: EPERM")) == (
        "the set-up was refused: setgroups: EPERM"
    )


def test_a_cell_that_the_agent_cannot_read() -> None:
    told = Told("  getuid()", end="refused", note="agent: no call getuid").on(facts(seccomp=2))
    assert broken(told) == "agent: no call getuid"


# unsupported: the facts explain it


def test_a_set_up_that_a_filter_refused() -> None:
    verdict = Told("  getuid()", end="refused", note="setgroups: EPERM").on(facts(seccomp=2)).verdict()
    assert verdict.verdict == UNSUPPORTED
    assert verdict.reason == "the set-up was refused (setgroups: EPERM), and a seccomp filter is active"


@pytest.mark.parametrize("line", ["setgid(70000) = 0", "setgid(70000)"])
def test_a_promise_that_the_facts_of_the_target_undo(line: str) -> None:
    small = facts(uid_map="0 0 65536", gid_map="0 0 65536")
    verdict = Told(f"  {line}", failed("EINVAL", ROOT)).on(small).verdict()
    assert verdict.verdict == UNSUPPORTED
    assert "setgid(2)/EINVAL" in verdict.reason
    assert "gid_map '0 0 65536'" in verdict.reason
