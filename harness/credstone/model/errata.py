"""Errata: where a page and Linux contradict each other, what the page says.

The rules of the model follow Linux.  For a clause with an erratum this table has the rule as the page words it, so that
a target that takes the page's side is recognised: it is no failure, and the report says which side it took.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from credstone.model.rules import Context, Decision, Mutant, Refusal, Rule


def page_says(clause: str, about: str, value: Callable[[Any, Context], Any]) -> Mutant:
    """The page's side of a decision; ``about`` is one sentence, ``value`` makes the page's value from Linux's."""

    def change(current: Rule, now: Context) -> Rule:
        return Decision(current.clause, value(current.value, now)) if isinstance(current, Decision) else current

    return Mutant(name=f"page:{clause}", clause=clause, about=about, change=change)


def page_answers(clause: str, about: str, errno: str) -> Mutant:
    """The page's side of a refusal, where only the errno differs."""

    def change(current: Rule, now: Context) -> Rule:
        return msgspec.structs.replace(current, errno=errno) if isinstance(current, Refusal) else current

    return Mutant(name=f"page:{clause}", clause=clause, about=about, change=change)


def _is_root_for_files(now: Context) -> bool:
    return now.credential.uid.filesystem == now.world.namespaces[now.task.namespace].uid(0)


def _with_effective_ids(who: Any, now: Context) -> Any:
    uid, gid = who.uid, who.gid
    return msgspec.structs.replace(
        who,
        uid=msgspec.structs.replace(uid, filesystem=uid.effective),
        gid=msgspec.structs.replace(gid, filesystem=gid.effective),
    )


ERRATA: tuple[Mutant, ...] = (
    page_says("access(2)/AT_EACCESS-takes-the-filesystem-ids", "The effective ids are used.", _with_effective_ids),
    page_says("path_resolution(7)/fsuid-0", "A process of filesystem uid 0 has the capabilities over permissions.",
              lambda above, now: above or _is_root_for_files(now)),
)  # fmt: skip
"""One row for each clause with an erratum whose two sides can be told apart."""
