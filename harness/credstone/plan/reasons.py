"""Why something is refused on a target, where its facts tell."""

from __future__ import annotations

from credstone.words.facts import Facts


def because(facts: Facts) -> str:
    """The fact that explains a refusal, where there is one."""
    if facts.seccomp:
        return ": a seccomp filter is active"
    if facts.security_label and facts.security_label != "unconfined":
        return f": the process is confined as {facts.security_label}"
    return ""
