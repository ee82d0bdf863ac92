"""What was tested: kernel, libc, Python, ABI and who ran it, of each target; what all targets have in common is said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from credstone.report.reasons import group
from credstone.report.targets import who
from credstone.results.by_target import by_target
from credstone.text.wrap import fitted
from credstone.words.facts import Facts


def show_facts(facts: Mapping[str, Facts], unreachable: Mapping[str, str]) -> Iterator[str]:
    """The systems that were tested, and the agents that could not be had; keys as in the header of a results file."""
    targets, lacking = by_target(facts), by_target(unreachable)
    systems = dict(_systems(targets))
    common = [part for part in _first(systems) if all(part in parts for parts in systems.values())]
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for target, parts in systems.items():
        alike[tuple(part for part in parts if len(systems) == 1 or part not in common)].append(target)
    if len(systems) > 1 and common:
        yield from fitted(f"{who(list(systems), list(systems))}: {', '.join(common)}")
    for parts, on in alike.items():
        if parts:
            yield from fitted(f"{who(on, list(systems))}: {', '.join(parts)}")
    yield from _unreachable(lacking, [*dict.fromkeys([*targets, *lacking])])
    for sentence in borrowed(facts.values()):
        yield from fitted(sentence)


def borrowed(facts: Iterable[Facts]) -> Iterator[str]:
    """Whose kernel the images run on, as sentences: that of the engine's machine, or one that a runtime brings."""
    inside = [found for found in facts if found.engine]
    own = {(each.kernel, each.runtime, each.engine, each.host_kernel) for each in inside if _has_its_own_kernel(each)}
    for kernel, runtime, engine, host in sorted(own):
        yield f"kernel {kernel} is that of {runtime}: the machine on which {engine} runs has {host}"
    engines: dict[str, dict[str, None]] = defaultdict(dict)
    for found in inside:
        if not _has_its_own_kernel(found):
            engines[found.kernel][found.engine] = None
    for kernel, names in engines.items():
        yield (
            f"kernel {kernel} is that of the machine on which {' and '.join(names)} {'run' if len(names) > 1 else 'runs'}: an "
            "image changes the C library, Python and the ABI, its runtime the capabilities, the seccomp filter and the namespaces"
        )


def _has_its_own_kernel(facts: Facts) -> bool:
    """Whether a runtime brings a kernel (gVisor, Kata): then it is another than that of the engine's machine."""
    return facts.host_kernel not in ("", facts.kernel)


def _systems(targets: Mapping[str, Mapping[str, Facts]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What there is to say of each target: of its agents together where they agree in all but Python and the ABI."""
    for target, agents in targets.items():
        if len({(found.kernel, found.libc, found.loading, _process(found)) for found in agents.values()}) == 1:
            yield target, system_of(agents.values())
        else:
            yield from ((f"{target}:{agent}", system_of([found])) for agent, found in agents.items())


def system_of(agents: Iterable[Facts]) -> tuple[str, ...]:
    """What an answer of a target depends on, over its agents: kernel, libc, Python, ABI, and who ran it."""
    found = list(agents)
    kernels = dict.fromkeys(f"kernel {each.kernel}" for each in found)
    pythons = dict.fromkeys(each.python for each in found if each.python)
    abis = dict.fromkeys(each.abi for each in found if each.abi)
    processes = dict.fromkeys(part for each in found for part in _process(each))
    loading = dict.fromkeys(part for each in found for part in each.loading)
    parts = (*kernels, *_libraries(found), *loading, *pythons, " and ".join(abis), *processes)
    return tuple(part for part in parts if part)


def _libraries(agents: Iterable[Facts]) -> Iterator[str]:
    """The C libraries, each with the files from which the agents have it."""
    files: dict[str, dict[str, None]] = {}
    for each in agents:
        files.setdefault(each.libc, {}).update({each.libc_file: None} if each.libc_file else {})
    for libc, paths in files.items():
        yield f"{libc} ({' and '.join(paths)})" if paths else libc


def _process(facts: Facts) -> tuple[str, ...]:
    own = facts.credential
    filtered = ("a seccomp filter is active",) if facts.seccomp else ()
    return (f"run as uid {own.uid.effective} and gid {own.gid.effective}", *filtered)


def _first(systems: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return next(iter(systems.values()), ())


def _unreachable(lacking: Mapping[str, Mapping[str, str]], targets: list[str]) -> Iterator[str]:
    by_agent: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for target, agents in lacking.items():
        for agent, reason in agents.items():
            by_agent[agent].append((target, " ".join(reason.split())))
    for agent, told in by_agent.items():
        for each in group(told):
            yield from fitted(f"{who(each.cells, targets)}, {agent}: {each.told}")
