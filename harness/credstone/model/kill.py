"""kill(2), for the one signal that only asks: 0."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.moment import Moment
from credstone.model.processes import process
from credstone.model.rules import Rules, refuse, rule
from credstone.words.capability import CAP_KILL


def kill(now: Moment, name: str, signal: int) -> Rules:
    """int kill(pid_t pid, int sig): may the caller send to this process?"""
    if signal:
        raise NotModelled(f"kill with signal {signal}")
    target = process(now, name)
    own, other = now.credential.uid, target.credential.uid
    same = {own.real, own.effective} & {other.real, other.saved}
    permitted = yield rule("kill(2)/permission", bool(same) or target.process == now.task.process)
    capable = yield rule("kill(2)/capability", now.capable_in(target.namespace, CAP_KILL))
    yield refuse("EPERM", "kill(2)/EPERM", not permitted and not capable)
    return now.answers()
