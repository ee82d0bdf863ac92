"""The judge: holds the transcript of a cell against the scenario and the model, and finds the first thing that is wrong.

A scenario's author says what must be answered; the model says what else must be the case, so a call that fails and still
changes something fails the cell, though the script never mentions it.
"""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence

from credstone.judge.blame import Evidence, blamed
from credstone.judge.difference import as_told, differences
from credstone.judge.matching import meets
from credstone.judge.newer_kernel import meant_for_a_newer_kernel
from credstone.judge.set_up import SETUP, judge_refused
from credstone.judge.suspects import Here
from credstone.model.errata import ERRATA, OF_LIBRARIES
from credstone.model.perform import NotModelled, beyond_the_model, perform_line
from credstone.model.rules import Decision, Mutant, Performed, Rule
from credstone.model.since import Unknown
from credstone.model.start import begin
from credstone.model.subjects import Subject
from credstone.model.world import World
from credstone.notation.show import show_answer, show_expectations, show_line
from credstone.words.actor import Setup
from credstone.words.answer import Answer
from credstone.words.capability import MASKS
from credstone.words.cell import Cell
from credstone.words.clause import level
from credstone.words.credential import Credential
from credstone.words.facts import Facts
from credstone.words.scenario import Killed, Line
from credstone.words.transcript import DONE, HANG, REFUSED, Step, Transcript
from credstone.words.verdict import BROKEN, FAIL, LINUX, PAGE, PASS, UNSUPPORTED, Finding, Verdict

SPECS = ("linux", "man")
"""By what is judged: by the pages and by what Linux has always done, or by the pages alone."""

_KILLED_FROM_OUTSIDE = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")


class _Found(Exception):
    """The first wrong thing."""

    def __init__(self, finding: Finding, verdict: str = FAIL, reason: str = "") -> None:
        self.finding, self.verdict, self.reason = finding, verdict, reason


def judge(cell: Cell, setup: Setup, facts: Facts, transcript: Transcript | str, spec: str = "linux") -> Verdict:
    """The verdict on one cell.

    ``setup`` and ``facts`` are those with which it was run.  A text in place of a transcript says why there is none.
    Where page and Linux contradict each other, a target that takes the page's side passes as well.  What an older kernel
    answers otherwise than a scenario says, as it rightly does by the model, passes too.
    """
    if isinstance(transcript, str):
        return Verdict(BROKEN, transcript)
    if transcript.end == REFUSED and not transcript.steps:
        return judge_refused(cell, setup, facts, transcript, strict=spec == "linux")
    begun = begin(setup, facts, cell.scenario)
    judged = _Judge(cell, facts, transcript, spec, begun.broken)
    verdict = judged.verdict(begun.world)
    if verdict.verdict == UNSUPPORTED and meant_for_a_newer_kernel(cell, setup, facts):
        return _Judge(cell, facts, transcript, spec, begun.broken, by_model=True).verdict(begun.world)
    if verdict.verdict != PASS:
        for erratum in judged.errata:
            other = _Judge(cell, facts, transcript, spec, begun.broken, side=erratum).verdict(begun.world)
            if other.verdict == PASS:
                return other
    return verdict


def _premise(facts: Facts) -> str:
    """The facts that most often decide what a page asks for: what the agent was started without."""
    own = facts.credential
    lacking = [name for name in ("CAP_SETGID", "CAP_SETUID") if not own.capabilities.effective & MASKS[name]]
    parts = [f"uid {own.uid.effective} has no {' and no '.join(lacking)}"] if lacking else []
    maps = [" ".join(text.split()) for text in (facts.uid_map, facts.gid_map)]
    if set(maps) != {"0 0 4294967295"}:
        parts.append(f"the agent's user namespace has uid_map '{maps[0]}', gid_map '{maps[1]}'")
    if facts.setgroups == "deny":
        parts.append("setgroups is denied there")
    return ", ".join(parts) or "the facts of this target"


def _signal_name(number: str) -> str:
    """``SIGSEGV`` for 11; a signal without a name keeps its number."""
    try:
        return signal.Signals(int(number)).name
    except ValueError:
        return f"signal {number}"


_ERRATA = {erratum.clause: erratum for erratum in ERRATA}


def _at_stake(performed: Performed) -> list[Mutant]:
    """The errata whose rule this call went through."""
    return [_ERRATA[each.clause] for each in performed.applied if each.clause in _ERRATA]


def _shows_later(rule: Rule) -> bool:
    """Whether a rule determines what only a later line can show, and nothing that its own line shows."""
    return isinstance(rule, Decision) and rule.of == "world"


class _Judge:
    """Holds one transcript against the model, or against the model with the page's side of an erratum.

    ``errata`` are those that were met on the way of Linux, ``choices`` the alternatives that were taken, ``broken`` the
    clauses that whoever started the process has broken: then whatever is wrong in the cell comes from there, and an
    answer that shows it tells more than the credential that was ``handed`` over.  ``by_model`` is whether the model says
    what is answered where the script says otherwise.
    """

    def __init__(
        self,
        cell: Cell,
        facts: Facts,
        transcript: Transcript,
        spec: str,
        broken: Sequence[str],
        *,
        side: Mutant | None = None,
        by_model: bool = False,
    ) -> None:
        self.cell = cell
        self.facts = facts
        self.transcript = transcript
        self.strict = spec == "linux"
        self.side = side
        self.by_model = by_model
        self.broken = broken
        self.handed: _Found | None = None
        self.choices: list[tuple[str, str]] = []
        self.errata: dict[Mutant, None] = {}
        self.before: set[str] = set()

    def verdict(self, world: World) -> Verdict:
        """What becomes of the cell."""
        try:
            self.judge(world)
        except _Found as found:
            choices = tuple(self.choices)
            if found.verdict == FAIL and not self.strict and level(found.finding.clause) != "man":
                return Verdict(PASS, choices=choices, transcript=self.transcript)
            return Verdict(found.verdict, found.reason, found.finding, choices, transcript=self.transcript)
        sides = {self.side.clause: PAGE} if self.side else {erratum.clause: LINUX for erratum in self.errata}
        choices = tuple(choice for choice in self.choices if choice[0] not in sides)
        return Verdict(PASS, choices=choices, errata=tuple(sides.items()), transcript=self.transcript)

    def judge(self, world: World) -> None:
        """Goes through the transcript line by line; raises _Found at the first wrong thing."""
        self.start(world)
        lines, steps = self.cell.scenario.lines, self.transcript.steps
        for number, line in enumerate(lines):
            if number == len(steps):
                self.ended(number, line, world)
                return
            world = self.step(number, line, steps[number], world)
        if self.transcript.end != DONE:
            self.ended(len(lines) - 1, lines[-1], world)
        if self.handed:
            raise self.handed

    def start(self, world: World) -> None:
        self.reported(SETUP, self.transcript.start, world)
        for who, reported in self.transcript.start.items():
            # what a runtime handed over is looked at line by line; here the cell must have what the agent has
            expected = self.facts.credential if self.cell.actor.as_started else world.seen(who)
            seen = as_told(expected, reported, self.facts)
            if seen != expected:
                field, wanted, got = next(differences(expected, seen))
                reason = f"the set-up did not give the actor's credentials: {field} {wanted} expected, {got} seen"
                raise _Found(Finding(SETUP, f"{field} {wanted}", got), BROKEN, reason)

    def step(self, number: int, line: Line, step: Step, world: World) -> World:
        performed = self.performed(number, line, world)
        here = Here(world, line, self.cell.api, self.facts, step)
        if not line.unfinished:
            self.answer(number, line, step.answer, performed, here)
        # an alternative that the line declares may be a refusal where the model's own answer is a success
        after = performed.outcome.world if step.answer.failed <= performed.outcome.answer.failed else world
        self.reported(number, step.seen, after)
        for who, reported in step.seen.items():
            expected = after.seen(who)
            grouped = line.call.name == "setgroups" and who == line.who and not step.answer.failed
            seen = as_told(expected, reported, self.facts, grouped=grouped)
            if seen != expected:
                field, wanted, got = next(differences(expected, seen))
                whose = "" if who == line.who else f"{who}: "
                what: Subject = field if who == line.who else "others"
                if what == "groups" and sorted(expected.groups) == sorted(seen.groups):
                    what = "order of the list"
                clause = self.blamed(performed, here, what)
                finding = Finding(number, f"{whose}{field} {wanted}", got, clause)
                found = _Found(finding, reason=f"{show_line(line)}: {whose}{field} {wanted} expected, {got} seen")
                if not self.broken:
                    raise found
                self.handed = self.handed or found
        self.before.update(rule.clause for rule in performed.applied if _shows_later(rule))
        return after

    def reported(self, number: int, seen: Mapping[str, Credential], world: World) -> None:
        """Whether the agent told of exactly those who exist: what nobody looked at is no pass."""
        expected = {task.who for task in world.reporting}
        if seen.keys() != expected:
            told, wanted = ", ".join(sorted(seen)) or "nobody", ", ".join(sorted(expected))
            where = "after the set-up" if number == SETUP else f"after {show_line(self.cell.scenario.lines[number])}"
            reason = f"the agent reported the credentials of {told} {where}, where there are {wanted}"
            raise _Found(Finding(number, wanted, told), BROKEN, reason)

    def performed(self, number: int, line: Line, world: World) -> Performed:
        """What the model makes of a line.  A cell with a line that it does not know is not judged any further."""
        try:
            performed = perform_line(world, line, self.cell.api, self.side)
            for erratum in _at_stake(performed) if self.side is None else ():
                other = perform_line(world, line, self.cell.api, erratum)
                if other.outcome != performed.outcome:
                    self.errata[erratum] = None
        except Unknown as error:
            raise _Found(Finding(number, "", ""), UNSUPPORTED, str(error)) from None
        except NotModelled as error:
            raise _Found(Finding(number, "", ""), BROKEN, beyond_the_model(line, error)) from None
        return performed

    def answer(self, number: int, line: Line, answer: Answer, performed: Performed, here: Here | None = None) -> None:
        declared = meets(line.expected, answer)
        of_library = performed.clause in OF_LIBRARIES
        if of_library:
            declared = declared and answer == performed.outcome.answer  # of the alternatives one is this library's
        if declared and len(line.expected) > 1:
            clause = self.blamed(performed)
            cites = self.cell.scenario.cites
            self.choices.append((clause if clause in cites else cites[0], show_answer(answer, line.asked)))
            return
        allowed = self.allowed(performed)
        if self.by_model and answer in allowed[:1]:
            self.choices.append((performed.clause, show_answer(answer, line.asked)))
            return
        failed_set_up = not line.expected and answer.failed
        if (declared or (not line.expected and not failed_set_up)) and (not allowed or answer in allowed):
            return
        if not self.strict and answer in allowed and not failed_set_up:
            return
        seen = show_answer(answer, line.asked)
        if (failed_set_up or (line.expected and not declared)) and answer in allowed[:1]:
            # with the facts of this target the page asks for another answer than the author had in mind
            reason = f"does not apply here, where {performed.clause or 'the page'} asks for another answer: {_premise(self.facts)}"
            raise _Found(Finding(number, seen, seen), UNSUPPORTED, reason)
        if failed_set_up:
            reason = f"{show_line(line)} is set-up, and answered {seen}"
            raise _Found(Finding(number, "success", seen), BROKEN, reason)
        expected = (
            show_expectations(line)
            if line.expected and not declared and not of_library
            else f"= {show_answer(allowed[0], line.asked)}"
        )
        clause = performed.clause if of_library and not self.broken else self.blamed(performed, here)
        finding = Finding(number, expected.removeprefix("= "), seen, clause)
        raise _Found(finding, reason=f"{show_line(line)} {expected} expected, {seen} seen")

    def blamed(self, performed: Performed, here: Here | None = None, what: Subject = "answer") -> str:
        """The clause that is at stake where ``what`` is not as it should be."""
        if self.broken:
            return self.broken[0]
        evidence = Evidence(here.step.answer, here.suspects(performed), self.before) if here else Evidence()
        return blamed(performed, self.cell.scenario.cites, what, evidence)

    def allowed(self, performed: Performed) -> tuple[Answer, ...]:
        """What the model lets the call answer; nothing where it leaves the answer open."""
        if not performed.allowed:
            return ()
        return performed.allowed if not self.strict else (performed.outcome.answer,)

    def ended(self, number: int, line: Line, world: World) -> None:
        """The cell's process ended, or never came back, in this line."""
        end, shown = self.transcript.end, show_line(line)
        clause = self.cell.scenario.cites[0]
        if end == REFUSED:
            raise _Found(Finding(number, "", ""), BROKEN, self.transcript.note)
        kind, _, code = end.partition(" ")
        if kind == "signal" and any(isinstance(expected, Killed) for expected in line.expected):
            answer = Answer("", -1, killed=_signal_name(code))
            self.answer(number, line, answer, self.performed(number, line, world))
            return
        if end == HANG:
            raise _Found(Finding(number, "an answer", "none", clause), reason=f"{HANG}: {shown} did not return in time")
        if kind == "signal":
            name = _signal_name(code)
            if name in _KILLED_FROM_OUTSIDE:
                raise _Found(Finding(number, "", ""), BROKEN, f"killed: {name} from outside ended the cell in {shown}")
            trap = " (a seccomp filter traps the call)" if name == "SIGSYS" else ""
            finding = Finding(number, "an answer", f"the end by {name}", clause)
            raise _Found(finding, reason=f"crash: {name} ended the process in {shown}{trap}")
        raise _Found(Finding(number, "", ""), BROKEN, f"the cell ended with {end} in {shown}")
