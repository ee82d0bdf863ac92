"""Ways to get the credentials of peers and messages wrong: unix(7)."""

from __future__ import annotations

from typing import Any

from credstone.model.rules import Context
from credstone.model.world import Peer, World
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
from credstone.words.capability import CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN

PAGE = "unix(7)/"
LINUX = PAGE + "linux/"


def _client_now(peer: Peer, now: Context) -> Peer:
    """The other end as it is when it is accepted: of all children, the one that is called client."""
    who = next((task.credential for task in now.world.tasks if task.who == "child client"), None)
    return peer if who is None else Peer(who.uid.effective, who.gid.effective, who.groups)


def _sent(world: World, now: Context) -> World:
    known = dict(world.connected)
    own = known.get(now.task.process, known.get("others", 0))
    other = world.sockets[world.sockets[own].other]
    arrived = replace(other, inbox=(*other.inbox, (arguments(now)[2], arguments(now)[3])))
    return replace(world, sockets=tuple(arrived if each.number == other.number else each for each in world.sockets))


def _kernel_ids(shown: Any, now: Context) -> Any:
    """The ids as the outermost namespace numbers them, as far as the mutant can know: those of the map undone."""
    namespace = now.world.namespaces[now.task.namespace]
    return tuple(number if (kernel := namespace.uid(number)) is None else kernel for number in shown)


MUTANTS = (
    mutant("peer-is-oneself", PAGE + "SO_PEERCRED",
           deciding(lambda peer, now: Peer(now.credential.uid.effective, now.credential.gid.effective)),
           "The option shows who asks (gVisor before 2018)."),
    mutant("peer-is-root", PAGE + "SO_PEERCRED", giving(Peer(0, 0)),
           "Every peer is root (libOSes with one user)."),
    mutant("peer-at-accept", PAGE + "SO_PEERCRED-of-the-moment", deciding(_client_now),
           "The client is shown as it is when it is accepted."),
    mutant("server-peer-is-root", PAGE + "peer-of-a-server", giving(Peer(0, 0)),
           "The server is shown as it was when its socket was made."),
    mutant("message-effective-ids", PAGE + "default-credentials",
           deciding(lambda ids, now: (now.credential.uid.effective, now.credential.gid.effective)),
           "A message comes with the effective ids."),
    mutant("message-of-root", PAGE + "default-credentials", giving((0, 0)),
           "A message comes with nobody's ids, which are root's."),
    mutant("message-ignores-what-is-named", PAGE + "SCM_CREDENTIALS",
           deciding(lambda ids, now: (now.credential.uid.real, now.credential.gid.real)),
           "What the sender names is checked and thrown away."),
    mutant("message-effective-uid-only", PAGE + "own-uids", deciding(lambda ids, now: ids[1:2]),
           "Only the effective user ID may be named."),
    mutant("message-without-saved-uid", PAGE + "own-uids", deciding(lambda ids, now: ids[:2]),
           "The saved user ID may not be named."),
    mutant("message-filesystem-uid", PAGE + "own-uids",
           deciding(lambda ids, now: (*ids, now.credential.uid.filesystem)),
           "The filesystem user ID may be named as well."),
    mutant("message-without-saved-gid", PAGE + "own-gids", deciding(lambda ids, now: ids[:2]),
           "The saved group ID may not be named."),
    mutant("message-groups", PAGE + "own-gids", deciding(lambda ids, now: (*ids, *now.credential.groups)),
           "The supplementary groups may be named."),
    mutant("message-uid-by-root", PAGE + "CAP_SETUID-for-a-uid", deciding(lambda may, now: is_root(now)),
           "User 0 may name any user, the capability is not asked for."),
    mutant("message-uid-by-CAP_SETGID", PAGE + "CAP_SETUID-for-a-uid",
           deciding(lambda may, now: privileged(now, CAP_SETGID)),
           "The other capability is asked for."),
    mutant("message-gid-by-CAP_SETUID", PAGE + "CAP_SETGID-for-a-gid",
           deciding(lambda may, now: privileged(now, CAP_SETUID)),
           "The other capability is asked for."),
    mutant("message-any-pid", PAGE + "CAP_SYS_ADMIN-for-a-pid", giving(True),
           "Everybody may name any process (Linux 2.2)."),
    mutant("message-pid-by-namespace-root", PAGE + "CAP_SYS_ADMIN-for-a-pid",
           deciding(lambda may, now: privileged(now, CAP_SYS_ADMIN)),
           "The capability of a user namespace is enough to name any process (CVE-2013-1979)."),
    mutant("message-for-everybody", PAGE + "EPERM", never(),
           "Everybody may say that he is root (Asterinas)."),
    mutant("message-EINVAL", PAGE + "EPERM", answering("EINVAL"),
           "What may not be named is EINVAL."),
    mutant("message-no-process", PAGE + "ESRCH", never(),
           "A process that there is not may be named."),
    mutant("message-unmapped-is-EPERM", LINUX + "EINVAL-unmapped", answering("EPERM"),
           "An id without a mapping is one that may not be named."),
    mutant("message-refused-is-sent", LINUX + "refused-is-not-sent", deciding(_sent),
           "The message is refused and arrives nevertheless."),
    mutant("peer-real-ids", LINUX + "peer-shows-the-effective-ids",
           deciding(lambda ids, now: (now.credential.uid.real, now.credential.gid.real)),
           "The real ids of the peer are shown."),
    mutant("peer-filesystem-ids", LINUX + "peer-shows-the-effective-ids",
           deciding(lambda ids, now: (now.credential.uid.filesystem, now.credential.gid.filesystem)),
           "The filesystem ids of the peer are shown."),
    mutant("peer-without-groups", LINUX + "SO_PEERGROUPS", giving(()),
           "No peer is in any group."),
    mutant("peer-32-bit-kernel-ids", LINUX + "ids-of-the-reader", deciding(_kernel_ids),
           "The ids are those of the outermost namespace, whoever reads (Linux before 2.6.39)."),
)  # fmt: skip
