"""kill(2), and the other ways to send a signal, which follow its rules."""

from __future__ import annotations

from credstone.model.arguments import NotModelled, as_int
from credstone.model.caller import OK, Moment
from credstone.model.fork import CHILD
from credstone.model.processes.ends import deliver
from credstone.model.processes.proc_files import process
from credstone.model.processes.signals import LAST_SIGNAL, SIGCONT
from credstone.model.rules import Outcome, Page
from credstone.model.since import PIDFD_OPEN
from credstone.model.world import NO_PROCESS, Task
from credstone.words.capability import CAP_KILL

KILL = Page(
    success=("kill(2)/returns-zero",),
    failure=("kill(2)/error-minus-one",),
    order=("kill(2)/linux/check-order",),
    unchanged=("kill(2)/linux/refused-is-not-sent",),
)


def kill(now: Moment, name: str, signal: int) -> Outcome:
    """int kill(pid_t pid, int sig)."""
    return _send(now, name, signal)


def send_otherwise(now: Moment, name: str, signal: int) -> Outcome:
    """int tgkill(pid_t tgid, pid_t tid, int sig) and int tkill(pid_t tid, int sig) to the first thread; int
    sigqueue(pid_t pid, int sig, …).
    """
    return _send(now, name, signal, "kill(2)/linux/other-ways")


def by_pidfd(now: Moment, name: str, signal: int) -> Outcome:
    """int pidfd_send_signal(int pidfd, int sig, NULL, 0), with a pidfd made for it by pidfd_open(2)."""
    now.refuse("ENOSYS", "kill(2)/linux/other-ways", not now.system.has(PIDFD_OPEN))
    return send_otherwise(now, name, signal)


def _send(now: Moment, name: str, signal: int, way: str = "") -> Outcome:
    found, own, signal = _target(now, name), now.credential.uid, as_int(signal)
    target = found or now.task
    mine = now.rule((own.real, own.effective), "kill(2)/sender-by-real-or-effective", of="answer")
    other = target.credential.uid
    theirs = now.rule((other.real, other.saved), "kill(2)/target-by-real-or-saved", of="answer")
    matches = now.rule(bool({*mine} & {*theirs}), "kill(2)/permission", "credentials(7)/signals", of="answer")
    if way:
        matches = now.rule(matches, way, of="answer")
    itself = now.rule(target.process == now.task.process, "kill(2)/itself", of="answer")
    capable = now.rule(
        now.capable_in(target.namespace, CAP_KILL),
        "kill(2)/CAP_KILL",
        "kill(2)/CAP_KILL-in-the-namespace-of-the-target",
        of="answer",
    )
    # All processes of a cell are of one session.
    goes_on = now.rule(signal == SIGCONT, "kill(2)/SIGCONT-in-the-same-session", of="answer")
    now.accept("kill(2)/zombies", "ESRCH")
    now.refuse("ESRCH", "kill(2)/ESRCH", found is None)
    now.refuse("EINVAL", "kill(2)/EINVAL", not 0 <= signal <= LAST_SIGNAL)
    now.refuse("EPERM", "kill(2)/EPERM", not (matches or itself or capable or goes_on))
    sent = now.rule(signal, "kill(2)/signal-0", of="world")
    if not sent or target in now.world.ended:
        return now.answers()
    sent = now.rule(sent, "kill(2)/sends-the-signal", of="world")
    uid = now.rule(own.real, "kill(2)/linux/si_uid", of="world")
    return Outcome(OK, deliver(now.world, target.process, sent, uid) if sent else now.world)


def _target(now: Moment, name: str) -> Task | None:
    """The process that a signal is for, zombies among them; None if there is none."""
    if name.lstrip("-").isdigit():
        if int(name) < NO_PROCESS:
            raise NotModelled(f"it does not know the process {name}")
        return None
    who = CHILD + name.removeprefix("$")
    if who in now.world.reaped:
        return None
    return next((task for task in now.world.ended if task.who == who), None) or process(now, name)
