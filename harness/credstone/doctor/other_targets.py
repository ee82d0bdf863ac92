"""The targets besides this machine and its images: what boots a kernel here, and what stands in for one."""

from __future__ import annotations

import platform
from collections.abc import Iterator

from credstone.agent.build import CROSS, packages_for
from credstone.doctor.change import install
from credstone.doctor.checks import Check
from credstone.doctor.facts import Looked
from credstone.doctor.machine import Here
from credstone.targets.fake_root import Fakeroot, Proot
from credstone.targets.qemu_user import PROGRAMS, QemuUser
from credstone.targets.vm import accelerator, kernels, qemu
from credstone.words.cell import NATIVE
from credstone.words.facts import Facts

_WAYS = {
    (accelerator.KVM,): "QEMU with KVM",
    (accelerator.KVM, accelerator.TCG): "QEMU, with KVM if a guest comes up with it",
    (accelerator.TCG,): "QEMU, which translates the processor (TCG)",
}


def others(looked: Looked) -> Iterator[Check]:
    """What other targets need; no cell of this machine does."""
    here, facts = looked.here, looked.facts
    yield _kernels(here, facts)
    yield _emulation(looked)
    for each in (Proot, Fakeroot):
        there = each.program in here
        change = "" if there else install(here, facts, each.package)
        yield Check(name=each.kind, ok=there, says="installed" if there else "not installed", change=change)


def _kernels(here: Here, facts: Facts | None) -> Check:
    program = qemu.PROGRAMS.get(platform.machine(), "")
    if program not in here:
        says = f"no {program}, which would boot them" if program else f"none can be booted on {platform.machine()}"
        return Check(
            name="kernels", ok=False, says=says, change=install(here, facts, "qemu-system-x86") if program else ""
        )
    found = {name: place for name in kernels.names() if (place := kernels.fetched(name))}
    told = [f"{name} ({kernels.kernel_of(place)})" for name, place in found.items()]
    says = f"{_WAYS[*accelerator.accelerators()]}; fetched: {', '.join(told) or 'none'}"
    lacking = [name for name in kernels.names() if kernels.load(name).ci and name not in found]
    change = f"{here.command} kernels fetch {' '.join(lacking)}" if lacking else ""
    return Check(name="kernels", ok=True, says=says, change=change)


def _emulation(looked: Looked) -> Check:
    """QEMU's user emulation, and for which ABIs an agent can be compiled."""
    here, name = looked.here, QemuUser.kind
    emulated = [abi for abi, program in PROGRAMS.items() if program in here]
    if not emulated:
        return Check(name=name, ok=False, says="not installed", change=install(here, looked.facts, QemuUser.package))
    lacking = [abi for abi in emulated if not _compiles(abi, looked)]
    told = [f"for {', '.join(abi for abi in emulated if abi not in lacking)}"] if lacking != emulated else []
    told += [f"no compiler for {', '.join(lacking)}"] if lacking else []
    abroad = [abi for abi in lacking if abi in CROSS]
    change = install(here, looked.facts, *packages_for(abroad[0])) if lacking == emulated and abroad else ""
    return Check(name=name, ok=lacking != emulated, says="; ".join(told), change=change)


def _compiles(abi: str, looked: Looked) -> bool:
    """Whether the agent can be compiled for an ABI: by a cross compiler, for this machine's own ones by its compiler."""
    if abi in CROSS:
        return CROSS[abi] in looked.here
    agent = NATIVE if abi == platform.machine() else abi
    return isinstance(looked.examined.agents.get(agent), Facts)
