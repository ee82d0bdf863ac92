"""Variants of the model that each break one rule, the way a real system once broke it or the way it could be got wrong.

Every one must be caught by the declared expectation of a scenario: a suite that cannot fail proves nothing.  Where a
real system did so, the sentence of the mutant names it.
"""

from __future__ import annotations

from collections import Counter

from credstone.model.rules import Mutant
from mutants import (
    access,
    capabilities,
    capget,
    chmod,
    chown,
    clone,
    container_start,
    credentials,
    execve,
    getgrouplist,
    getgroups,
    getid,
    id_maps,
    initgroups,
    inode,
    ioctl_ns,
    kill,
    nptl,
    path_resolution,
    prctl,
    ptrace,
    python_os,
    python_subprocess,
    setfsuid,
    setns,
    setresuid,
    setreuid,
    setuid,
    sockets,
    unshare,
    user_namespaces,
)

MUTANTS: tuple[Mutant, ...] = (
    *getgroups.MUTANTS,
    *getid.MUTANTS,
    *setreuid.MUTANTS,
    *setresuid.MUTANTS,
    *setfsuid.MUTANTS,
    *initgroups.MUTANTS,
    *getgrouplist.MUTANTS,
    *setuid.MUTANTS,
    *python_os.MUTANTS,
    *python_subprocess.MUTANTS,
    *credentials.MUTANTS,
    *execve.MUTANTS,
    *path_resolution.MUTANTS,
    *access.MUTANTS,
    *nptl.MUTANTS,
    *prctl.MUTANTS,
    *capget.MUTANTS,
    *chown.MUTANTS,
    *chmod.MUTANTS,
    *inode.MUTANTS,
    *user_namespaces.MUTANTS,
    *id_maps.MUTANTS,
    *kill.MUTANTS,
    *capabilities.MUTANTS,
    *ptrace.MUTANTS,
    *sockets.MUTANTS,
    *unshare.MUTANTS,
    *clone.MUTANTS,
    *setns.MUTANTS,
    *ioctl_ns.MUTANTS,
    *container_start.MUTANTS,
)
"""All of them, page by page."""


def _refuse_twins() -> None:
    twins = [name for name, count in Counter(mutant.name for mutant in MUTANTS).items() if count > 1]
    if twins:
        raise ValueError(f"two mutants are called {twins[0]}")


_refuse_twins()
