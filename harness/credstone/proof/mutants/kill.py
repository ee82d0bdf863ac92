"""Ways to get kill(2) wrong."""

from __future__ import annotations

from credstone.model.fork import CHILD
from credstone.model.processes.ends import deliver
from credstone.model.rules import Context
from credstone.model.world import Task, World
from credstone.proof.mutants.build import (
    always,
    answering,
    arguments,
    deciding,
    giving,
    is_root,
    looking_first,
    mutant,
    never,
    privileged,
)
from credstone.words.answer import Answer
from credstone.words.capability import CAP_KILL

PAGE = "kill(2)/"
LINUX = PAGE + "linux/"


def _target(now: Context) -> Task:
    who = CHILD + str(arguments(now)[0]).removeprefix("$")
    known = {task.who: task for task in (*now.world.ended, *now.world.tasks)}
    return known.get(who, known["main"])


def _sent_all_the_same(world: World, now: Context) -> World:
    target, signal = _target(now), arguments(now)[1]
    if target not in world.tasks or not target.blocked or not 0 < signal < 64:
        return world
    return deliver(world, target.process, signal, now.credential.uid.real)


MUTANTS = (
    mutant("kill-same-effective-uid", PAGE + "permission",
           deciding(lambda may, now: now.credential.uid.effective == _target(now).credential.uid.effective),
           "Both effective user IDs are compared (Linux 1.0)."),
    mutant("kill-same-group", PAGE + "permission",
           deciding(lambda may, now: may or now.credential.gid.real == _target(now).credential.gid.real),
           "The members of a group may signal each other."),
    mutant("kill-by-number", PAGE + "permission",
           deciding(lambda may, now: now.world.seen(now.who).uid.real == now.world.seen(_target(now).who).uid.real),
           "The numbers are compared that each side has in its own user namespace."),
    mutant("kill-real-alone", PAGE + "sender-by-real-or-effective",
           deciding(lambda ids, now: (now.credential.uid.real,)),
           "Only the real user ID of the sender counts."),
    mutant("kill-effective-alone", PAGE + "sender-by-real-or-effective",
           deciding(lambda ids, now: (now.credential.uid.effective,)),
           "Only the effective user ID of the sender counts (Asterinas)."),
    mutant("kill-by-saved", PAGE + "sender-by-real-or-effective",
           deciding(lambda ids, now: (*ids, now.credential.uid.saved)),
           "The saved user ID of the sender counts as well."),
    mutant("kill-by-filesystem-uid", PAGE + "sender-by-real-or-effective",
           deciding(lambda ids, now: (*ids, now.credential.uid.filesystem)),
           "The filesystem user ID of the sender counts as well."),
    mutant("kill-real-of-target-alone", PAGE + "target-by-real-or-saved",
           deciding(lambda ids, now: (_target(now).credential.uid.real,)),
           "Only the real user ID of the target counts (kernels without saved ids)."),
    mutant("kill-effective-of-target", PAGE + "target-by-real-or-saved",
           deciding(lambda ids, now: (*ids, _target(now).credential.uid.effective)),
           "The effective user ID of the target counts as well (Linux before 1.3.78)."),
    mutant("kill-saved-of-target-alone", PAGE + "target-by-real-or-saved",
           deciding(lambda ids, now: (_target(now).credential.uid.saved,)),
           "The real user ID of the target does not count."),
    mutant("kill-filesystem-uid-of-target", PAGE + "target-by-real-or-saved",
           deciding(lambda ids, now: (*ids, _target(now).credential.uid.filesystem)),
           "A server can be signalled by the client whose files it reads (the reason for setfsuid)."),
    mutant("kill-root-only", PAGE + "CAP_KILL", deciding(lambda may, now: is_root(now)),
           "User 0 is privileged, the capability is not asked for (Asterinas)."),
    mutant("kill-by-permitted", PAGE + "CAP_KILL",
           deciding(lambda may, now: bool(now.credential.capabilities.permitted & CAP_KILL)),
           "A capability need not be in effect."),
    mutant("kill-CAP_KILL-everywhere", PAGE + "CAP_KILL-in-the-namespace-of-the-target",
           deciding(lambda may, now: privileged(now, CAP_KILL)),
           "The capability in one's own user namespace is one over everybody."),
    mutant("kill-only-in-the-same-namespace", PAGE + "CAP_KILL-in-the-namespace-of-the-target",
           deciding(lambda may, now: may and _target(now).namespace == now.task.namespace),
           "The capability ends where another namespace begins, also below."),
    mutant("kill-SIGCONT-like-others", PAGE + "SIGCONT-in-the-same-session", giving(False),
           "SIGCONT is a signal like others."),
    mutant("kill-SIGCONT-opens-all", PAGE + "SIGCONT-in-the-same-session", giving(True),
           "Within a session everybody may send everything."),
    mutant("kill-sends-nothing", PAGE + "sends-the-signal", giving(0),
           "The call answers 0 and nothing is sent."),
    mutant("kill-0-sends", PAGE + "signal-0", deciding(lambda signal, now: signal or 10),
           "Signal 0 is sent like others."),
    mutant("kill-answers-1", PAGE + "returns-zero", giving(Answer("", 1)),
           "A success answers 1, the number of processes."),
    mutant("kill-false-success", PAGE + "error-minus-one", giving(Answer()),
           "A refusal answers 0."),
    mutant("kill-any-signal", PAGE + "EINVAL", never(),
           "Any number is taken for a signal."),
    mutant("kill-is-ESRCH", PAGE + "EPERM", answering("ESRCH"),
           "Whom one may not signal one does not see (as with hidden processes)."),
    mutant("kill-for-everybody", PAGE + "EPERM", never(),
           "Everybody may signal everybody (Asterinas before 2024)."),
    mutant("kill-gone-is-EPERM", PAGE + "ESRCH", answering("EPERM"),
           "A process that there is not is like one that may not be signalled."),
    mutant("kill-zombies-are-gone", PAGE + "zombies",
           lambda rule, now: always()(rule, now) if _target(now) in now.world.ended else rule,
           "A process that has ended is not there any more (POSIX leaves it open to some)."),
    mutant("kill-itself-like-others", PAGE + "itself", giving(False),
           "A thread with other user IDs than its process may not signal it."),
    mutant("tgkill-for-everybody", LINUX + "other-ways", giving(True),
           "The other calls do not ask (StarryOS)."),
    mutant("tgkill-effective-uid", LINUX + "other-ways",
           deciding(lambda may, now: now.credential.uid.effective == _target(now).credential.uid.effective),
           "The other calls compare effective user IDs."),
    mutant("kill-permission-first", LINUX + "check-order", looking_first(PAGE + "EPERM"),
           "The permission is asked for first."),
    mutant("kill-signal-first", LINUX + "check-order", looking_first(PAGE + "EINVAL"),
           "The signal is looked at before the process."),
    mutant("kill-refused-is-sent", LINUX + "refused-is-not-sent", deciding(_sent_all_the_same),
           "A signal is refused and arrives nevertheless (Linux 2.6.7 for groups)."),
    mutant("kill-si_uid-effective", LINUX + "si_uid", deciding(lambda uid, now: now.credential.uid.effective),
           "The receiver learns the effective user ID."),
    mutant("kill-si_uid-0", LINUX + "si_uid", giving(0),
           "The receiver is told that root sent it."),
)  # fmt: skip
