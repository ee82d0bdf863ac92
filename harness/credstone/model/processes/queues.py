"""System V message queues: who may use a thing that processes share: credentials(7); msgget(2), msgctl(2), msgop(2)."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.caller import OK, Moment
from credstone.model.commit import replace
from credstone.model.files.ownership import PERMISSIONS
from credstone.model.files.permissions import READ, WRITE
from credstone.model.namespaces.ioctl_ns import place_of
from credstone.model.rules import Outcome
from credstone.model.world import Queue
from credstone.words.capability import CAP_SYS_ADMIN, MASKS
from credstone.words.constants import CONSTANTS

CAP_IPC_OWNER = MASKS["CAP_IPC_OWNER"]
STAT, REMOVE = CONSTANTS["IPC_STAT"], CONSTANTS["IPC_RMID"]


def msgget(now: Moment, mode: int) -> Outcome:
    """int msgget(IPC_PRIVATE, mode): a new queue, which belongs to the effective ids of its maker."""
    uid, gid = now.credential.uid.effective, now.credential.gid.effective
    uid, gid = now.rule((uid, gid), "credentials(7)/linux/queue-belongs-to-its-maker", of="world")
    return Outcome(OK, replace(now.world, queue=Queue(uid, gid, uid, gid, mode & PERMISSIONS, _space(now))))


def msgsnd(now: Moment) -> Outcome:
    """int msgsnd(int msqid, …) of one byte."""
    allowed = _may(now, _queue(now), WRITE)
    now.refuse("EACCES", "msgsnd(2)/EACCES", not allowed)
    return now.answers()


def msgctl(now: Moment, command: int, uid: int = -1, gid: int = -1) -> Outcome:
    """int msgctl(int msqid, int cmd, struct msqid_ds *buf): IPC_STAT, IPC_SET of owner and group, IPC_RMID."""
    queue = _queue(now)
    readable = _may(now, queue, READ)
    if command == STAT:
        now.refuse("EACCES", "msgctl(2)/EACCES", not readable)
        users = [now.world.shown_uid(each, now.namespace) for each in (queue.uid, queue.maker)]
        groups = [now.world.shown_gid(each, now.namespace) for each in (queue.gid, queue.group_of_maker)]
        shown = now.rule(
            (users[0], groups[0], users[1], groups[1]), "user_namespaces(7)/overflow-IPC_STAT", of="answer"
        )
        return now.answers(shown)
    own = now.credential.uid.effective in (queue.uid, queue.maker)
    own = now.rule(own, "credentials(7)/linux/queue-is-changed-by-its-owner", of="answer")
    capable = now.capable_in(now.world.owners[queue.space], CAP_SYS_ADMIN)
    capable = now.rule(capable, "user_namespaces(7)/governed-by-the-owner", of="answer")
    now.refuse("EPERM", "msgctl(2)/EPERM", not own and not capable)
    if command == REMOVE:
        return Outcome(OK, replace(now.world, queue=None))
    to_uid, to_gid = now.uid(uid), now.gid(gid)
    now.refuse("EINVAL", "msgctl(2)/EINVAL", to_uid is None or to_gid is None)
    changed = replace(queue, uid=to_uid, gid=to_gid, mode=queue.mode if readable else 0)
    return Outcome(OK, replace(now.world, queue=changed))


def _queue(now: Moment) -> Queue:
    if now.world.queue is None:
        raise NotModelled("no line has made a message queue before")
    if now.world.queue.space != _space(now):
        raise NotModelled("the message queue is in another IPC namespace")
    return now.world.queue


def _space(now: Moment) -> int:
    """The number of the IPC namespace in which the caller is; that of the agent is 0."""
    return place_of(now.task, "ipc").number


def _may(now: Moment, queue: Queue, wanted: int) -> bool:
    """Whether the caller may read or write a queue: the first class that fits decides alone."""
    who = now.credential
    uid = now.rule(who.uid.effective, "credentials(7)/shared-resources", of="answer")
    gid = now.rule(who.gid.filesystem, "credentials(7)/shared-resources-by-the-filesystem-gid", of="answer")
    groups = now.rule(who.groups, "credentials(7)/shared-resources-by-groups", of="answer")
    if now.rule(uid in (queue.uid, queue.maker), "user_namespaces(7)/shared-by-outer-ids", of="answer"):
        bits = queue.mode >> 6
    elif {gid, *groups} & {queue.gid, queue.group_of_maker}:
        bits = queue.mode >> 3
    else:
        bits = queue.mode
    capable = now.rule(
        now.capable_in(now.world.owners[queue.space], CAP_IPC_OWNER), "credentials(7)/linux/CAP_IPC_OWNER", of="answer"
    )
    return not wanted & ~bits or capable
