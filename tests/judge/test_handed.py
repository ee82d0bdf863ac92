"""What container runtimes were seen to hand over, and what they were asked: the right scenarios fail, and no others.

``handed/`` holds the facts that agents told in containers of Docker 20.10 with runc 1.1 and of Podman 4.3 with crun 1.8,
as first process and, where the name says so, executed later.  What the lines of a scenario answer there is what the model
answers for the credentials that were seen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from building import facts as facts_of_root
from credstone.judge.judge import judge
from credstone.model.play import transcribe
from credstone.plan.cells import cells_of
from credstone.plan.container_start import NO_GROUPS, as_asked
from credstone.plan.missing import missing_for
from credstone.plan.setup import plan_actor
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.words.capability import CAP_SETUID, MASKS
from credstone.words.cell import Cell
from credstone.words.container_start import NOBODY_ASKED, Asked
from credstone.words.credential import Ids
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript
from credstone.words.verdict import BROKEN, FAIL, PASS, Verdict

HANDED = Path(__file__).parent / "handed"
replace = msgspec.structs.replace

DOCKER, PODMAN = 0xA80425FB, 0x800405FB
"""The capabilities that these engines give where nobody says otherwise."""

PRIMARY = "container-start/groups-hold-the-gid"


@pytest.fixture(scope="module")
def suite() -> Suite:
    folder = default_folder()
    return load_suite(folder, sorted(folder.glob("container-start/*.scn")))


def handed(name: str, asked: Asked) -> Facts:
    return replace(msgspec.json.decode((HANDED / f"{name}.json").read_bytes(), type=Facts), asked=asked)


def cells(suite: Suite, facts: Facts) -> list[Cell]:
    """The cells of container-start that apply where these facts are, by raw calls."""
    resolved = (as_asked(scenario, facts.asked) for scenario in suite.scenarios)
    possible = (scenario for scenario, missing in resolved if not missing)
    found = (cell for scenario in possible for cell in cells_of(scenario, suite.actors, ["image:trial"], ["syscall"]))
    return [cell for cell in found if not missing_for(cell, facts)]


def seen(cell: Cell, facts: Facts) -> Transcript:
    """What an agent sees there: the answers for the credentials that are there, whatever they should be."""
    uncited = replace(cell, scenario=replace(cell.scenario, cites=()))
    found = transcribe(1, uncited, plan_actor(cell.actor, {}, facts).setup, facts=facts)
    assert isinstance(found, Transcript)
    return found


def verdicts(suite: Suite, facts: Facts) -> dict[str, Verdict]:
    return {
        cell.scenario.id.removeprefix("container-start/"): judge(
            cell, plan_actor(cell.actor, suite.actors, facts).setup, facts, seen(cell, facts)
        )
        for cell in cells(suite, facts)
    }


def broken_clauses(suite: Suite, facts: Facts) -> dict[str, str]:
    """The scenarios that fail, each with the clause that it blames."""
    found = verdicts(suite, facts)
    assert BROKEN not in {verdict.verdict for verdict in found.values()}
    return {name: each.finding.clause for name, each in found.items() if each.verdict == FAIL and each.finding}


USER = Asked(uid=1000, gid=1000, groups=(2000, 3000), capabilities=DOCKER)
MAP = "0 100000 65536"

CONFORMING = {
    "docker-runc": Asked(capabilities=DOCKER),
    "docker-runc-user": USER,
    "docker-runc-exec": Asked(uid=1000, gid=1000, groups=(2000, 3000), capabilities=0, no_new_privs=True),
    "podman-crun-ambient": Asked(
        uid=1000, gid=1000, capabilities=PODMAN | MASKS["CAP_NET_RAW"], ambient=MASKS["CAP_NET_RAW"], umask=0o077
    ),
    "podman-crun-mapped": Asked(gid=1000, groups=(2000,), capabilities=PODMAN, uid_map=MAP, gid_map=MAP),
}


@pytest.mark.parametrize("name", CONFORMING)
def test_what_was_asked_passes(suite: Suite, name: str) -> None:
    found = verdicts(suite, handed(name, CONFORMING[name]))
    assert broken_clauses(suite, handed(name, CONFORMING[name])) == {}
    assert sum(verdict.verdict == PASS for verdict in found.values()) > 18


def test_podman_leaves_the_primary_group_of_root_out(suite: Suite) -> None:
    assert broken_clauses(suite, handed("podman-crun", Asked(capabilities=PODMAN))) == {
        "groups/the-primary-group-is-in-the-list": PRIMARY,
        "groups/no-program-leaves-the-primary-group": PRIMARY,
    }


def test_the_answer_that_shows_it_is_shown(suite: Suite) -> None:
    """The list was wrong from the beginning; what that lets in is what a reader wants to see."""
    verdict = verdicts(suite, handed("podman-crun", Asked(capabilities=PODMAN)))[
        "groups/no-program-leaves-the-primary-group"
    ]
    assert verdict.reason == "open(closed, O_RDONLY) = EACCES expected, 0 seen"
    assert verdict.finding is not None
    assert verdict.finding.line == 4


def test_what_podman_executes_later_has_neither_the_group_nor_the_umask(suite: Suite) -> None:
    asked = Asked(uid=1000, gid=1000, groups=(2000,), capabilities=PODMAN, umask=0o077)
    assert broken_clauses(suite, handed("podman-crun-exec", asked)) == {
        "attributes/the-umask": "container-start/umask",
        "groups/the-primary-group-is-in-the-list": PRIMARY,
        "groups/over-execve": PRIMARY,
        "groups/an-ordinary-user-cannot-leave-them": PRIMARY,
    }


def test_groups_of_the_image_are_none_that_were_asked_for(suite: Suite) -> None:
    asked = Asked(uid=1000, gid=1000, capabilities=DOCKER)
    assert broken_clauses(suite, handed("docker-runc-image-groups", asked)) == {
        "groups/no-group-that-nobody-asked-for": "container-start/no-other-groups"
    }


CHANGES: dict[str, dict[str, Any]] = {
    "uid": {"uid": Ids(1000, 1000, 0, 1000)},
    "gid": {"gid": Ids(1000, 1000, 1000, 0)},
    "additional-groups": {"groups": (1000, 3000)},
    "no-new-privileges": {"no_new_privs": True},
    "linux/securebits": {"securebits": 1},
    "linux/keep-caps": {"keep_caps": True},
    "linux/dumpable": {"dumpable": 0},
    "linux/parent-death-signal": {"parent_death_signal": 9},
}


@pytest.mark.parametrize("clause", CHANGES)
def test_one_thing_wrong_fails_what_is_about_it(suite: Suite, clause: str) -> None:
    facts = handed("docker-runc-user", USER)
    facts = replace(facts, credential=replace(facts.credential, **CHANGES[clause]))
    found = broken_clauses(suite, facts)
    assert set(found.values()) == {f"container-start/{clause}"}
    cited = {
        each.id.removeprefix("container-start/")
        for each in suite.scenarios
        if f"container-start/{clause}" in each.cites
    }
    assert set(found) <= cited


@pytest.mark.parametrize("name", ["bounding", "permitted", "effective", "inheritable", "ambient"])
def test_one_capability_too_many_fails_what_is_about_that_set(suite: Suite, name: str) -> None:
    facts = handed("docker-runc-exec", CONFORMING["docker-runc-exec"])
    sets = replace(facts.credential.capabilities, **{name: CAP_SETUID})
    found = broken_clauses(suite, replace(facts, credential=replace(facts.credential, capabilities=sets)))
    assert f"container-start/{name}" in set(found.values())
    assert not {name for name in found if name.startswith(("groups/", "ids/"))}


def test_maps_and_setgroups(suite: Suite) -> None:
    facts = handed("podman-crun-mapped", CONFORMING["podman-crun-mapped"])
    wrong = {
        "uid-mappings": replace(facts, uid_map="0 100000 1000"),
        "gid-mappings": replace(facts, gid_map="0 200000 65536"),
        "linux/setgroups-allowed": replace(facts, setgroups="deny"),
    }
    for clause, told in wrong.items():
        assert set(broken_clauses(suite, told).values()) == {f"container-start/{clause}"}


def test_the_cell_must_have_what_its_agent_has(suite: Suite) -> None:
    """Otherwise the agent has changed something on the way, and the runtime is not to blame."""
    facts = handed("docker-runc-user", USER)
    cell = cells(suite, facts)[0]
    other = replace(facts, credential=replace(facts.credential, groups=(1000,)))
    verdict = judge(cell, plan_actor(cell.actor, {}, facts).setup, facts, seen(cell, other))
    assert verdict.verdict == BROKEN
    assert "groups [1000, 2000, 3000] expected, [1000] seen" in verdict.reason


def test_where_nobody_asked_there_is_nothing_to_judge(suite: Suite) -> None:
    for scenario in suite.scenarios:
        (actor,) = scenario.actors
        assert plan_actor(suite.actors[actor], suite.actors, facts_of_root()).missing == (NOBODY_ASKED,)
    speaking = next(each for each in suite.scenarios if each.name == "each-additional-group-is-in-the-list")
    assert as_asked(speaking, None) == (speaking, (NOBODY_ASKED,))
    assert as_asked(speaking, Asked()) == (speaking, (NO_GROUPS,))
