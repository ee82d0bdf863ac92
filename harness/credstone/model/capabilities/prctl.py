"""prctl(2) for the options that belong to a credential.

All of them concern the calling thread alone, but for the dumpable attribute, which the process has once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from credstone.model.arguments import POINTERS, Buffer, NotModelled, as_int, number, pointer
from credstone.model.capabilities.securebits import get_securebits, no_ambient_raise, set_securebits
from credstone.model.capabilities.uid_changes import KEEP_CAPS, KEEP_CAPS_LOCKED
from credstone.model.commit import alone, replace
from credstone.model.moment import OK, Moment
from credstone.model.processes.signals import LAST_SIGNAL
from credstone.model.rules import Outcome, Page, Rules, refuse, rule
from credstone.words.call import Argument, Word
from credstone.words.capability import CAP_SETPCAP
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Credential

PRCTL = Page(
    failure=("prctl(2)/error-minus-one",),
    order=("prctl(2)/linux/PR_CAPBSET_DROP-order", "prctl(2)/linux/PR_CAP_AMBIENT-order"),
    unchanged=("prctl(2)/linux/failure-changes-nothing",),
)
PAGE = "prctl(2)/"
IS_SET, RAISE, LOWER, CLEAR_ALL = (
    CONSTANTS[f"PR_CAP_AMBIENT_{name}"] for name in ("IS_SET", "RAISE", "LOWER", "CLEAR_ALL")
)
KERNEL_HAS = (range(1, 1000), (0x53564D41, 0x59616D61))
"""Where the kernel's own options are, those of other architectures and of years to come among them."""

Arguments: TypeAlias = tuple[Any, Any, Any, Any]
"""The second argument to the fifth: numbers, or a pointer where one is asked for."""


def argument(given: Argument) -> Any:
    """An argument of a script: a number, or a kind of pointer."""
    return pointer(given) if isinstance(given, Word) and given.word in POINTERS else number(given)


def prctl(now: Moment, option: int, *given: Any) -> Rules:
    """int prctl(int option, ...): what is not given is 0."""
    option = as_int(option)
    known = any(option in numbers for numbers in KERNEL_HAS)
    if known and option not in OPTIONS:
        raise NotModelled(f"it does not know the option {option}")
    yield refuse("EINVAL", PAGE + "EINVAL-option", not known)
    if not known:
        return now.answers()
    if option == CONSTANTS["PR_GET_PDEATHSIG"] and given and not isinstance(given[0], Buffer):
        raise NotModelled("it knows the pointers valid, null and bad-pointer only")
    second, third, fourth, fifth = (*given, 0, 0, 0, 0)[:4]
    return (yield from OPTIONS[option](now, (second, third, fourth, fifth)))


def _set(now: Moment, credential: Credential) -> Rules:
    """The end of an option that sets something of the calling thread."""
    world = yield from alone(now, credential, PAGE + "calling-thread")
    return Outcome((yield rule(PAGE + "returns-zero", OK)), world)


def _keep_caps(now: Moment, given: Arguments) -> Rules:
    second = given[0]
    who = now.credential
    yield refuse("EINVAL", PAGE + "PR_SET_KEEPCAPS-EINVAL", second not in (0, 1))
    yield refuse("EPERM", PAGE + "PR_SET_KEEPCAPS-EPERM", bool(who.securebits & KEEP_CAPS_LOCKED))
    kept = yield rule(PAGE + "PR_SET_KEEPCAPS", bool(second))
    bits = who.securebits & ~KEEP_CAPS | (KEEP_CAPS if kept else 0)
    bits = yield rule("capabilities(7)/KEEP_CAPS-is-PR_SET_KEEPCAPS", bits)
    return (yield from _set(now, replace(who, keep_caps=kept, securebits=bits)))


def _kept_caps(now: Moment, given: Arguments) -> Rules:
    return now.answers((yield rule(PAGE + "PR_GET_KEEPCAPS", int(now.credential.keep_caps))))


def _set_dumpable(now: Moment, given: Arguments) -> Rules:
    second = given[0]
    yield refuse("EINVAL", PAGE + "PR_SET_DUMPABLE-EINVAL", second not in (0, 1))
    dumpable = yield rule(PAGE + "PR_SET_DUMPABLE", second)
    sharing = yield rule(PAGE + "linux/PR_SET_DUMPABLE-process", now.world.threads(now.task.process))
    changed = [replace(task, credential=replace(task.credential, dumpable=dumpable)) for task in sharing]
    return Outcome((yield rule(PAGE + "returns-zero", OK)), now.world.with_tasks(*changed))


def _dumpable(now: Moment, given: Arguments) -> Rules:
    return now.answers((yield rule(PAGE + "PR_GET_DUMPABLE", now.credential.dumpable)))


def _set_no_new_privs(now: Moment, given: Arguments) -> Rules:
    second, *unused = given
    taken_back = second == 0 and now.credential.no_new_privs
    yield refuse("EINVAL", PAGE + "PR_SET_NO_NEW_PRIVS-final", taken_back)
    yield refuse("EINVAL", PAGE + "PR_SET_NO_NEW_PRIVS-EINVAL", (second != 1 and not taken_back) or any(unused))
    wanted = yield rule(PAGE + "PR_SET_NO_NEW_PRIVS", bool(second))
    return (yield from _set(now, replace(now.credential, no_new_privs=wanted)))


def _no_new_privs(now: Moment, given: Arguments) -> Rules:
    yield refuse("EINVAL", PAGE + "PR_GET_NO_NEW_PRIVS-EINVAL", any(given))
    return now.answers((yield rule(PAGE + "PR_GET_NO_NEW_PRIVS", int(now.credential.no_new_privs))))


def _set_death_signal(now: Moment, given: Arguments) -> Rules:
    second = given[0]
    yield refuse("EINVAL", PAGE + "PR_SET_PDEATHSIG-EINVAL", not 0 <= second <= LAST_SIGNAL)
    signal = yield rule(PAGE + "PR_SET_PDEATHSIG", second)
    moved = yield rule(PAGE + "PR_SET_PDEATHSIG-process", (now.task,))
    changed = [replace(task, credential=replace(task.credential, parent_death_signal=signal)) for task in moved]
    return Outcome((yield rule(PAGE + "returns-zero", OK)), now.world.with_tasks(*changed))


def _death_signal(now: Moment, given: Arguments) -> Rules:
    bad = isinstance(given[0], Buffer) and not given[0].valid
    yield refuse("EFAULT", PAGE + "PR_GET_PDEATHSIG-EFAULT", bad)
    return now.answers((yield rule(PAGE + "PR_GET_PDEATHSIG", now.credential.parent_death_signal)))


def _bounding_read(now: Moment, given: Arguments) -> Rules:
    second = given[0]
    bit = _bit(now, second)
    yield refuse("EINVAL", PAGE + "PR_CAPBSET_READ-EINVAL", not bit)
    found = yield rule(PAGE + "PR_CAPBSET_READ", int(now.credential.capabilities.bounding & bit > 0))
    return now.answers((yield rule("capabilities(7)/bounding-read", found)))


def _bounding_drop(now: Moment, given: Arguments) -> Rules:
    who, bit = now.credential, _bit(now, given[0])
    capable = yield rule("capabilities(7)/bounding-drop-CAP_SETPCAP", now.capable(CAP_SETPCAP))
    yield refuse("EPERM", PAGE + "PR_CAPBSET_DROP-EPERM", not capable)
    yield refuse("EINVAL", PAGE + "PR_CAPBSET_DROP-EINVAL", not bit)
    bounding = yield rule(PAGE + "PR_CAPBSET_DROP", who.capabilities.bounding & ~bit)
    sets = yield rule("capabilities(7)/bounding-drop-leaves-inheritable", replace(who.capabilities, bounding=bounding))
    sets = yield rule("capabilities(7)/linux/bounding-drop-leaves-the-others", sets)
    return (yield from _set(now, replace(who, capabilities=sets)))


def _ambient(now: Moment, given: Arguments) -> Rules:
    action, capability, *unused = given
    who, sets, name = now.credential, now.credential.capabilities, PAGE + "PR_CAP_AMBIENT_"
    bit, raises = _bit(now, capability), action == RAISE
    held, forbidden = True, False
    if raises:
        held = yield rule("capabilities(7)/ambient-needs-both", bool(sets.permitted & sets.inheritable & bit))
        held = yield rule("capabilities(7)/linux/bounding-spares-ambient", held)
        forbidden = yield rule("capabilities(7)/NO_CAP_AMBIENT_RAISE", no_ambient_raise(who))
    yield refuse("EINVAL", PAGE + "PR_CAP_AMBIENT-EINVAL-operation", action not in (IS_SET, RAISE, LOWER, CLEAR_ALL))
    yield refuse("EINVAL", PAGE + "PR_CAP_AMBIENT-EINVAL-unused", any(unused))
    yield refuse("EINVAL", name + "CLEAR_ALL-EINVAL", action == CLEAR_ALL and capability != 0)
    yield refuse("EINVAL", PAGE + "PR_CAP_AMBIENT-EINVAL-capability", action in (IS_SET, RAISE, LOWER) and not bit)
    yield refuse("EPERM", name + "RAISE-EPERM-sets", not held)
    yield refuse("EPERM", name + "RAISE-EPERM-securebit", forbidden)
    if action == IS_SET:
        return now.answers((yield rule(name + "IS_SET", int(bool(sets.ambient & bit)))))
    if action == CLEAR_ALL:
        ambient = yield rule(name + "CLEAR_ALL", 0)
    elif action == LOWER:
        ambient = yield rule(name + "LOWER", sets.ambient & ~bit)
    else:
        ambient = yield rule(name + "RAISE", sets.ambient | bit)
    return (yield from _set(now, replace(who, capabilities=replace(sets, ambient=ambient))))


def _bit(now: Moment, capability: int) -> int:
    """The bit of a capability in a mask; 0 if the kernel does not know it."""
    return 1 << capability if 0 <= capability < now.system.all_capabilities.bit_length() else 0


OPTIONS: dict[int, Callable[[Moment, Arguments], Rules]] = {
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
        "PR_GET_PDEATHSIG": _death_signal,
        "PR_SET_PDEATHSIG": _set_death_signal,
        "PR_CAPBSET_READ": _bounding_read,
        "PR_CAPBSET_DROP": _bounding_drop,
        "PR_CAP_AMBIENT": _ambient,
    }.items()
}
