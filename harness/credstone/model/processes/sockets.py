"""Who is at the other end of a socket: unix(7), SO_PEERCRED, SO_PEERGROUPS and SCM_CREDENTIALS."""

from __future__ import annotations

from credstone.model import since
from credstone.model.arguments import NotModelled
from credstone.model.caller import OK, Moment
from credstone.model.commit import replace
from credstone.model.processes.proc_files import process
from credstone.model.rules import Outcome, Page
from credstone.model.world import NO_PROCESS, Listener, Peer, Socket, World
from credstone.words.capability import CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN
from credstone.words.constants import CONSTANTS
from credstone.words.scenario import MAIN

PEER_GROUPS = CONSTANTS["SO_PEERGROUPS"]
OTHERS = "others"
"""In whose name the processes that are not main have their end of a pair."""

SENDMSG = Page(unchanged=("unix(7)/linux/refused-is-not-sent",))


def _own_peer(now: Moment) -> Peer:
    """Whom the other side will see: the caller as it is now."""
    who = now.credential
    ids = now.rule((who.uid.effective, who.gid.effective), "unix(7)/linux/peer-shows-the-effective-ids", of="world")
    groups = now.rule(who.groups, "unix(7)/linux/SO_PEERGROUPS", of="world")
    return Peer(ids[0], ids[1], groups)


def listen(now: Moment, name: str) -> Outcome:
    """listen(2) on a new socket with this name."""
    peer = _own_peer(now)
    listener = Listener(now.task.process, name, peer)
    others = tuple(each for each in now.world.listeners if each.process != now.task.process)
    return Outcome(OK, replace(now.world, listeners=(*others, listener)))


def connect(now: Moment, name: str) -> Outcome:
    """connect(2) of a new socket to the one with this name."""
    found = [each for each in now.world.listeners if each.name == name]
    if not found:
        raise NotModelled(f"no process listens on {name}")
    listener = found[0]
    peer = _own_peer(now)
    server = now.rule(listener.peer, "unix(7)/peer-of-a-server", of="world")
    first = len(now.world.sockets)
    mine, theirs = Socket(first, first + 1, server), Socket(first + 1, first, peer)
    waiting = replace(listener, waiting=(*listener.waiting, theirs.number))
    listeners = tuple(waiting if each is listener else each for each in now.world.listeners)
    world = replace(now.world, sockets=(*now.world.sockets, mine, theirs), listeners=listeners)
    return Outcome(OK, _connect(world, now.task.process, mine.number))


def accept(now: Moment) -> Outcome:
    """accept(2) of the first who waits."""
    found = [each for each in now.world.listeners if each.process == now.task.process and each.waiting]
    if not found:
        raise NotModelled("no process has connected, so accept(2) would wait for ever")
    listener = found[0]
    number, rest = listener.waiting[0], listener.waiting[1:]
    at_connect = now.world.sockets[number].peer
    peer = now.rule(at_connect, "unix(7)/SO_PEERCRED-of-the-moment", of="world")
    left = replace(listener, waiting=rest)
    listeners = tuple(left if each is listener else each for each in now.world.listeners)
    world = replace(_with(now.world, replace(now.world.sockets[number], peer=peer)), listeners=listeners)
    return Outcome(OK, _connect(world, now.task.process, number))


def socketpair(now: Moment) -> Outcome:
    """socketpair(2): one end for main, the other for all who are made later."""
    peer = _own_peer(now)
    first = len(now.world.sockets)
    ends = (Socket(first, first + 1, peer), Socket(first + 1, first, peer))
    world = replace(now.world, sockets=(*now.world.sockets, *ends))
    return Outcome(OK, _connect(_connect(world, MAIN, first), OTHERS, first + 1))


def getsockopt(now: Moment, option: int) -> Outcome:
    """getsockopt(2) of the connected socket: the ids of its peer, or its groups."""
    peer = _connected(now).peer
    peer = now.rule(peer, "unix(7)/SO_PEERCRED", of="answer")
    if option == PEER_GROUPS:
        now.refuse("ENOPROTOOPT", "unix(7)/linux/SO_PEERGROUPS", not now.system.has(since.PEER_GROUPS))
        groups = now.world.shown_groups(peer.groups, now.namespace)
        return now.answers(now.rule(groups, "user_namespaces(7)/overflow-sockets", of="answer"))
    shown = now.world.shown_uid(peer.uid, now.namespace), now.world.shown_gid(peer.gid, now.namespace)
    return now.answers(
        now.rule(shown, "user_namespaces(7)/overflow-sockets", "unix(7)/linux/ids-of-the-reader", of="answer")
    )


def sendmsg(now: Moment, kind: int = 0, name: str = "", uid: int = 0, gid: int = 0) -> Outcome:
    """sendmsg(2) of one byte over the connected socket, with or without credentials that the sender names."""
    own = now.credential
    socket = _connected(now)
    ids = now.rule((own.uid.real, own.gid.real), "unix(7)/default-credentials", of="world")
    if kind:
        mine, exists = _is_own(now, name)
        anyone = now.rule(now.capable_in(0, CAP_SYS_ADMIN), "unix(7)/CAP_SYS_ADMIN-for-a-pid", of="answer")
        to_uid, to_gid = now.uid(uid), now.gid(gid)
        uids = now.rule((own.uid.real, own.uid.effective, own.uid.saved), "unix(7)/own-uids", of="answer")
        gids = now.rule((own.gid.real, own.gid.effective, own.gid.saved), "unix(7)/own-gids", of="answer")
        by_setuid = now.rule(now.capable(CAP_SETUID), "unix(7)/CAP_SETUID-for-a-uid", of="answer")
        by_setgid = now.rule(now.capable(CAP_SETGID), "unix(7)/CAP_SETGID-for-a-gid", of="answer")
        true = (mine or anyone) and (to_uid in uids or by_setuid) and (to_gid in gids or by_setgid)
        unmapped = now.rule(to_uid is None or to_gid is None, "user_namespaces(7)/SCM_CREDENTIALS-mapped", of="answer")
        now.refuse("EINVAL", "unix(7)/linux/EINVAL-unmapped", unmapped)
        now.refuse("EPERM", "unix(7)/EPERM", not true)
        now.refuse("ESRCH", "unix(7)/ESRCH", not exists)
        ids = now.rule((now.sure(to_uid), now.sure(to_gid)), "unix(7)/SCM_CREDENTIALS", of="world")
    other = now.world.sockets[socket.other]
    world = _with(now.world, replace(other, inbox=(*other.inbox, ids)))
    return Outcome(replace(OK, value=1), world)


def recvmsg(now: Moment) -> Outcome:
    """recvmsg(2) of one byte: the uid and gid that came with it."""
    socket = _connected(now)
    if not socket.inbox:
        raise NotModelled("no message has come, so recvmsg(2) would wait for ever")
    uid, gid = socket.inbox[0]
    shown = now.world.shown_uid(uid, now.namespace), now.world.shown_gid(gid, now.namespace)
    shown = now.rule(
        shown,
        "user_namespaces(7)/SCM_CREDENTIALS-translated",
        "user_namespaces(7)/overflow-sockets",
        "unix(7)/linux/ids-of-the-reader",
        of="answer",
    )
    return Outcome(replace(OK, value=shown), _with(now.world, replace(socket, inbox=socket.inbox[1:])))


def _is_own(now: Moment, name: str) -> tuple[bool, bool]:
    """Whether a process ID is the caller's, and whether there is such a process."""
    if name.isdigit():
        if int(name) < NO_PROCESS:
            raise NotModelled(f"it does not know the process {name}")
        return False, False
    return process(now, name).process == now.task.process, True


def _connected(now: Moment) -> Socket:
    known = dict(now.world.connected)
    number = known.get(now.task.process, known.get(OTHERS))
    if number is None:
        raise NotModelled(f"{now.who} has no connected socket")
    return now.world.sockets[number]


def _connect(world: World, process: str, number: int) -> World:
    return replace(world, connected=tuple({**dict(world.connected), process: number}.items()))


def _with(world: World, changed: Socket) -> World:
    sockets = tuple(changed if each.number == changed.number else each for each in world.sockets)
    return replace(world, sockets=sockets)
