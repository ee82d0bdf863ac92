"""The systems under test.  A target takes cells and gives transcripts; it judges nothing."""

from __future__ import annotations

from collections.abc import Callable

from credstone.targets import kernel, qemu_user
from credstone.targets.base import Target
from credstone.targets.container.settings import KIND, parse
from credstone.targets.fake_root import Fakeroot, Proot
from credstone.targets.host import Host
from credstone.targets.image import Image
from credstone.targets.kernel import Kernel
from credstone.targets.model import ModelTarget
from credstone.targets.qemu_user import QemuUser, check_qemu_user
from credstone.targets.vm.kernels import check_kernel
from credstone.words.errors import CredstoneError

TARGETS = ("host", "image:NAME", "kernel:PATH", "qemu-user:ARCH", "fakeroot", "proot", "model")
"""What there is, for people."""


_PLAIN: dict[str, Callable[[str], Target]] = {
    "host": lambda name: Host(),
    "fakeroot": Fakeroot,
    "proot": Proot,
    "model": lambda name: ModelTarget(),
}
"""The targets whose name says all."""


def check_target(name: str) -> None:
    """Raises CredstoneError for a name that means nothing, without opening anything."""
    if name.startswith(KIND):
        parse(name.removeprefix(KIND))
    elif name.startswith(kernel.KIND):
        check_kernel(name.removeprefix(kernel.KIND))
    elif name.startswith(qemu_user.KIND):
        check_qemu_user(name.removeprefix(qemu_user.KIND))
    elif name not in _PLAIN:
        raise CredstoneError(f"There is no target '{name}'.", f"There are {', '.join(TARGETS)}.")


def open_target(name: str) -> Target:
    """The target with this name.  Raises CredstoneError for a name that means nothing, MachineError for one that cannot be had."""
    check_target(name)
    if name.startswith(KIND):
        return Image(name)
    if name.startswith(kernel.KIND):
        return Kernel(name)
    if name.startswith(qemu_user.KIND):
        return QemuUser(name)
    return _PLAIN[name](name)


__all__ = ["TARGETS", "Target", "check_target", "open_target"]
