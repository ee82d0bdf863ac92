"""Which answers of a probe excuse a target, so that cells that need the thing are unsupported.

A page, or a restriction that a fact shows, must allow the answer.  With any other the cells run, and what the target
answers is judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from credstone.model.since import MANY_MAP_LINES, NO_EUSERS, Since, Unknown, holds
from credstone.words.capability import CAP_SYS_ADMIN
from credstone.words.facts import Facts
from credstone.words.refusals import is_refusal

FEW = 64
"""A limit to namespaces that other processes of the user may have used up; Linux starts with one of thousands."""


_NO_ATTRIBUTES = ("EOPNOTSUPP", "ENOTSUP")
"""One number with two names: the agents do not choose the same."""


def because(facts: Facts) -> str:
    """The fact that explains a refusal, where there is one."""
    if facts.seccomp:
        return ": a seccomp filter is active"
    if facts.security_label and facts.security_label != "unconfined":
        return f": the process is confined as {facts.security_label}"
    return ""


def refused_user_namespace(facts: Facts) -> str:
    """Why unshare(2) and clone(2) may refuse CLONE_NEWUSER here; empty if they work, or if nothing allows their answer."""
    error = facts.new_user_namespace
    why = _allowed(facts).get(error, because(facts) if is_refusal(error) and _may_refuse(facts, error) else None)
    return "" if why is None else f"unshare(CLONE_NEWUSER) is refused here ({error}){why}"


def _may_refuse(facts: Facts, error: str) -> bool:
    """EPERM needs no fact, because sysctls of vendors answer it; a module answers EACCES, and a filter all of these."""
    confined = error == "EACCES" and facts.security_label
    return bool(error == "EPERM" or facts.seccomp or confined)


def _allowed(facts: Facts) -> dict[str, str]:
    """The errnos of unshare(2) that a fact explains, each with the explanation."""
    limit = facts.max_user_namespaces
    found = {}
    if not facts.initial_user_namespace:
        nested = ": the agent lives in a user namespace, and levels and numbers are counted from the initial one"
        found["ENOSPC"] = nested
        if not _holds(NO_EUSERS, facts):
            found["EUSERS"] = nested
    if 0 <= limit < FEW:
        found["ENOSPC"] = f": user.max_user_namespaces is {limit}"
    if facts.threads > 1:
        found["EINVAL"] = f": the process has {facts.threads} threads, of which the agent made one"
    if not facts.user_namespaces:
        found["EINVAL"] = found["ENOSYS"] = ": the kernel has none (there is no /proc/self/ns/user)"
    return found


def refused_mount_namespace(facts: Facts) -> str:
    """Why unshare(2) may refuse CLONE_NEWNS here; empty if it works, or if nothing allows its answer."""
    error, limit = facts.new_mount_namespace, facts.max_mnt_namespaces
    why = because(facts) if is_refusal(error) else None
    if error == "ENOSPC" and 0 <= limit < FEW:
        why = f": user.max_mnt_namespaces is {limit}"
    elif error == "ENOSPC" and not facts.initial_user_namespace:
        why = ": the agent lives in a user namespace, and mount namespaces are counted from the initial one"
    return "" if why is None else f"unshare(CLONE_NEWNS) is refused here ({error}){why}"


def unmountable(purpose: str, facts: Facts) -> Iterator[str]:
    """Why a cell can have no mount of its own, if so; ``purpose`` says what the agent would do with it."""
    own = facts.credential
    if not own.capabilities.effective & CAP_SYS_ADMIN:
        yield f"needs root: uid {own.uid.effective} may not {purpose} (CAP_SYS_ADMIN, a mount namespace)"
    elif why := refused_mount_namespace(facts):
        yield why


def refused_call(call: str, facts: Facts) -> str:
    """Why a call that was tried with harmless arguments is refused here; empty if it works, or is not to be excused."""
    error = facts.refused.get(call, "")
    return f"{call}(2) is refused here ({error}){because(facts)}" if is_refusal(error) else ""


def refused_queue(facts: Facts) -> str:
    """Why msgget(2) is refused here."""
    error = facts.message_queues
    return f"msgget(2) is refused here ({error}){because(facts)}" if is_refusal(error) else ""


def without_file_capabilities(facts: Facts) -> str:
    """Why files of the temporary folder can have no capabilities: its file system has no such attributes (EOPNOTSUPP)."""
    error = facts.file_capabilities
    if not (is_refusal(error) or error in _NO_ATTRIBUTES):
        return ""
    return f"files of the temporary folder cannot have capabilities ({error}){because(facts)}"


def not_executed(facts: Facts) -> str:
    """Why a copy of the agent is not executed here: ENOEXEC is that of what runs programs in the kernel's place."""
    error = facts.execution
    if not (is_refusal(error) or (error == "ENOEXEC" and facts.runtime)):
        return ""
    untaken = (
        f": the kernel takes no programs for {facts.abi} (binfmt_misc), and what runs the agent gives it nothing else"
    )
    return f"a program of the agent's kind is not executed here ({error}){untaken if error == 'ENOEXEC' else because(facts)}"


def only_short_maps(facts: Facts) -> str:
    """Why a map of ids cannot have more than five lines: Linux before 4.15 takes no more (EINVAL).

    A runtime with a kernel of its own fails where a scenario writes such a map; it is not set up with one.
    """
    few = facts.long_map == "EINVAL" and (bool(facts.runtime) or not _holds(MANY_MAP_LINES, facts))
    if not (is_refusal(facts.long_map) or few):
        return ""
    return f"a map of ids may have no more than five lines here ({facts.long_map})"


def _holds(rule: Since, facts: Facts) -> bool:
    """Whether the kernel is known to have a rule."""
    try:
        return holds(rule, facts.linux)
    except Unknown:
        return False
