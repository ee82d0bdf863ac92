"""Why something is refused on a target, where its facts tell."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.words.capability import CAP_SYS_ADMIN
from credstone.words.facts import Facts


def because(facts: Facts) -> str:
    """The fact that explains a refusal, where there is one."""
    if facts.seccomp:
        return ": a seccomp filter is active"
    if facts.security_label and facts.security_label != "unconfined":
        return f": the process is confined as {facts.security_label}"
    return ""


def unmountable(purpose: str, facts: Facts) -> Iterator[str]:
    """Why a cell can have no mount of its own, if so; ``purpose`` says what the agent would do with it."""
    own = facts.credential
    if not own.capabilities.effective & CAP_SYS_ADMIN:
        yield f"needs root: uid {own.uid.effective} may not {purpose} (CAP_SYS_ADMIN, a mount namespace)"
    elif facts.new_mount_namespace:
        yield f"unshare(CLONE_NEWNS) is refused here ({facts.new_mount_namespace}){because(facts)}"
