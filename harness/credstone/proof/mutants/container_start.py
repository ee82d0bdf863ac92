"""Ways in which a container runtime hands over what nobody asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from credstone.model.container_start import Handed
from credstone.model.rules import Mutant
from credstone.proof.mutants.build import Change, deciding, mutant, replace
from credstone.words.capability import CAP_SETUID, MASKS
from credstone.words.credential import Capabilities, Credential, Ids

PAGE = "container-start/"
LINUX = "container-start/linux/"


def _handing(**fields: Any) -> Change:
    """Something besides the credential is always this."""
    return deciding(lambda found, now: replace(found, **fields))


def _having(change: Callable[[Credential], dict[str, Any]]) -> Change:
    """The credential has other fields: those that the function gives."""

    def changed(found: Handed, now: object) -> Handed:
        return replace(found, credential=replace(found.credential, **change(found.credential)))

    return deciding(changed)


def _sets(change: Callable[[Capabilities], dict[str, int]]) -> Change:
    """The credential has other capability sets."""
    return _having(lambda own: {"capabilities": replace(own.capabilities, **change(own.capabilities))})


def _without_its_own(own: Credential) -> dict[str, Any]:
    return {"groups": tuple(each for each in own.groups if each != own.gid.effective)}


def _only_its_own(own: Credential) -> dict[str, Any]:
    return {"groups": tuple(each for each in own.groups if each == own.gid.effective)}


def _but_the_last(own: Credential) -> dict[str, Any]:
    return {"groups": own.groups[:-1]}


def _and(group: int) -> Callable[[Credential], dict[str, Any]]:
    return lambda own: {"groups": tuple(sorted((*own.groups, group)))}


NOROOT = 0x1
EVERYTHING = (1 << len(MASKS)) - 1

MUTANTS: tuple[Mutant, ...] = (
    mutant("start-user-of-the-runtime", f"{PAGE}uid", _having(lambda own: {"uid": Ids.all(0)}),
           "The ids are taken on only where capabilities are (OpenAtom-Linyaps/linyaps-box#206)."),
    mutant("start-saved-uid-left", f"{PAGE}uid", _having(lambda own: {"uid": replace(own.uid, saved=0)}),
           "The saved user ID stays that of the runtime."),
    mutant("start-filesystem-uid-left", f"{PAGE}uid", _having(lambda own: {"uid": replace(own.uid, filesystem=0)}),
           "The filesystem user ID stays that of the runtime."),
    mutant("start-group-of-the-runtime", f"{PAGE}gid", _having(lambda own: {"gid": Ids.all(0)}),
           "The group IDs stay those of the runtime (OpenAtom-Linyaps/linyaps-box#206)."),
    mutant("start-saved-gid-left", f"{PAGE}gid", _having(lambda own: {"gid": replace(own.gid, saved=0)}),
           "The saved group ID stays that of the runtime."),
    mutant("start-gid-of-the-uid", f"{PAGE}gid", _having(lambda own: {"gid": own.uid}),
           "The group is the one with the number of the user."),
    mutant("start-without-additional-groups", f"{PAGE}additional-groups", _having(_only_its_own),
           "Additional groups are never set (youki-dev/youki#243)."),
    mutant("start-one-group-too-few", f"{PAGE}additional-groups", _having(_but_the_last),
           "One additional group gets lost."),
    mutant("start-gid-not-in-the-list", f"{PAGE}groups-hold-the-gid", _having(_without_its_own),
           "The primary group is not in the list (CVE-2022-36109, CVE-2022-2989, CVE-2022-2990, CVE-2022-2995, CVE-2023-25173)."),
    mutant("start-without-any-group", f"{PAGE}groups-hold-the-gid", _having(lambda own: {"groups": ()}),
           "The list is empty (podman 4.3 for root, and in what is executed later)."),
    mutant("start-groups-of-the-image", f"{PAGE}no-other-groups", _having(_and(27)),
           "A group of which /etc/group of the image has the user as a member is added (Kubernetes before the Strict policy)."),
    mutant("start-groups-of-the-runtime", f"{PAGE}no-other-groups", _having(_and(65534)),
           "A group of the runtime stays in the list, where the namespace has no number for it (containers/crun#2224)."),
    mutant("start-umask-of-nobody", f"{PAGE}umask", _handing(umask=0), "The umask is 0."),
    mutant("start-umask-always-022", f"{PAGE}umask", _handing(umask=0o022),
           "The umask that was asked for is not for what is executed later (podman 4.3)."),
    mutant("start-everything-bounding", f"{PAGE}bounding", _sets(lambda sets: {"bounding": EVERYTHING}),
           "The bounding set is left as it was."),
    mutant("start-nothing-bounding", f"{PAGE}bounding", _sets(lambda sets: {"bounding": 0}),
           "The bounding set of a user is emptied, like the sets that it can use."),
    mutant("start-users-keep-permitted", f"{PAGE}permitted", _sets(lambda sets: {"permitted": sets.bounding}),
           "A user keeps what root would have (the flag of PR_SET_KEEPCAPS was set when the user changed)."),
    mutant("start-root-without-permitted", f"{PAGE}permitted", _sets(lambda sets: {"permitted": 0}),
           "Root has nothing that it may use."),
    mutant("start-not-effective", f"{PAGE}effective", _sets(lambda sets: {"effective": 0}),
           "What is permitted is not in effect."),
    mutant("start-without-CAP_SETUID", f"{PAGE}effective",
           _sets(lambda sets: {"effective": sets.effective & ~CAP_SETUID}), "One capability is not in effect."),
    mutant("start-inheritable-like-bounding", f"{PAGE}inheritable", _sets(lambda sets: {"inheritable": sets.bounding}),
           "The inheritable set is as large as the bounding set (CVE-2022-24769, CVE-2022-27649, CVE-2022-27651, CVE-2022-27652)."),
    mutant("start-ambient-like-bounding", f"{PAGE}ambient", _sets(lambda sets: {"ambient": sets.bounding}),
           "All that the container can have is ambient."),
    mutant("start-nothing-ambient", f"{PAGE}ambient", _sets(lambda sets: {"ambient": 0}),
           "What was to be ambient is not raised."),
    mutant("start-always-no_new_privs", f"{PAGE}no-new-privileges", _having(lambda own: {"no_new_privs": True}),
           "no_new_privs is set whether or not it was asked for."),
    mutant("start-never-no_new_privs", f"{PAGE}no-new-privileges", _having(lambda own: {"no_new_privs": False}),
           "no_new_privs is forgotten."),
    mutant("start-users-as-outside", f"{PAGE}uid-mappings", _handing(uid_map="0 0 4294967295"),
           "The users are not mapped."),
    mutant("start-one-user", f"{PAGE}uid-mappings", _handing(uid_map="0 100000 1"), "One user is mapped alone."),
    mutant("start-groups-as-outside", f"{PAGE}gid-mappings", _handing(gid_map="0 0 4294967295"),
           "The groups are not mapped."),
    mutant("start-one-group", f"{PAGE}gid-mappings", _handing(gid_map="0 100000 1"), "One group is mapped alone."),
    mutant("start-setgroups-denied", f"{LINUX}setgroups-allowed", _handing(setgroups="deny"),
           "setgroups is denied before the groups are mapped, whoever maps them (containerd/containerd#10742)."),
    mutant("start-root-is-a-user", f"{LINUX}securebits", _having(lambda own: {"securebits": NOROOT}),
           "Root has no privilege by its number."),
    mutant("start-keeps-capabilities", f"{LINUX}keep-caps",
           _having(lambda own: {"keep_caps": True, "securebits": 0x10}), "The flag that the runtime used is left set."),
    mutant("start-undumpable", f"{LINUX}dumpable", _having(lambda own: {"dumpable": 0}),
           "The process cannot be looked into, like the runtime while it enters the container."),
    mutant("start-dies-with-the-runtime", f"{LINUX}parent-death-signal",
           _having(lambda own: {"parent_death_signal": 9}), "The process is killed when the runtime ends."),
)  # fmt: skip
