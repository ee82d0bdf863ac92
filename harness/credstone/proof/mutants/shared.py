"""Ways to get wrong what user IDs are for besides files: credentials(7), its list of other contexts."""

from __future__ import annotations

from credstone.model.fork import CHILD
from credstone.model.rules import Context
from credstone.model.world import Task
from credstone.proof.mutants.build import arguments, deciding, giving, is_root, mutant
from credstone.words.capability import MASKS

PAGE = "credentials(7)/"
LINUX = PAGE + "linux/"


def _target(now: Context) -> Task:
    names = {CHILD + str(argument) for argument in arguments(now)}
    return next(task for task in now.world.tasks if task.who in names)


MUTANTS = (
    mutant("queues-by-the-real-uid", PAGE + "shared-resources", deciding(lambda uid, now: now.credential.uid.real),
           "The real user ID decides over message queues."),
    mutant("queues-by-the-fsuid", PAGE + "shared-resources", deciding(lambda uid, now: now.credential.uid.filesystem),
           "The filesystem user ID decides over message queues, as over files."),
    mutant("queues-by-the-real-gid", PAGE + "shared-resources-by-the-filesystem-gid",
           deciding(lambda gid, now: now.credential.gid.real),
           "The real group ID decides over message queues."),
    mutant("queues-without-groups", PAGE + "shared-resources-by-groups", giving(()),
           "Supplementary groups open no message queue."),
    mutant("queues-first-group-only", PAGE + "shared-resources-by-groups", deciding(lambda groups, now: groups[:1]),
           "Only the first supplementary group opens a message queue."),
    mutant("queues-not-the-last-group", PAGE + "shared-resources-by-groups", deciding(lambda groups, now: groups[:-1]),
           "The last supplementary group opens no message queue."),
    mutant("signals-by-effective-uid", PAGE + "signals",
           deciding(lambda may, now: now.credential.uid.effective == _target(now).credential.uid.effective),
           "Both effective user IDs decide over signals (Linux 1.0)."),
    mutant("scheduling-for-everybody", PAGE + "scheduling", giving(True),
           "Everybody may schedule everybody (StarryOS)."),
    mutant("scheduling-by-the-real-uid", LINUX + "scheduling-by-the-effective-uid",
           deciding(lambda uid, now: now.credential.uid.real),
           "The real user ID of the caller decides over scheduling."),
    mutant("scheduling-of-the-effective-alone", LINUX + "scheduling-of-real-and-effective-uid",
           deciding(lambda uids, now: uids[1:]),
           "Only the effective user ID of the process counts."),
    mutant("scheduling-of-the-real-alone", LINUX + "scheduling-of-real-and-effective-uid",
           deciding(lambda uids, now: uids[:1]),
           "Only the real user ID of the process counts."),
    mutant("scheduling-of-the-saved-too", LINUX + "scheduling-of-real-and-effective-uid",
           deciding(lambda uids, now: (*uids, _target(now).credential.uid.saved)),
           "The saved user ID of the process counts as well."),
    mutant("ioprio-like-nice", LINUX + "input-output-priority",
           deciding(lambda may, now: now.credential.uid.effective in (
               _target(now).credential.uid.real, _target(now).credential.uid.effective)),
           "Input and output follow the rule of the nice value."),
    mutant("nice-root-only", LINUX + "CAP_SYS_NICE", deciding(lambda may, now: is_root(now)),
           "User 0 is privileged, the capability is not asked for."),
    mutant("nice-never", LINUX + "CAP_SYS_NICE", giving(False),
           "The capability does nothing."),
    mutant("limits-of-oneself-by-ids", LINUX + "limits-of-oneself", giving(False),
           "One's own limits take the same ids as those of others (gVisor's test asks for it after setuid)."),
    mutant("limits-by-the-effective-uid", LINUX + "limits-of-others",
           deciding(lambda may, now: now.credential.uid.effective == _target(now).credential.uid.effective),
           "The effective user IDs decide over limits."),
    mutant("limits-by-real-uids", LINUX + "limits-of-others",
           deciding(lambda may, now: now.credential.uid.real == _target(now).credential.uid.real),
           "The real user IDs decide over limits, the groups do not."),
    mutant("queues-of-the-real-uid", LINUX + "queue-belongs-to-its-maker",
           deciding(lambda ids, now: (now.credential.uid.real, now.credential.gid.real)),
           "A message queue belongs to the real IDs of its maker."),
    mutant("queues-of-root", LINUX + "queue-belongs-to-its-maker", giving((0, 0)),
           "A message queue belongs to root."),
    mutant("queues-by-mode", LINUX + "queue-is-changed-by-its-owner", giving(True),
           "Whoever may write to a queue may remove it."),
    mutant("queues-by-the-real-owner", LINUX + "queue-is-changed-by-its-owner",
           deciding(lambda own, now: now.world.queue is not None and now.credential.uid.real in (
               now.world.queue.uid, now.world.queue.maker)),
           "The real user ID makes one the owner of a queue."),
    mutant("queues-for-root", LINUX + "CAP_IPC_OWNER", deciding(lambda may, now: is_root(now)),
           "User 0 stands above the mode of a queue, the capability is not asked for."),
    mutant("queues-for-files-capability", LINUX + "CAP_IPC_OWNER",
           deciding(lambda may, now: bool(now.credential.capabilities.effective & MASKS["CAP_DAC_OVERRIDE"])),
           "The capability over files is the one over queues."),
)  # fmt: skip
