"""prctl(2) for the options that belong to a credential.

All of them concern the calling thread alone, but for the dumpable attribute, which the process has once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from credstone.model.arguments import POINTERS, Buffer, NotModelled, as_int, number, pointer
from credstone.model.caller import OK, Moment
from credstone.model.capabilities.securebits import get_securebits, no_ambient_raise, set_securebits
from credstone.model.capabilities.uid_changes import KEEP_CAPS, KEEP_CAPS_LOCKED
from credstone.model.commit import replace, take_credential_alone
from credstone.model.processes.signals import LAST_SIGNAL
from credstone.model.rules import Outcome, Page
from credstone.model.subjects import CAPABILITIES
from credstone.words.call import Argument, Word
from credstone.words.capability import CAP_SETPCAP
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Credential

PRCTL = Page(
    failure=("prctl(2)/error-minus-one",),
    order=("prctl(2)/linux/PR_CAPBSET_DROP-order", "prctl(2)/linux/PR_CAP_AMBIENT-order"),
    unchanged=("prctl(2)/linux/failure-changes-nothing",),
)
IS_SET, RAISE, LOWER, CLEAR_ALL = (
    CONSTANTS[f"PR_CAP_AMBIENT_{name}"] for name in ("IS_SET", "RAISE", "LOWER", "CLEAR_ALL")
)
KERNEL_HAS = (range(1, 1000), (0x53564D41, 0x59616D61))
"""Where the kernel's own options are, those of other architectures and of years to come among them."""

Arguments: TypeAlias = tuple[int, int, int, int]
"""The second argument to the fifth."""


def argument(given: Argument) -> int | Buffer:
    """An argument of a script: a number, or a kind of pointer."""
    return pointer(given) if isinstance(given, Word) and given.word in POINTERS else number(given)


def prctl(now: Moment, option: int, *given: int | Buffer) -> Outcome:
    """int prctl(int option, ...): what is not given is 0."""
    option = as_int(option)
    known = any(option in numbers for numbers in KERNEL_HAS)
    if known and option not in OPTIONS and option != CONSTANTS["PR_GET_PDEATHSIG"]:
        raise NotModelled(f"it does not know the option {option}")
    now.refuse("EINVAL", "prctl(2)/EINVAL-option", not known)
    if not known:
        return now.answers()
    if option == CONSTANTS["PR_GET_PDEATHSIG"]:
        if given and not isinstance(given[0], Buffer):
            raise NotModelled("it knows the pointers valid, null and bad-pointer only")
        return _death_signal(now, *given[:1])
    numbers = [each for each in given if not isinstance(each, Buffer)]
    if len(numbers) < len(given):
        raise NotModelled("it knows a pointer as the argument of PR_GET_PDEATHSIG only")
    second, third, fourth, fifth = (*numbers, 0, 0, 0, 0)[:4]
    return OPTIONS[option](now, (second, third, fourth, fifth))


def _set(now: Moment, credential: Credential) -> Outcome:
    """The end of an option that sets something of the calling thread."""
    world = take_credential_alone(now, credential, "prctl(2)/calling-thread")
    return Outcome(now.rule(OK, "prctl(2)/returns-zero", of="answer"), world)


def _keep_caps(now: Moment, given: Arguments) -> Outcome:
    second = given[0]
    who = now.credential
    now.refuse("EINVAL", "prctl(2)/PR_SET_KEEPCAPS-EINVAL", second not in (0, 1))
    now.refuse("EPERM", "prctl(2)/PR_SET_KEEPCAPS-EPERM", bool(who.securebits & KEEP_CAPS_LOCKED))
    kept = now.rule(bool(second), "prctl(2)/PR_SET_KEEPCAPS", of=("securebits", "keep_caps"))
    bits = who.securebits & ~KEEP_CAPS | (KEEP_CAPS if kept else 0)
    bits = now.rule(bits, "capabilities(7)/KEEP_CAPS-is-PR_SET_KEEPCAPS", of="securebits")
    return _set(now, replace(who, keep_caps=kept, securebits=bits))


def _kept_caps(now: Moment, given: Arguments) -> Outcome:
    return now.answers(now.rule(int(now.credential.keep_caps), "prctl(2)/PR_GET_KEEPCAPS", of="answer"))


def _set_dumpable(now: Moment, given: Arguments) -> Outcome:
    second = given[0]
    now.refuse("EINVAL", "prctl(2)/PR_SET_DUMPABLE-EINVAL", second not in (0, 1))
    dumpable = now.rule(second, "prctl(2)/PR_SET_DUMPABLE", of="dumpable")
    sharing = now.rule(
        now.world.threads(now.task.process), "prctl(2)/linux/PR_SET_DUMPABLE-process", of=("dumpable", "others")
    )
    changed = [replace(task, credential=replace(task.credential, dumpable=dumpable)) for task in sharing]
    return Outcome(now.rule(OK, "prctl(2)/returns-zero", of="answer"), now.world.with_tasks(*changed))


def _dumpable(now: Moment, given: Arguments) -> Outcome:
    return now.answers(now.rule(now.credential.dumpable, "prctl(2)/PR_GET_DUMPABLE", of="answer"))


def _set_no_new_privs(now: Moment, given: Arguments) -> Outcome:
    second, *unused = given
    taken_back = second == 0 and now.credential.no_new_privs
    now.refuse("EINVAL", "prctl(2)/PR_SET_NO_NEW_PRIVS-final", taken_back)
    now.refuse("EINVAL", "prctl(2)/PR_SET_NO_NEW_PRIVS-EINVAL", (second != 1 and not taken_back) or any(unused))
    wanted = now.rule(bool(second), "prctl(2)/PR_SET_NO_NEW_PRIVS", of="no_new_privs")
    return _set(now, replace(now.credential, no_new_privs=wanted))


def _no_new_privs(now: Moment, given: Arguments) -> Outcome:
    now.refuse("EINVAL", "prctl(2)/PR_GET_NO_NEW_PRIVS-EINVAL", any(given))
    return now.answers(now.rule(int(now.credential.no_new_privs), "prctl(2)/PR_GET_NO_NEW_PRIVS", of="answer"))


def _set_death_signal(now: Moment, given: Arguments) -> Outcome:
    second = given[0]
    now.refuse("EINVAL", "prctl(2)/PR_SET_PDEATHSIG-EINVAL", not 0 <= second <= LAST_SIGNAL)
    signal = now.rule(second, "prctl(2)/PR_SET_PDEATHSIG", of="parent_death_signal")
    moved = now.rule((now.task,), "prctl(2)/PR_SET_PDEATHSIG-process", of="parent_death_signal")
    changed = [replace(task, credential=replace(task.credential, parent_death_signal=signal)) for task in moved]
    return Outcome(now.rule(OK, "prctl(2)/returns-zero", of="answer"), now.world.with_tasks(*changed))


def _death_signal(now: Moment, where: int | Buffer = 0) -> Outcome:
    bad = isinstance(where, Buffer) and not where.valid
    now.refuse("EFAULT", "prctl(2)/PR_GET_PDEATHSIG-EFAULT", bad)
    return now.answers(now.rule(now.credential.parent_death_signal, "prctl(2)/PR_GET_PDEATHSIG", of="answer"))


def _bounding_read(now: Moment, given: Arguments) -> Outcome:
    second = given[0]
    bit = _bit(now, second)
    now.refuse("EINVAL", "prctl(2)/PR_CAPBSET_READ-EINVAL", not bit)
    return now.answers(
        now.rule(
            int(now.credential.capabilities.bounding & bit > 0),
            "prctl(2)/PR_CAPBSET_READ",
            "capabilities(7)/bounding-read",
            of="answer",
        )
    )


def _bounding_drop(now: Moment, given: Arguments) -> Outcome:
    who, bit = now.credential, _bit(now, given[0])
    capable = now.rule(now.capable(CAP_SETPCAP), "capabilities(7)/bounding-drop-CAP_SETPCAP", of="answer")
    now.refuse("EPERM", "prctl(2)/PR_CAPBSET_DROP-EPERM", not capable)
    now.refuse("EINVAL", "prctl(2)/PR_CAPBSET_DROP-EINVAL", not bit)
    bounding = now.rule(who.capabilities.bounding & ~bit, "prctl(2)/PR_CAPBSET_DROP", of="bounding capabilities")
    sets = now.rule(
        replace(who.capabilities, bounding=bounding),
        "capabilities(7)/linux/bounding-drop-leaves-the-others",
        "capabilities(7)/bounding-drop-leaves-inheritable",
        of=CAPABILITIES,
    )
    return _set(now, replace(who, capabilities=sets))


def _ambient(now: Moment, given: Arguments) -> Outcome:
    action, capability, *unused = given
    who, sets = now.credential, now.credential.capabilities
    bit, raises = _bit(now, capability), action == RAISE
    held, forbidden = True, False
    if raises:
        held = now.rule(
            bool(sets.permitted & sets.inheritable & bit),
            "capabilities(7)/ambient-needs-both",
            "capabilities(7)/linux/bounding-spares-ambient",
            of="answer",
        )
        forbidden = now.rule(no_ambient_raise(who), "capabilities(7)/NO_CAP_AMBIENT_RAISE", of="answer")
    now.refuse("EINVAL", "prctl(2)/PR_CAP_AMBIENT-EINVAL-operation", action not in (IS_SET, RAISE, LOWER, CLEAR_ALL))
    now.refuse("EINVAL", "prctl(2)/PR_CAP_AMBIENT-EINVAL-unused", any(unused))
    now.refuse("EINVAL", "prctl(2)/PR_CAP_AMBIENT_CLEAR_ALL-EINVAL", action == CLEAR_ALL and capability != 0)
    now.refuse("EINVAL", "prctl(2)/PR_CAP_AMBIENT-EINVAL-capability", action in (IS_SET, RAISE, LOWER) and not bit)
    now.refuse("EPERM", "prctl(2)/PR_CAP_AMBIENT_RAISE-EPERM-sets", not held)
    now.refuse("EPERM", "prctl(2)/PR_CAP_AMBIENT_RAISE-EPERM-securebit", forbidden)
    if action == IS_SET:
        return now.answers(now.rule(int(bool(sets.ambient & bit)), "prctl(2)/PR_CAP_AMBIENT_IS_SET", of="answer"))
    if action == CLEAR_ALL:
        ambient = now.rule(0, "prctl(2)/PR_CAP_AMBIENT_CLEAR_ALL", of="ambient capabilities")
    elif action == LOWER:
        ambient = now.rule(sets.ambient & ~bit, "prctl(2)/PR_CAP_AMBIENT_LOWER", of="ambient capabilities")
    else:
        ambient = now.rule(sets.ambient | bit, "prctl(2)/PR_CAP_AMBIENT_RAISE", of="ambient capabilities")
    return _set(now, replace(who, capabilities=replace(sets, ambient=ambient)))


def _bit(now: Moment, capability: int) -> int:
    """The bit of a capability in a mask; 0 if the kernel does not know it."""
    return 1 << capability if 0 <= capability < now.system.all_capabilities.bit_length() else 0


OPTIONS: dict[int, Callable[[Moment, Arguments], Outcome]] = {
    CONSTANTS[name]: option
    for name, option in {
        "PR_GET_KEEPCAPS": _kept_caps,
        "PR_SET_KEEPCAPS": _keep_caps,
        "PR_GET_DUMPABLE": _dumpable,
        "PR_SET_DUMPABLE": _set_dumpable,
        "PR_GET_NO_NEW_PRIVS": _no_new_privs,
        "PR_SET_NO_NEW_PRIVS": _set_no_new_privs,
        "PR_GET_SECUREBITS": get_securebits,
        "PR_SET_SECUREBITS": set_securebits,
        "PR_SET_PDEATHSIG": _set_death_signal,
        "PR_CAPBSET_READ": _bounding_read,
        "PR_CAPBSET_DROP": _bounding_drop,
        "PR_CAP_AMBIENT": _ambient,
    }.items()
}
