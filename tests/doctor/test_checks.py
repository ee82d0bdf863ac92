"""One line for each thing that cells may need: what there is, and how many cells cannot run without it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from building import EVERYTHING, credential, facts
from credstone.doctor import needs
from credstone.doctor.checks import Check, checks, tools
from credstone.doctor.facts import Looked
from credstone.doctor.machine import ROOM, Folder, Here
from credstone.doctor.needs import Examined, Need
from credstone.doctor.terminal import show_checks
from credstone.words.errors import MachineError
from credstone.words.facts import Facts
from doctor.machines import NO_CAPABILITY, here

NO_FOLDER = MachineError("The temporary folder /x cannot be written: No space left on device.")


def found(agent: Facts | MachineError, *lacking: Need, machine: Here | None = None) -> dict[str, Check]:
    agents = dict.fromkeys(("native", "python", "i386"), agent)
    asked = Counter({"CAP_SETUID": 3, "CAP_SETFCAP": 1})
    looked = Looked(Examined("host", 9, 5, lacking, agents), machine or here(), asked)
    return {each.name: each for each in checks(looked, "image:small")}


def test_where_everything_is_there() -> None:
    here_is = found(facts(python="CPython 3.12.1", sysctl_options="rw", process_limit=-1))
    assert [each.name for each in here_is.values()] == list(needs.KINDS)
    assert all(each.ok and not each.cells and not each.change for each in here_is.values())
    said = {name: each.says for name, each in here_is.items()}
    assert said[needs.INTERPRETER] == "CPython 3.12.1 with ctypes"
    assert said[needs.CAPABILITIES] == "all 2 that cells ask for"
    assert said[needs.YAMA] == "no Yama in this kernel"
    assert said[needs.FOLDER] == f"/tmp, {ROOM // 1_000_000} MB free"


def test_what_cells_lack() -> None:
    here_is = found(
        facts(NO_CAPABILITY), Need(needs.CAPABILITIES, 4, ("needs root: so (CAP_SETUID)", "needs CAP_KILL"))
    )
    check = here_is[needs.CAPABILITIES]
    assert (check.ok, check.cells, check.says) == (False, 4, "not CAP_SETUID, CAP_SETFCAP")
    assert check.change.startswith("start it as root"), "the machine in the test has root at it"
    assert needs.MOUNT_NAMESPACES not in here_is, "they take a capability, of which is spoken already"


def test_what_no_kind_is_known_for_is_shown_all_the_same() -> None:
    check = found(facts(), Need(needs.OTHER, 2, ("what nobody thought of",)))[needs.OTHER]
    assert (check.ok, check.cells, check.change) == (False, 2, "")


def test_capabilities_that_cannot_be_had() -> None:
    def says(outside: int) -> str:
        own = credential()
        sets = type(own.capabilities)(permitted=EVERYTHING & ~outside, bounding=EVERYTHING & ~outside)
        return found(facts(type(own)(own.uid, own.gid, (), sets)))[needs.CAPABILITIES].says

    assert (
        says(1 << 24)
        == "all 2 that cells ask for; outside of the bounding set: CAP_SYS_RESOURCE, for which no cell asks"
    )
    assert says(1 << 24 | 1 << 7) == "not CAP_SETUID; outside of the bounding set: CAP_SETUID"


def test_what_could_not_be_tried() -> None:
    machine = here(folder=Folder("/x"))
    here_is = found(NO_FOLDER, Need(needs.FOLDER, 9, (NO_FOLDER.what,)), machine=machine)
    assert [each.name for each in here_is.values()] == [
        needs.COMPILER,
        needs.I386,
        needs.FOLDER,
        needs.INTERPRETER,
        needs.YAMA,
    ]
    assert {here_is[name].ok for name in (needs.COMPILER, needs.I386, needs.INTERPRETER)} == {None}
    assert here_is[needs.COMPILER].says == "not tried: temporary folder, see there"
    assert here_is[needs.FOLDER].change == "TMPDIR=/var/tmp credstone run"


def test_too_little_room() -> None:
    check = found(facts(), machine=here(folder=Folder("/x", free=5_000_000, writable=True)))[needs.FOLDER]
    assert (check.ok, check.says) == (False, "/x, 5 MB free: there is too little room in it")


@pytest.mark.parametrize(
    ("kind", "told", "says"),
    [
        (needs.FILTER, {"security_label": "docker-default"}, "no seccomp filter; confined as docker-default"),
        (
            needs.FILTER,
            {"seccomp": 2, "refused": {"setns": "EPERM"}},
            "a seccomp filter is active, and refuses setns (EPERM)",
        ),
        (needs.USER_NAMESPACES, {"new_user_namespace": "ENOSPC"}, "unshare(CLONE_NEWUSER) is refused: ENOSPC"),
        (needs.MOUNT_NAMESPACES, {"new_mount_namespace": "EPERM"}, "unshare(CLONE_NEWNS) is refused: EPERM"),
        (
            needs.OWN_NAMESPACE,
            {"initial_user_namespace": False, "uid_map": "0 7 1", "gid_map": "0 8 1", "setgroups": "deny"},
            "not the initial one (uid_map 0 7 1; gid_map 0 8 1; setgroups deny); uid 0, gid 0",
        ),
    ],
)
def test_facts(kind: str, told: dict[str, Any], says: str) -> None:
    assert found(facts(**told))[kind].says == says


def test_tools() -> None:
    there = {each.name: each for each in tools(here("ssh", "mmdebstrap"), facts())}
    assert all(there[name].ok for name in ("workers", "ssh", "mmdebstrap"))
    lacking = {each.name: each for each in tools(here(), facts())}
    assert lacking["mmdebstrap"].change == "apt-get install mmdebstrap"
    assert lacking["ssh"].change == "apt-get install openssh-client"


def test_for_a_person() -> None:
    lines = show_checks(
        [
            Check(name="i386", ok=True, says="cc -m32"),
            Check(name="ptrace", ok=False, says="so", cells=1, reasons=("so",), change="sysctl"),
            Check(name="filter", ok=False, says="a filter", cells=12, reasons=("refused", "b", "c")),
            Check(name="Python", ok=None, says="not tried"),
        ]
    )
    assert list(lines) == [
        "yes   i386             cc -m32",
        "no    ptrace           so",
        "                       1 cell cannot run",
        "                       > sysctl",
        "no    filter           a filter",
        "                       12 cells cannot run: refused (and 2 other reasons)",
        "?     Python           not tried",
    ]
