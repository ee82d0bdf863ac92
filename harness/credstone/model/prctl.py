"""prctl(2) for the options that belong to a credential, and capset(2).

Both change the calling thread alone, but for the dumpable attribute, which the process has once.
"""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.capabilities import KEEP_CAPS, KEEP_CAPS_LOCKED, NO_AMBIENT_RAISE
from credstone.model.commit import alone, replace, with_dumpable
from credstone.model.moment import OK, Moment
from credstone.model.rules import Outcome, Rules, refuse, rule
from credstone.words.answer import Answer
from credstone.words.capability import CAP_SETPCAP
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Capabilities

LOCKS = 0xAA
KNOWN_BITS = 0xFF
_NAMES = {value: name for name, value in CONSTANTS.items() if name.startswith(("PR_SET", "PR_GET", "PR_CAPBSET"))}


def prctl(now: Moment, option: int, second: int = 0, third: int = 0, *rest: int) -> Rules:
    """int prctl(int option, ...)."""
    who = now.credential
    match _NAMES.get(option, "PR_CAP_AMBIENT" if option == CONSTANTS["PR_CAP_AMBIENT"] else ""):
        case "PR_GET_KEEPCAPS":
            return now.answers((yield rule("PR_GET_KEEPCAPS(2const)/value", int(who.keep_caps))))
        case "PR_SET_KEEPCAPS":
            yield refuse("EINVAL", "PR_SET_KEEPCAPS(2const)/EINVAL", second not in (0, 1))
            yield refuse("EPERM", "PR_SET_KEEPCAPS(2const)/EPERM", bool(who.securebits & KEEP_CAPS_LOCKED))
            bits = who.securebits & ~KEEP_CAPS | (KEEP_CAPS if second else 0)
            return Outcome(OK, alone(now, replace(who, keep_caps=bool(second), securebits=bits)))
        case "PR_GET_DUMPABLE":
            return now.answers((yield rule("PR_GET_DUMPABLE(2const)/value", who.dumpable)))
        case "PR_SET_DUMPABLE":
            yield refuse("EINVAL", "PR_SET_DUMPABLE(2const)/EINVAL", second not in (0, 1))
            return Outcome(OK, with_dumpable(now.world, now.task.process, second))
        case "PR_GET_NO_NEW_PRIVS":
            return now.answers((yield rule("PR_GET_NO_NEW_PRIVS(2const)/value", int(who.no_new_privs))))
        case "PR_SET_NO_NEW_PRIVS":
            yield refuse("EINVAL", "PR_SET_NO_NEW_PRIVS(2const)/EINVAL", second != 1 or third != 0 or any(rest))
            return Outcome(OK, alone(now, replace(who, no_new_privs=True)))
        case "PR_GET_SECUREBITS":
            return now.answers((yield rule("PR_GET_SECUREBITS(2const)/value", who.securebits)))
        case "PR_SET_SECUREBITS":
            return (yield from _set_securebits(now, second))
        case "PR_SET_PDEATHSIG":
            yield refuse("EINVAL", "PR_SET_PDEATHSIG(2const)/EINVAL", not 0 <= second <= 64)
            return Outcome(OK, alone(now, replace(who, parent_death_signal=second)))
        case "PR_CAPBSET_READ":
            bit = _bit(now, second)
            yield refuse("EINVAL", "PR_CAPBSET_READ(2const)/EINVAL", not bit)
            return now.answers((yield rule("PR_CAPBSET_READ(2const)/value", int(who.capabilities.bounding & bit > 0))))
        case "PR_CAPBSET_DROP":
            bit = _bit(now, second)
            yield refuse("EPERM", "PR_CAPBSET_DROP(2const)/EPERM", not now.capable(CAP_SETPCAP))
            yield refuse("EINVAL", "PR_CAPBSET_DROP(2const)/EINVAL", not bit)
            sets = replace(who.capabilities, bounding=who.capabilities.bounding & ~bit)
            return Outcome(OK, alone(now, replace(who, capabilities=sets)))
        case "PR_CAP_AMBIENT":
            return (yield from _ambient(now, second, third))
    raise NotModelled(f"prctl option {option}")


def capset(now: Moment, permitted: int, effective: int, inheritable: int) -> Rules:
    """int capset(cap_user_header_t, const cap_user_data_t) for the caller: PERMITTED EFFECTIVE INHERITABLE."""
    old, known = now.credential.capabilities, now.system.all_capabilities
    permitted, effective, inheritable = permitted & known, effective & known, inheritable & known
    beyond = inheritable & ~(old.inheritable | old.permitted)
    yield refuse("EPERM", "capset(2)/EPERM-inheritable", bool(beyond) and not now.capable(CAP_SETPCAP))
    yield refuse("EPERM", "capset(2)/EPERM-bounding", bool(inheritable & ~(old.inheritable | old.bounding)))
    yield refuse("EPERM", "capset(2)/EPERM-permitted", bool(permitted & ~old.permitted))
    yield refuse("EPERM", "capset(2)/EPERM-effective", bool(effective & ~permitted))
    ambient = yield rule("capabilities(7)/ambient-needs-both", old.ambient & permitted & inheritable)
    sets = Capabilities(inheritable, permitted, effective, old.bounding, ambient)
    return Outcome(OK, alone(now, replace(now.credential, capabilities=sets)))


def _set_securebits(now: Moment, wanted: int) -> Rules:
    """Locks stay, what is locked stays, and it takes CAP_SETPCAP."""
    old = now.credential.securebits
    locked = (old & LOCKS) >> 1 & (old ^ wanted)
    unlocks = old & LOCKS & ~wanted
    yield refuse("EPERM", "PR_SET_SECUREBITS(2const)/EPERM-locked", bool(locked or unlocks or wanted & ~KNOWN_BITS))
    yield refuse("EPERM", "PR_SET_SECUREBITS(2const)/EPERM-capability", not now.capable(CAP_SETPCAP))
    changed = replace(now.credential, securebits=wanted, keep_caps=bool(wanted & KEEP_CAPS))
    return Outcome(OK, alone(now, changed))


def _ambient(now: Moment, action: int, capability: int) -> Rules:
    """PR_CAP_AMBIENT(2const)."""
    who, sets = now.credential, now.credential.capabilities
    if action == CONSTANTS["PR_CAP_AMBIENT_CLEAR_ALL"]:
        yield refuse("EINVAL", "PR_CAP_AMBIENT(2const)/EINVAL", capability != 0)
        return Outcome(OK, alone(now, replace(who, capabilities=replace(sets, ambient=0))))
    bit = _bit(now, capability)
    yield refuse("EINVAL", "PR_CAP_AMBIENT(2const)/EINVAL", not bit or action not in (1, 2, 3))
    if action == CONSTANTS["PR_CAP_AMBIENT_IS_SET"]:
        return Outcome(Answer("", int(bool(sets.ambient & bit))), now.world)
    if action == CONSTANTS["PR_CAP_AMBIENT_RAISE"]:
        held = sets.permitted & sets.inheritable & bit and not who.securebits & NO_AMBIENT_RAISE
        yield refuse("EPERM", "PR_CAP_AMBIENT(2const)/EPERM", not held)
        return Outcome(OK, alone(now, replace(who, capabilities=replace(sets, ambient=sets.ambient | bit))))
    return Outcome(OK, alone(now, replace(who, capabilities=replace(sets, ambient=sets.ambient & ~bit))))


def _bit(now: Moment, capability: int) -> int:
    """The bit of a capability in a mask; 0 if the kernel does not know it."""
    return 1 << capability if 0 <= capability < now.system.all_capabilities.bit_length() else 0
