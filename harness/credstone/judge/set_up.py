"""A set-up that the plan thought possible and a call refused: a known restriction, a fault of the target, or of neither.

The agent makes the actor by other calls than those under test, so a refusal says nothing about those.  Making a user namespace
is the exception: there is no other way to make one, and the pages say when it must succeed.
"""

from __future__ import annotations

from itertools import takewhile

from credstone.model.perform import NotModelled, perform
from credstone.model.start import start
from credstone.words.actor import Enter, Setup
from credstone.words.answer import refused
from credstone.words.call import Call, Word
from credstone.words.cell import Cell
from credstone.words.clause import level
from credstone.words.facts import Facts
from credstone.words.refusals import is_refusal
from credstone.words.scenario import MAIN
from credstone.words.transcript import Transcript
from credstone.words.verdict import BROKEN, FAIL, PASS, UNSUPPORTED, Finding, Verdict

SETUP = -1
"""The number of the line where a finding is about the set-up."""
NEW_USER_NAMESPACE = "unshare(CLONE_NEWUSER)"
"""How the note of an agent names the call that makes the user namespace of an actor."""


def judge_refused(cell: Cell, setup: Setup, facts: Facts, transcript: Transcript, *, strict: bool) -> Verdict:
    """The verdict on a cell whose set-up was refused; ``strict`` is whether it is judged by more than the pages."""
    note = transcript.note
    if note.startswith("agent: "):
        return Verdict(BROKEN, note, transcript=transcript)
    call, _, error = note.rpartition(": ")
    if facts.seccomp and is_refusal(error):
        reason = f"the set-up was refused ({note}), and a seccomp filter is active"
        return Verdict(UNSUPPORTED, reason, transcript=transcript)
    if call == NEW_USER_NAMESPACE:
        return _refused_namespace(cell, setup, facts, transcript, error, strict=strict)
    return Verdict(BROKEN, f"the set-up was refused: {note}", transcript=transcript)


def _refused_namespace(
    cell: Cell, setup: Setup, facts: Facts, transcript: Transcript, error: str, *, strict: bool
) -> Verdict:
    """The verdict on an actor whose user namespace could not be made: the model says what was due."""
    before = tuple(takewhile(lambda step: not isinstance(step, Enter), setup))
    world = start(before, facts, cell.scenario)
    try:
        due = perform(world, MAIN, "syscall", Call("unshare", (Word("CLONE_NEWUSER"),)))
    except NotModelled as unknown:
        return Verdict(BROKEN, f"the set-up was refused: {transcript.note}; {unknown}", transcript=transcript)
    if refused(error) in due.allowed:
        reason = f"the set-up was refused ({transcript.note}), as {due.clause} has it"
        return Verdict(UNSUPPORTED, reason, transcript=transcript)
    if not strict and level(due.clause) != "man":
        return Verdict(PASS, transcript=transcript)
    expected = due.outcome.answer.errno or "0"
    reason = f"the set-up of the actor: {NEW_USER_NAMESPACE} = {expected} expected, {error} seen"
    return Verdict(FAIL, reason, Finding(SETUP, expected, error, due.clause), transcript=transcript)
