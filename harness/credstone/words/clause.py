"""One normative statement of a page, with a stable id."""

from __future__ import annotations

import msgspec


class Clause(msgspec.Struct, frozen=True):
    """A clause of a page.

    ``id`` is the page's name and the clause's: ``setgroups(2)/EPERM-capability``; ``folder`` is the folder that holds
    it.  ``says`` is the statement in our own words.  ``digests`` identify the sentences of the page it comes from.
    ``since`` is the kernel or libc version from which it holds, where that matters.  ``untestable`` says why no
    scenario can show it, ``erratum`` how page and Linux contradict each other; both are empty otherwise.
    """

    id: str
    folder: str
    section: str
    says: str
    digests: tuple[str, ...] = ()
    since: str = ""
    untestable: str = ""
    erratum: str = ""

    @property
    def level(self) -> str:
        """``man`` where the page says so; ``linux`` where it is silent and Linux has always done so."""
        return level(self.id)


def level(clause: str) -> str:
    """The level of the clause with this id."""
    return "linux" if "/linux/" in clause else "man"
