"""What was run: a line for each target."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from credstone.report.html.facts import of_target, target_of
from credstone.report.html.marks import ordered
from credstone.results.file import Results
from credstone.words.facts import Facts


class Ran(msgspec.Struct, frozen=True):
    """One target: what it is, or why none of its agents could be had; and what its cells came to."""

    target: str
    system: str
    counts: dict[str, int]
    seconds: float


def targets_of(results: Results) -> list[str]:
    """The targets in the order in which they were asked for, also those that a run was cut off before it came to."""
    header = results.header
    keys = [target_of(key) for key in (*header.facts, *header.unreachable)]
    return list(dict.fromkeys([*keys, *(record.target for record in results.records)]))


def ran(results: Results) -> tuple[Ran, ...]:
    """A line for each target."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in results.records:
        counts[record.target][record.outcome] += 1
    seconds = results.footer.seconds_of if results.footer else {}
    return tuple(
        Ran(
            target,
            ", ".join(_system(list(of_target(results.header.facts, target).values())))
            or "; ".join(dict.fromkeys(of_target(results.header.unreachable, target).values())),
            ordered(counts[target]),
            seconds.get(target, 0.0),
        )
        for target in targets_of(results)
    )


def shared_kernels(facts: Mapping[str, Facts]) -> tuple[tuple[str, str], ...]:
    """Kernel and engine of container targets: what an image brings is never the kernel."""
    return tuple(sorted({(found.kernel, found.engine) for found in facts.values() if found.engine}))


def _system(agents: list[Facts]) -> Iterator[str]:
    """What an answer depends on, over all agents of a target."""
    kernels = dict.fromkeys(found.kernel for found in agents)
    yield from (f"kernel {kernel}" for kernel in kernels if kernel)
    for each in ([found.libc for found in agents], [found.python for found in agents]):
        yield from filter(None, dict.fromkeys(each))
    yield from filter(None, [" and ".join(filter(None, dict.fromkeys(found.abi for found in agents)))])
    if any(found.seccomp for found in agents):
        yield "a seccomp filter is active"
    yield from (f"uid {uid}" for uid in dict.fromkeys(found.credential.uid.effective for found in agents))
