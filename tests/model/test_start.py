"""What the world of a cell takes from the facts of a target, and what it does not."""

from __future__ import annotations

from building import facts
from credstone.model.start import start
from credstone.words.kernel import Kernel


def test_a_target_is_no_witness_for_what_the_pages_promise() -> None:
    assert start((), facts(ngroups_max=32, sysconf_ngroups_max=32)).system.ngroups_max == 65536


def test_the_version_of_the_kernel_decides_between_rules() -> None:
    assert start((), facts(kernel="5.10.0-33-cloud-amd64")).system.kernel == Kernel((5, 10))
    assert start((), facts(kernel="6.12.9+deb13")).system.kernel == Kernel((6, 12), 9)
