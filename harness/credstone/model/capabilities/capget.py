"""capget(2) and capset(2): version 3 of the header unless another is asked for."""

from __future__ import annotations

import msgspec

from credstone.model.arguments import POINTERS, NotModelled, capability_mask, number
from credstone.model.caller import OK, Moment
from credstone.model.commit import replace, take_credential_alone
from credstone.model.processes.proc_files import process
from credstone.model.rules import Outcome, Page
from credstone.model.subjects import CAPABILITIES
from credstone.model.world import NO_PROCESS
from credstone.words.call import Argument, Call, Word
from credstone.words.capability import CAP_SETPCAP
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Capabilities

FIRST, SECOND, THIRD = (CONSTANTS[f"_LINUX_CAPABILITY_VERSION_{version}"] for version in (1, 2, 3))
HALF = 2**32 - 1
"""What fits into the data of version 1."""

CAPGET = Page(failure=("capget(2)/error-minus-one",))
CAPSET = Page(failure=("capset(2)/error-minus-one",), unchanged=("capset(2)/linux/failure-changes-nothing",))


class Header(msgspec.Struct, frozen=True):
    """How a call is made: whose sets, the version, the pointers to the header and to the data.

    ``shown``: the answer is the version that stands in the header afterwards.
    """

    pid: Argument = 0
    version: int = THIRD
    itself: str = "valid"
    data: str = "valid"
    shown: bool = False

    @property
    def bad(self) -> bool:
        return self.itself != "valid"

    @property
    def known(self) -> bool:
        return self.version in (FIRST, SECOND, THIRD)


def capget_arguments(call: Call) -> tuple[Header]:
    """PID VERSION POINTER and the word ``header``, all but a leading part left away; or two pointers."""
    given = call.arguments
    if given and _is_pointer(given[0]):
        return (Header(itself=_word(given[0]), data=_word(given[1])),)
    return (_header(given[:2], _word(given[2]) if len(given) > 2 else "valid", len(given) > 3),)


def capset_arguments(call: Call) -> tuple[tuple[int, int, int] | None, Header]:
    """PERMITTED EFFECTIVE INHERITABLE PID VERSION and the word ``header``; or one pointer, or two, and no sets."""
    given = call.arguments
    if _is_pointer(given[0]):
        *itself, data = (_word(argument) for argument in given)
        return None, Header(itself=itself[0] if itself else "valid", data=data)
    permitted, effective, inheritable = (capability_mask(argument) for argument in given[:3])
    return (permitted, effective, inheritable), _header(given[3:5], "valid", len(given) > 5)


def _header(given: tuple[Argument, ...], data: str, shown: bool) -> Header:
    version = number(given[1]) if len(given) > 1 else THIRD
    return Header(given[0] if given else 0, version, data=data, shown=shown)


def _is_pointer(argument: Argument) -> bool:
    return isinstance(argument, Word) and argument.word in POINTERS


def _word(argument: Argument) -> str:
    if not isinstance(argument, Word):
        raise NotModelled(f"{argument!r} is not a kind of pointer")
    return argument.word


def capget(now: Moment, header: Header) -> Outcome:
    """int capget(cap_user_header_t hdrp, cap_user_data_t datap): permitted, effective, inheritable."""
    now.refuse("EFAULT", "capget(2)/EFAULT-header", header.bad)
    if header.shown:
        return now.answers(
            now.rule(header.version if header.known else THIRD, "capget(2)/version-written-back", of="answer")
        )
    if now.rule(not header.known and header.data == "null", "capget(2)/probe-without-data", of="answer"):
        return now.answers(now.rule(0, "capget(2)/returns-zero", of="answer"))
    now.refuse("EINVAL", "capget(2)/EINVAL-version", not header.known)
    if header.data == "null":
        return now.answers(now.rule(0, "capget(2)/linux/null-with-a-good-version", of="answer"))
    pid = header.pid if isinstance(header.pid, int) else 0
    now.refuse("EINVAL", "capget(2)/EINVAL-pid", pid < 0)
    now.refuse("ESRCH", "capget(2)/ESRCH", pid >= NO_PROCESS)
    now.refuse("EFAULT", "capget(2)/EFAULT-data", header.data != "valid")
    if 0 < pid < NO_PROCESS:
        raise NotModelled(f"it does not know the process {pid}")
    sets = now.credential.capabilities
    if isinstance(header.pid, Word):
        sets = now.rule(process(now, header.pid.word).credential.capabilities, "capget(2)/another-process", of="answer")
    three = now.rule((sets.permitted, sets.effective, sets.inheritable), "capget(2)/three-sets", of="answer")
    if header.version == FIRST:
        three = now.rule(
            (three[0] & HALF, three[1] & HALF, three[2] & HALF), "capget(2)/version-1-has-32-bits", of="answer"
        )
    else:
        three = now.rule(three, "capget(2)/versions-2-and-3-have-64-bits", of="answer")
    return now.answers(now.rule(three, "capabilities(7)/capget-and-capset", of="answer"))


def capset(now: Moment, sets: tuple[int, int, int] | None, header: Header) -> Outcome:
    """int capset(cap_user_header_t hdrp, const cap_user_data_t datap): PERMITTED EFFECTIVE INHERITABLE."""
    now.refuse("EFAULT", "capset(2)/EFAULT-header", header.bad)
    has = now.credential.capabilities
    if header.shown and header.known and sets != (has.permitted, has.effective, has.inheritable):
        raise NotModelled("it reads the header back after calls that leave the sets as they are")
    if header.shown:
        return now.answers(
            now.rule(header.version if header.known else THIRD, "capset(2)/version-written-back", of="answer")
        )
    other = now.rule(_is_other(now, header), "capset(2)/own-thread-id", of="answer")
    now.refuse("EINVAL", "capset(2)/EINVAL-version", not header.known)
    now.refuse("EPERM", "capset(2)/EPERM-another", other)
    now.refuse("EFAULT", "capset(2)/EFAULT-data", header.data != "valid")
    old, known = now.credential.capabilities, now.system.all_capabilities
    sets = sets or (old.permitted, old.effective, old.inheritable)
    if header.version == FIRST:
        known &= now.rule(
            HALF,
            "capset(2)/linux/version-1-drops-the-upper-half",
            of=("inheritable capabilities", "permitted capabilities", "effective capabilities"),
        )
    permitted, effective, inheritable = now.rule(
        tuple(each & known for each in sets), "capset(2)/linux/unknown-bits-are-ignored", of="answer"
    )
    more, beyond, unbounded, ineffective = _transgressions(now, permitted, effective, inheritable)
    now.refuse("EPERM", "capset(2)/EPERM-inheritable", beyond)
    now.refuse("EPERM", "capset(2)/EPERM-bounding", unbounded)
    now.refuse("EPERM", "capset(2)/EPERM-permitted", more)
    now.refuse("EPERM", "capset(2)/EPERM-effective", ineffective)
    ambient = now.rule(
        old.ambient & permitted & inheritable, "capabilities(7)/ambient-follows", of="ambient capabilities"
    )
    new = now.rule(
        Capabilities(inheritable, permitted, effective, old.bounding, ambient),
        "capset(2)/sets-three",
        of=CAPABILITIES,
    )
    credential = replace(now.credential, capabilities=new)
    world = take_credential_alone(now, credential, "capset(2)/calling-thread", "capabilities(7)/per-thread")
    return Outcome(now.rule(OK, "capset(2)/returns-zero", of="answer"), world)


def _transgressions(now: Moment, permitted: int, effective: int, inheritable: int) -> tuple[bool, bool, bool, bool]:
    """Which of the four rules new sets break: capabilities(7), "Programmatically adjusting capability sets"."""
    old = now.credential.capabilities
    beyond = bool(inheritable & ~(old.inheritable | old.permitted)) and not now.capable(CAP_SETPCAP)
    beyond = now.rule(beyond, "capabilities(7)/new-inheritable-without-CAP_SETPCAP", of="answer")
    unbounded = bool(inheritable & ~(old.inheritable | old.bounding))
    unbounded = now.rule(unbounded, "capabilities(7)/new-inheritable-within-bounding", of="answer")
    more = now.rule(bool(permitted & ~old.permitted), "capabilities(7)/new-permitted-is-a-subset", of="answer")
    not_permitted = now.rule(bool(effective & ~permitted), "capabilities(7)/new-effective-is-a-subset", of="answer")
    return more, beyond, unbounded, not_permitted


def _is_other(now: Moment, header: Header) -> bool:
    """Whether the header names another thread than the caller."""
    if isinstance(header.pid, Word):
        return process(now, header.pid.word).who != now.who
    return isinstance(header.pid, int) and header.pid != 0
