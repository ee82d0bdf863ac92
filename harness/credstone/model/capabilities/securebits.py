"""The securebits: prctl(2), PR_SET_SECUREBITS and PR_GET_SECUREBITS; capabilities(7), "The securebits flags"."""

from __future__ import annotations

from credstone.model.caller import OK, Moment
from credstone.model.capabilities.uid_changes import KEEP_CAPS, NO_AMBIENT_RAISE
from credstone.model.commit import replace, take_credential_alone
from credstone.model.rules import Outcome
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


def get_securebits(now: Moment, given: tuple[int, ...]) -> Outcome:
    """PR_GET_SECUREBITS."""
    return now.answers(
        now.rule(
            now.credential.securebits, "prctl(2)/PR_GET_SECUREBITS", "capabilities(7)/securebits-read", of="answer"
        )
    )


def set_securebits(now: Moment, given: tuple[int, ...]) -> Outcome:
    """PR_SET_SECUREBITS: the locks are looked at first, then the unknown bits, then the privilege."""
    wanted, old, known = given[0], now.credential.securebits, FLAGS | LOCKS
    if now.system.has(UNPRIVILEGED_SECUREBITS):
        known |= UNPRIVILEGED
    locks = (LOCKS | UNPRIVILEGED & 0xA00) & known
    held = now.rule((old & locks) >> 1 & (old ^ wanted), "capabilities(7)/locks-hold-the-flag", of="answer")
    unlocked = now.rule(old & locks & ~wanted, "capabilities(7)/locks-are-final", of="answer")
    privileged = now.rule(now.capable(CAP_SETPCAP), "capabilities(7)/securebits-CAP_SETPCAP", of="answer")
    changes = old ^ wanted
    harmless = now.rule(
        changes and not changes & ~(known & UNPRIVILEGED), "prctl(2)/linux/PR_SET_SECUREBITS-for-everybody", of="answer"
    )
    now.refuse("EPERM", "prctl(2)/PR_SET_SECUREBITS-EPERM-locked-flag", bool(held))
    now.refuse("EPERM", "prctl(2)/PR_SET_SECUREBITS-EPERM-unlock", bool(unlocked))
    now.refuse("EPERM", "prctl(2)/PR_SET_SECUREBITS-unknown", bool(wanted & ~known))
    if changes:
        now.refuse("EPERM", "prctl(2)/PR_SET_SECUREBITS-EPERM-capability", not privileged and not harmless)
    else:
        now.refuse("EPERM", "prctl(2)/linux/PR_SET_SECUREBITS-EPERM-no-change", not privileged)
    bits = now.rule(wanted, "prctl(2)/PR_SET_SECUREBITS", of=("securebits", "keep_caps"))
    changed = replace(now.credential, securebits=bits, keep_caps=bool(bits & KEEP_CAPS))
    world = take_credential_alone(now, changed, "prctl(2)/calling-thread")
    return Outcome(now.rule(OK, "prctl(2)/returns-zero", of="answer"), world)
