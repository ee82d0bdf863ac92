"""The securebits: prctl(2), PR_SET_SECUREBITS and PR_GET_SECUREBITS; capabilities(7), "The securebits flags"."""

from __future__ import annotations

from credstone.model.capabilities.uid_changes import KEEP_CAPS, NO_AMBIENT_RAISE
from credstone.model.commit import alone, replace
from credstone.model.moment import OK, Moment
from credstone.model.rules import Outcome, Rules, refuse, rule
from credstone.model.since import UNPRIVILEGED_SECUREBITS
from credstone.words.capability import CAP_SETPCAP
from credstone.words.credential import Credential

FLAGS, LOCKS = 0x55, 0xAA
UNPRIVILEGED = 0xF00
"""Two flags for programs that run scripts, with their locks: nothing in the kernel looks at them, and anybody may set
them."""


def no_ambient_raise(who: Credential) -> bool:
    """Whether SECBIT_NO_CAP_AMBIENT_RAISE is set."""
    return bool(who.securebits & NO_AMBIENT_RAISE)


def get_securebits(now: Moment, given: tuple[int, ...]) -> Rules:
    """PR_GET_SECUREBITS."""
    bits = yield rule("capabilities(7)/securebits-read", now.credential.securebits)
    return now.answers((yield rule("prctl(2)/PR_GET_SECUREBITS", bits)))


def set_securebits(now: Moment, given: tuple[int, ...]) -> Rules:
    """PR_SET_SECUREBITS: the locks are looked at first, then the unknown bits, then the privilege."""
    wanted, old, known = given[0], now.credential.securebits, FLAGS | LOCKS
    if now.system.has(UNPRIVILEGED_SECUREBITS):
        known |= UNPRIVILEGED
    locks = (LOCKS | UNPRIVILEGED & 0xA00) & known
    held = yield rule("capabilities(7)/locks-hold-the-flag", (old & locks) >> 1 & (old ^ wanted))
    unlocked = yield rule("capabilities(7)/locks-are-final", old & locks & ~wanted)
    privileged = yield rule("capabilities(7)/securebits-CAP_SETPCAP", now.capable(CAP_SETPCAP))
    changes = old ^ wanted
    harmless = yield rule(
        "prctl(2)/linux/PR_SET_SECUREBITS-for-everybody", changes and not changes & ~(known & UNPRIVILEGED)
    )
    yield refuse("EPERM", "prctl(2)/PR_SET_SECUREBITS-EPERM-locked-flag", bool(held))
    yield refuse("EPERM", "prctl(2)/PR_SET_SECUREBITS-EPERM-unlock", bool(unlocked))
    yield refuse("EPERM", "prctl(2)/PR_SET_SECUREBITS-unknown", bool(wanted & ~known))
    if changes:
        yield refuse("EPERM", "prctl(2)/PR_SET_SECUREBITS-EPERM-capability", not privileged and not harmless)
    else:
        yield refuse("EPERM", "prctl(2)/linux/PR_SET_SECUREBITS-EPERM-no-change", not privileged)
    bits = yield rule("prctl(2)/PR_SET_SECUREBITS", wanted)
    changed = replace(now.credential, securebits=bits, keep_caps=bool(bits & KEEP_CAPS))
    world = yield from alone(now, changed, "prctl(2)/calling-thread")
    return Outcome((yield rule("prctl(2)/returns-zero", OK)), world)
