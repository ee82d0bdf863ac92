"""Ways to get the ptrace access check wrong: ptrace(2)."""

from __future__ import annotations

from credstone.model.fork import CHILD
from credstone.model.rules import Context
from credstone.model.world import Task
from credstone.proof.mutants.build import (
    answering,
    arguments,
    deciding,
    giving,
    is_root,
    mutant,
    never,
    privileged,
    replace,
)
from credstone.words.answer import Answer
from credstone.words.capability import MASKS

PAGE = "ptrace(2)/"
LINUX = PAGE + "linux/"
CAP_SYS_PTRACE = MASKS["CAP_SYS_PTRACE"]


def _target(now: Context) -> Task:
    text = " ".join(str(argument) for argument in arguments(now))
    found = [task for task in now.world.tasks if task.who.startswith(CHILD) and task.who.removeprefix(CHILD) in text]
    return found[-1] if found else now.world.task("main")


MUTANTS = (
    mutant("ptrace-threads-are-strangers", PAGE + "same-thread-group", giving(False),
           "A thread is asked for its IDs like any other process."),
    mutant("ptrace-files-by-real-ids", PAGE + "filesystem-ids",
           deciding(lambda ids, now: (now.credential.uid.real, now.credential.gid.real)),
           "Files below /proc ask for the real IDs (Linux before 4.5)."),
    mutant("ptrace-files-by-effective-uid", PAGE + "filesystem-ids",
           deciding(lambda ids, now: (now.credential.uid.effective, now.credential.gid.effective)),
           "Files below /proc ask for the effective IDs, there being no others (gVisor)."),
    mutant("ptrace-by-effective-ids", PAGE + "real-ids",
           deciding(lambda ids, now: (now.credential.uid.effective, now.credential.gid.effective)),
           "The effective IDs of the caller are asked (gVisor)."),
    mutant("ptrace-by-effective-gid", PAGE + "real-ids",
           deciding(lambda ids, now: (ids[0], now.credential.gid.effective)),
           "The effective group ID of the caller is asked."),
    mutant("ptrace-real-uid-is-enough", PAGE + "all-uids-match", deciding(lambda uids, now: uids[:1]),
           "Only the real user ID of the target is compared."),
    mutant("ptrace-effective-uid-is-enough", PAGE + "all-uids-match", deciding(lambda uids, now: uids[1:2]),
           "Only the effective user ID of the target is compared."),
    mutant("ptrace-saved-uid-is-forgotten", PAGE + "all-uids-match", deciding(lambda uids, now: uids[:2]),
           "The saved user ID of the target is not compared."),
    mutant("ptrace-gids-are-forgotten", PAGE + "all-gids-match",
           deciding(lambda gids, now: (now.credential.gid.real,)),
           "The group IDs are not compared."),
    mutant("ptrace-saved-gid-is-forgotten", PAGE + "all-gids-match", deciding(lambda gids, now: gids[:2]),
           "The saved group ID of the target is not compared."),
    mutant("ptrace-real-gid-is-forgotten", PAGE + "all-gids-match", deciding(lambda gids, now: gids[1:]),
           "The real group ID of the target is not compared."),
    mutant("ptrace-root-only", PAGE + "CAP_SYS_PTRACE", deciding(lambda may, now: is_root(now)),
           "User 0 is privileged, the capability is not asked for (Asterinas)."),
    mutant("ptrace-capability-everywhere", PAGE + "CAP_SYS_PTRACE",
           deciding(lambda may, now: privileged(now, CAP_SYS_PTRACE)),
           "The capability in one's own user namespace opens all others."),
    mutant("ptrace-undumpable-is-open", PAGE + "dumpable", giving(True),
           "The attribute says nothing about tracing (gVisor; CVE-2016-8659 for want of it)."),
    mutant("ptrace-undumpable-for-all", PAGE + "dumpable",
           deciding(lambda may, now: _target(now).credential.dumpable == 1),
           "What is not dumpable is closed to CAP_SYS_PTRACE too."),
    mutant("ptrace-calls-by-effective-sets", PAGE + "permitted-capabilities",
           deciding(lambda held, now: now.credential.capabilities.effective),
           "A capability must be in effect to count for a call."),
    mutant("ptrace-files-by-permitted-sets", PAGE + "effective-capabilities",
           deciding(lambda held, now: now.credential.capabilities.permitted),
           "A capability need not be in effect to count for a file."),
    mutant("ptrace-more-capabilities", PAGE + "no-more-capabilities", giving(True),
           "Whoever is the same user may look, whatever the capabilities."),
    mutant("ptrace-across-namespaces", PAGE + "same-namespace", giving(True),
           "The user namespace of the target makes no difference."),
    mutant("ptrace-reading-is-free", PAGE + "reading-is-attaching", giving(True),
           "Only who attaches is asked for capabilities, to read takes none."),
    mutant("ptrace-answers-1", PAGE + "returns-zero", giving(Answer("", 1)),
           "A success answers 1."),
    mutant("ptrace-false-success", PAGE + "error-minus-one", giving(Answer()),
           "A refusal answers 0."),
    mutant("ptrace-EACCES", PAGE + "EPERM", answering("EACCES"),
           "What may not be traced is EACCES."),
    mutant("ptrace-for-everybody", PAGE + "EPERM", never(),
           "Everybody may trace everybody."),
    mutant("ptrace-two-tracers", PAGE + "EPERM-traced", never(),
           "A second tracer takes the first one's place."),
    mutant("ptrace-detach-anybody", PAGE + "ESRCH", answering("EPERM"),
           "To detach from what one does not trace is EPERM."),
    mutant("ptrace-itself", LINUX + "EPERM-own-process", never(),
           "A process may trace itself."),
    mutant("traceme-for-everybody", LINUX + "TRACEME-parent-may-trace", giving(True),
           "Every process may ask to be traced, whatever its parent lacks."),
    mutant("traceme-never-with-capabilities", LINUX + "TRACEME-parent-may-trace",
           deciding(lambda may, now: not now.credential.capabilities.permitted),
           "CAP_SYS_PTRACE of the parent does not count."),
    mutant("traceme-keeps-the-parent", LINUX + "TRACEME-credential-of-the-caller",
           deciding(lambda tracer, now: replace(tracer, credential=now.world.task("main").credential)),
           "The kernel keeps the credential of the parent (Linux before 5.2, CVE-2019-13272)."),
    mutant("traceme-is-forgotten", LINUX + "TRACEME-credential-of-the-caller", giving(None),
           "A process that asked to be traced gains what the next program gives (Asterinas, 2026)."),
    mutant("ptrace-memory-of-the-task", LINUX + "namespace-of-the-memory",
           deciding(lambda may, now: True),
           "The namespace that the process is in decides over its memory (Linux before 4.9, CVE-2015-8709)."),
    mutant("ptrace-file-EPERM", LINUX + "refusal-of-a-file", answering("EPERM"),
           "A file of a process is refused with EPERM, like the call."),
    mutant("ptrace-files-for-all", LINUX + "refusal-of-a-file", never(),
           "The files below /proc have owners and modes, and no further check."),
    mutant("proc-files-of-the-real-ids", LINUX + "effective-ids-own-the-files",
           deciding(lambda file, now: replace(file, owner=_target(now).credential.uid.real,
                                              group=_target(now).credential.gid.real)),
           "The files below /proc belong to the real IDs."),
    mutant("proc-files-of-root", LINUX + "effective-ids-own-the-files",
           deciding(lambda file, now: replace(file, owner=0, group=0)),
           "The files below /proc are root's (Asterinas)."),
    mutant("proc-undumpable-keeps-its-files", LINUX + "undumpable-belongs-to-root",
           deciding(lambda file, now: replace(file, owner=_target(now).credential.uid.effective,
                                              group=_target(now).credential.gid.effective)),
           "The files of what is not dumpable stay its user's (Asterinas before 2026)."),
    mutant("proc-folder-of-root", LINUX + "the-folder-shows-the-effective-ids",
           deciding(lambda file, now: replace(file, owner=0, group=0)),
           "The folder of what is not dumpable is root's as well."),
)  # fmt: skip
