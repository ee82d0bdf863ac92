"""What cells need and this machine does not give: the planner's reasons, put together by what would change them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from credstone.judge.crosscheck import applies
from credstone.plan.cells import cells_of
from credstone.plan.container_start import NO_GROUPS
from credstone.plan.missing import missing_for
from credstone.plan.setup import plan_actor
from credstone.runner import Runner
from credstone.suite.load import Suite
from credstone.words.cell import NATIVE, PYTHON, Cell
from credstone.words.container_start import CONDITIONS, NOBODY_ASKED, PLACEHOLDERS
from credstone.words.errors import MachineError
from credstone.words.facts import Facts
from credstone.words.scenario import ABIS

COMPILER, I386, INTERPRETER, LIBRARY, RUNTIME = "C compiler", "i386", "Python", "C library", "runtime"
CAPABILITIES, OWN_NAMESPACE, NO_NEW_PRIVS, FILTER = "capabilities", "own namespace", "no_new_privs", "filter"
USER_NAMESPACES, MOUNT_NAMESPACES, FOLDER = "user namespaces", "mount namespaces", "temporary folder"
YAMA, LIMIT, SYSCTL, KERNEL, OTHER = "ptrace", "processes", "/proc/sys", "kernel", "other"
DOES_NOT_APPLY = "does not apply in the user namespace of the agent, where the pages ask for other answers"
CAPABILITY = re.compile(r"\bCAP_\w+")
_ASKED = {NOBODY_ASKED, NO_GROUPS, *(each.otherwise for each in CONDITIONS.values())}
_ASKED |= {each.absent for each in PLACEHOLDERS.values() if each.absent}
_PATTERNS: dict[str, tuple[str, ...]] = {
    COMPILER: (r"There is no C compiler", r"The agent does not compile"),
    I386: (r".* makes no programs for ", r"The kernel runs no programs for ", r"the agent is built for "),
    FOLDER: (
        r"the temporary folder is mounted ",
        r"The temporary folder .* cannot be written",
        r"files of the temporary folder cannot have capabilities",
        r"The agent .*/agent(-\w+)? cannot be started",
    ),
    INTERPRETER: (
        r"The agent .* cannot be started",
        r"The agent .* does not start",
        r"subprocess takes .* since Python",
    ),
    LIBRARY: (
        r"LD_PRELOAD names ",
        r"LD_LIBRARY_PATH has ",
        r"the raw system calls of the agent in Python",
        r"the threads of .* are not threads of one process",
        r"group_member\(3\) is glibc's",
        r"the signals of nptl\(7\)",
    ),
    CAPABILITIES: (r"needs root: ", r"needs CAP_", r"to map user 0 takes CAP_SETFCAP .*, and the creator"),
    OWN_NAMESPACE: (
        r".* has no mapping in the user namespace of the agent",
        r".* are not mapped in the user namespace of the agent",
        r"setgroups\(2\) is denied in the user namespace of the agent",
        r"the agent lives in a user namespace",
        r"files of /proc/sys belong to ",
        r"the levels of user namespaces",
        DOES_NOT_APPLY,
    ),
    NO_NEW_PRIVS: (r"no_new_privs is set",),
    USER_NAMESPACES: (r"unshare\(CLONE_NEWUSER\) is refused",),
    MOUNT_NAMESPACES: (r"unshare\(CLONE_NEWNS\) is refused",),
    FILTER: (r"\w+\(2\) is refused",),
    YAMA: (r".*kernel\.yama\.ptrace_scope is ",),
    LIMIT: (r"the hard limit on processes",),
    SYSCTL: (r"/proc/sys is mounted read-only",),
    KERNEL: (
        r".* since Linux \d",
        r"there is no \w+\(2\) here \(ENOSYS\)",
        r"a map of ids may have no more than five lines",
        r"a program of the agent's kind is not executed",
    ),
    RUNTIME: tuple(map(re.escape, sorted(_ASKED))),
}
"""How the reasons begin that are about each kind; the first that holds."""
KINDS = tuple(_PATTERNS)
"""What cells may need: each is changed by one thing."""


class Need(msgspec.Struct, frozen=True):
    """Something that cells need and do not have: how many cells, and the planner's reasons, the most frequent first."""

    kind: str
    cells: int
    reasons: tuple[str, ...]

    @property
    def capabilities(self) -> tuple[str, ...]:
        """The capabilities that the reasons name."""
        return tuple(sorted({name for reason in self.reasons for name in CAPABILITY.findall(reason)}))


class Examined(msgspec.Struct, frozen=True):
    """What can run of a suite on a target; ``agents`` are their facts, or why there are none."""

    target: str
    cells: int
    can_run: int
    needs: tuple[Need, ...]
    agents: dict[str, Facts | MachineError]

    @property
    def facts(self) -> Facts | None:
        """The facts of the first agent that could be had."""
        return next((each for each in self.agents.values() if isinstance(each, Facts)), None)


def examine(suite: Suite, runner: Runner, target: str) -> Examined:
    """Plans every cell of a suite for a target."""
    agents = {agent: runner.facts(target, agent) for agent in (NATIVE, PYTHON, *ABIS)}
    missing = [
        _missing(runner, cell) for scenario in suite.scenarios for cell in cells_of(scenario, suite.actors, [target])
    ]
    able = sum(not reasons for reasons in missing)
    return Examined(target, len(missing), able, tuple(by_kind(missing)), agents)


def _missing(runner: Runner, cell: Cell) -> tuple[str, ...]:
    """Why a cell cannot run.  In a user namespace of somebody's the model is asked besides whether it applies there."""
    cell, plan = runner.plan(cell)
    facts = runner.facts_of(cell)
    if plan.missing or isinstance(facts, MachineError) or facts.initial_user_namespace:
        return plan.missing
    return () if applies(cell, plan.setup, facts) else (DOES_NOT_APPLY,)


def asked_capabilities(suite: Suite, facts: Facts) -> Counter[str]:
    """How many cells ask for each capability: those that could not run for who has none."""
    own = facts.credential
    bare = replace(own, capabilities=replace(own.capabilities, permitted=0, effective=0))
    without = replace(facts, credential=bare)
    plans = {name: plan_actor(actor, suite.actors, without).missing for name, actor in suite.actors.items()}
    asked: Counter[str] = Counter()
    for scenario in suite.scenarios:
        for cell in cells_of(scenario, suite.actors, [""]):
            reasons = (*plans[cell.actor.name], *missing_for(cell, without))
            asked.update({name for reason in reasons for name in CAPABILITY.findall(reason)})
    return asked


def by_kind(missing: Iterable[Sequence[str]]) -> list[Need]:
    """What the reasons of all cells come to: a cell counts once for each kind."""
    cells: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    for each in missing:
        lines = [reason.partition("\n")[0] for reason in each]
        kinds: Mapping[str, None] = dict.fromkeys(kind_of(line) for line in lines)
        cells.update(kinds.keys())
        for line in lines:
            reasons.setdefault(kind_of(line), Counter())[line] += 1
    return [
        Need(kind, count, tuple(reason for reason, _ in reasons[kind].most_common()))
        for kind, count in cells.most_common()
    ]


def kind_of(reason: str) -> str:
    """What a reason is about."""
    return next((kind for kind, each in _PATTERNS.items() if any(re.match(one, reason) for one in each)), OTHER)
