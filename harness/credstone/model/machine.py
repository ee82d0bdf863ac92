"""The machines that the model can be: what an agent would report of one that lacks nothing."""

from __future__ import annotations

import msgspec

from credstone.model.container_start import DUE, found_by_agent, hand_over
from credstone.model.rules import Context, Run
from credstone.model.start import start
from credstone.words.capability import MASKS, NAMES
from credstone.words.container_start import Asked
from credstone.words.credential import Capabilities, Credential, Ids
from credstone.words.facts import Facts
from credstone.words.scenario import MAIN

_ALL = (1 << len(NAMES)) - 1

_BARE = Facts(
    kernel="model",
    machine="model",
    abi="model",
    libc="glibc",
    credential=Credential(
        uid=Ids.all(0),
        gid=Ids.all(0),
        groups=(),
        capabilities=Capabilities(permitted=_ALL, effective=_ALL, bounding=_ALL),
    ),
    uid_map="0 0 4294967295",
    gid_map="0 0 4294967295",
    setgroups="allow",
    ngroups_max=65536,
    sysconf_ngroups_max=65536,
    last_capability=len(NAMES) - 1,
)


def started(asked: Asked) -> Facts:
    """The machine of the model where a runtime did what it was asked."""
    run = Run(Context("start", MAIN, "", start((), _BARE)))
    due = hand_over(run, found_by_agent(_BARE), asked, DUE)
    return msgspec.structs.replace(
        _BARE,
        credential=due.credential,
        umask=due.umask,
        uid_map=due.uid_map,
        gid_map=due.gid_map,
        setgroups=due.setgroups,
        initial_user_namespace=not asked.uid_map,
        asked=asked,
    )


FACTS = msgspec.structs.replace(
    started(Asked(groups=(2000, 3000), capabilities=_ALL, uid_map=_BARE.uid_map, gid_map=_BARE.gid_map)),
    initial_user_namespace=True,
)
"""A machine on which everything can be tried, started as root."""

_NAMES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "NET_RAW")
_SOME = sum(MASKS[f"CAP_{name}"] for name in _NAMES)
_RANGE = "0 100000 65536"

MACHINES = (
    FACTS,
    started(Asked(uid=1000, gid=1000, groups=(2000, 3000), capabilities=_SOME)),
    started(Asked(gid=1000, capabilities=_SOME, umask=0o077)),
    started(Asked(uid=1000, gid=1000, capabilities=0, no_new_privs=True)),
    started(Asked(uid=1000, gid=1000, groups=(2000,), capabilities=_SOME, ambient=MASKS["CAP_NET_RAW"])),
    started(Asked(groups=(2000, 3000), capabilities=_SOME, uid_map=_RANGE, gid_map=_RANGE)),
    started(Asked(uid=1000, gid=1000, groups=(2000,), capabilities=_SOME, uid_map=_RANGE, gid_map=_RANGE)),
)
"""What runtimes are asked for, as far as it makes a difference; the first is the machine of everything else."""
