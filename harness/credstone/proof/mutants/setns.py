"""Ways to get setns(2) wrong."""

from __future__ import annotations

from typing import Any

from credstone.model.rules import Context
from credstone.proof.mutants.build import (
    answering,
    arguments,
    deciding,
    giving,
    mutant,
    never,
    replace,
    when,
    world_with,
)
from credstone.words.answer import Answer

PAGE = "setns(2)/"
LINUX = PAGE + "linux/"


def _ids_of_root(credential: Any, now: Context) -> Any:
    return replace(credential, uid=replace(credential.uid, real=100000, effective=100000, saved=100000))


MUTANTS = (
    mutant("setns-moves-nobody", PAGE + "joins", deciding(lambda number, now: now.task.namespace),
           "The call answers 0 and the caller stays where it was."),
    mutant("setns-any-type", PAGE + "EINVAL-type", never(),
           "The kind that is named is not compared."),
    mutant("setns-type-EPERM", PAGE + "EINVAL-type", answering("EPERM"),
           "Another kind than the one that is named is EPERM."),
    mutant("setns-zero-refused", PAGE + "zero-for-any-type", when(lambda now: arguments(now)[1] == 0),
           "nstype 0 is EINVAL for links too."),
    mutant("setns-takes-the-initial", PAGE + "changes-the-one-named",
           deciding(lambda place, now: replace(place, number=0)),
           "The call answers 0 and the namespace is the old one."),
    mutant("setns-pidfd-user-only", PAGE + "pidfd-joins-those-named",
           deciding(lambda places, now: tuple(place for place in places if place.kind == "user")),
           "With a PID file descriptor the first kind is joined and no other."),
    mutant("setns-pidfd-nothing", PAGE + "EINVAL-pidfd", never(),
           "A PID file descriptor without a kind is no error."),
    mutant("setns-up-and-down", PAGE + "EPERM-user-namespace", never(),
           "Nobody asks for a right in the namespace that is joined (DragonOS's first version)."),
    mutant("setns-sibling-EINVAL", PAGE + "EPERM-user-namespace", answering("EINVAL"),
           "A namespace that is not below is EINVAL (gVisor, of every user namespace)."),
    mutant("setns-capabilities-stay", PAGE + "all-capabilities",
           deciding(lambda credential, now: replace(credential, capabilities=now.credential.capabilities)),
           "Who joins has what it had outside."),
    mutant("setns-with-threads", PAGE + "EINVAL-multithreaded", never(),
           "One thread can go where the others do not."),
    mutant("setns-in-again", PAGE + "EINVAL-own-user-namespace", never(),
           "A process joins its own namespace, and has everything back."),
    mutant("setns-shared-directories", PAGE + "EINVAL-CLONE_FS", never(),
           "Who shares its directories joins all the same (CVE-2013-1858, Linux 3.8)."),
    mutant("setns-mounts-for-everybody", PAGE + "EPERM-mount-namespace", never(),
           "A mount namespace takes no right."),
    mutant("setns-mounts-without-chroot", PAGE + "EPERM-mount-namespace",
           when(lambda now: not now.credential.capabilities.effective & 1 << 21),
           "For a mount namespace CAP_SYS_CHROOT is not asked."),
    mutant("setns-mounts-shared", PAGE + "EINVAL-CLONE_FS-mount", never(),
           "Who shares its directories joins a mount namespace."),
    mutant("setns-others-for-everybody", PAGE + "EPERM-other-namespaces", never(),
           "A namespace of another kind takes no right."),
    mutant("setns-answers-1", PAGE + "returns-zero", giving(Answer("", 1)),
           "A success answers 1."),
    mutant("setns-false-success", PAGE + "error-minus-one", giving(Answer()),
           "A call that is refused answers 0 and changes nothing."),
    mutant("setns-links-for-all", LINUX + "link-ptrace-access", never(),
           "Everybody can open the links of every process."),
    mutant("setns-pidfd-for-all", LINUX + "pidfd-ptrace-access", answering("EACCES"),
           "Without the right to look into the process it is EACCES."),
    mutant("setns-makes-root", LINUX + "ids-stay", deciding(_ids_of_root),
           "Who joins is root there."),
    mutant("setns-guest-is-dumpable", LINUX + "foreign-is-undumpable", giving(True),
           "Who joins a stranger's namespace can be looked into by those who live there (CVE-2016-9962 is of that kind)."),
    mutant("setns-owner-is-undumpable", LINUX + "foreign-is-undumpable", giving(False),
           "Nobody can look into who joins."),
    mutant("setns-failure-gives-capabilities", LINUX + "failure-changes-nothing",
           world_with(lambda old, now: {"capabilities": replace(old.capabilities, permitted=7, effective=7)}),
           "A call that is refused has given capabilities."),
)  # fmt: skip
