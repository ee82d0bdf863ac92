"""Ways to get capget(2) and capset(2) wrong."""

from __future__ import annotations

from typing import Any

from credstone.model.rules import Context
from credstone.proof.mutants.build import (
    answering,
    arguments,
    deciding,
    every_thread,
    giving,
    mutant,
    never,
    replace,
    when,
    world_with,
)
from credstone.words.answer import Answer
from credstone.words.capability import CAP_SETPCAP
from credstone.words.credential import Capabilities

GET, SET = "capget(2)/", "capset(2)/"
LOW = 2**32 - 1


def _old(now: Context) -> Capabilities:
    return now.credential.capabilities


def _asked(now: Context) -> Any:
    """The three sets that capset was given, those of the caller where it was given none."""
    old = _old(now)
    return arguments(now)[0] or (old.permitted, old.effective, old.inheritable)


def _data(now: Context) -> str:
    data: str = arguments(now)[-1].data
    return data


MUTANTS = (
    mutant("capget-permitted-for-all", GET + "three-sets", deciding(lambda sets, now: (sets[0],) * 3),
           "The permitted set is given three times."),
    mutant("capget-sets-exchanged", GET + "three-sets", deciding(lambda sets, now: (sets[1], sets[0], sets[2])),
           "Permitted and effective are exchanged: their order in the structure is another."),
    mutant("capget-empty", GET + "three-sets", giving((0, 0, 0)), "All sets are empty (StarryOS, which had a stub)."),
    mutant("capget-own-sets", GET + "another-process",
           deciding(lambda sets, now: _old(now)), "The process ID is not looked at (StarryOS)."),
    mutant("capget-v1-both-halves", GET + "version-1-has-32-bits", deciding(lambda sets, now: tuple(s | 1 << 40 for s in sets)),
           "Version 1 gives more than one half."),
    mutant("capget-low-half", GET + "versions-2-and-3-have-64-bits", deciding(lambda sets, now: tuple(s & LOW for s in sets)),
           "The upper half is empty."),
    mutant("capget-answers-1", GET + "returns-zero", giving(1), "A success answers 1."),
    mutant("capget-false-success", GET + "error-minus-one", giving(Answer()), "A refused call answers 0."),
    mutant("capget-any-version", GET + "EINVAL-version", never(), "The version is not looked at."),
    mutant("capget-writes-no-version", GET + "version-written-back",
           deciding(lambda version, now: arguments(now)[-1].version), "Nothing is written into the header."),
    mutant("capget-prefers-1", GET + "version-written-back",
           deciding(lambda version, now: version if arguments(now)[-1].known else 0x19980330),
           "The preferred version is the first."),
    mutant("capget-always-3", GET + "version-written-back", giving(0x20080522), "The version is always overwritten."),
    mutant("capget-no-probe", GET + "probe-without-data", giving(False), "To ask for the version is EINVAL."),
    mutant("capget-null-header", GET + "EFAULT-header", answering("EINVAL"), "A missing header is EINVAL."),
    mutant("capget-bad-data", GET + "EFAULT-data", never(), "The pointer to the data is not looked at."),
    mutant("capget-negative-pid", GET + "EINVAL-pid", answering("ESRCH"), "A negative ID is that of no process."),
    mutant("capget-no-process", GET + "ESRCH", answering("EPERM"), "The ID of no process is EPERM."),
    mutant("capget-nobody-is-me", GET + "ESRCH", never(), "The ID of no process stands for the caller."),
    mutant("capget-null-is-EFAULT", GET + "linux/null-with-a-good-version", giving(1),
           "Without a place for the data something else than 0 is answered."),
    mutant("capset-does-nothing", SET + "sets-three", deciding(lambda sets, now: _old(now)),
           "The call answers 0 and sets nothing."),
    mutant("capset-effective-only", SET + "sets-three", deciding(lambda sets, now: replace(_old(now), effective=sets.effective)),
           "Only the effective set changes."),
    mutant("capset-drops-bounding", SET + "sets-three", deciding(lambda sets, now: replace(sets, bounding=sets.permitted)),
           "The bounding set shrinks with the permitted one."),
    mutant("capset-low-half", SET + "sets-three",
           deciding(lambda sets, now: replace(sets, permitted=sets.permitted & LOW, effective=sets.effective & LOW,
                                              inheritable=sets.inheritable & LOW)), "The upper half is lost."),
    mutant("capset-all-threads", SET + "calling-thread", deciding(every_thread), "All threads change."),
    mutant("capset-own-id-is-another", SET + "own-thread-id",
           deciding(lambda other, now: arguments(now)[1].pid != 0), "Only 0 stands for the caller (Linux before 2.6.11)."),
    mutant("capset-answers-1", SET + "returns-zero", giving(Answer("", 1)), "A success answers 1."),
    mutant("capset-false-success", SET + "error-minus-one", giving(Answer()), "A refused call answers 0."),
    mutant("capset-any-version", SET + "EINVAL-version", never(), "The version is not looked at."),
    mutant("capset-writes-no-version", SET + "version-written-back",
           deciding(lambda version, now: arguments(now)[-1].version), "Nothing is written into the header."),
    mutant("capset-null-header", SET + "EFAULT-header", answering("EINVAL"), "A missing header is EINVAL."),
    mutant("capset-null-data", SET + "EFAULT-data", when(lambda now: _data(now) == "bad-pointer"),
           "Without data the call succeeds, as capget does."),
    mutant("capset-permitted-grows", SET + "EPERM-permitted", never(), "The permitted set can grow."),
    mutant("capset-permitted-from-inheritable", SET + "EPERM-permitted",
           when(lambda now: bool(_asked(now)[0] & ~(_old(now).permitted | _old(now).inheritable))),
           "What is inheritable can be made permitted."),
    mutant("capset-permitted-from-bounding", SET + "EPERM-permitted",
           when(lambda now: bool(_asked(now)[0] & ~_old(now).bounding)), "What is in the bounding set can be made permitted."),
    mutant("capset-effective-grows", SET + "EPERM-effective", never(), "The effective set can hold anything."),
    mutant("capset-effective-of-the-old", SET + "EPERM-effective",
           when(lambda now: bool(_asked(now)[1] & ~_old(now).permitted)),
           "The old permitted set limits the effective one, not the new."),
    mutant("capset-effective-only-shrinks", SET + "EPERM-effective",
           when(lambda now: bool(_asked(now)[1] & ~_old(now).effective)), "What is not in effect cannot be taken up again."),
    mutant("capset-bounding-is-ignored", SET + "EPERM-bounding", never(), "The bounding set limits nothing (Linux before 2.6.25)."),
    mutant("capset-bounding-cuts-old", SET + "EPERM-bounding",
           when(lambda now: bool(_asked(now)[2] & ~_old(now).bounding)),
           "What was inheritable and left the bounding set must leave the inheritable set, too."),
    mutant("capset-inheritable-for-everybody", SET + "EPERM-inheritable", never(), "Anything can be made inheritable."),
    mutant("capset-inheritable-needs-CAP_SETPCAP", SET + "EPERM-inheritable",
           when(lambda now: bool(_asked(now)[2] & ~_old(now).inheritable) and not _old(now).effective & CAP_SETPCAP),
           "What is permitted takes CAP_SETPCAP too."),
    mutant("capset-inheritable-within-permitted", SET + "EPERM-inheritable",
           when(lambda now: bool(_asked(now)[2] & ~_old(now).permitted)), "CAP_SETPCAP is not looked at."),
    mutant("capset-permitted-CAP_SETPCAP", SET + "EPERM-inheritable",
           when(lambda now: bool(_asked(now)[2] & ~(_old(now).inheritable | _old(now).permitted))
                and not _old(now).bounding & CAP_SETPCAP), "CAP_SETPCAP need not be in effect."),
    mutant("capset-another", SET + "EPERM-another", never(), "A call for another thread succeeds."),
    mutant("capset-no-process", SET + "EPERM-another", answering("ESRCH"), "Another process is looked for first."),
    mutant("capset-unknown-bits-are-refused", SET + "linux/unknown-bits-are-ignored",
           deciding(lambda sets, now: _asked(now)), "Bits that no capability has are refused."),
    mutant("capset-v1-keeps-the-upper-half", SET + "linux/version-1-drops-the-upper-half", giving(-1),
           "Version 1 sets both halves."),
    mutant("capset-failure-sets", SET + "linux/failure-changes-nothing",
           world_with(lambda who, now: {"capabilities": replace(who.capabilities, permitted=0, effective=0, inheritable=0)}),
           "A refused call has emptied the sets."),
    mutant("capset-failure-adds", SET + "linux/failure-changes-nothing",
           world_with(lambda who, now: {"capabilities": replace(who.capabilities, inheritable=_asked(now)[2] or 1)}),
           "A refused call has set the inheritable set."),
)  # fmt: skip
