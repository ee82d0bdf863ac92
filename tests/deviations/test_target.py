"""What is tested, and how it is run, by the name of a target."""

import pytest

from credstone.targets.deviations import places
from credstone.words.target import DEFAULTS, posture_of, postures_of, without_posture

PARTED = {
    "host": ("host", DEFAULTS),
    "image:debian-12": ("image:debian-12", DEFAULTS),
    "image:debian-12+user+groups": ("image:debian-12", "user+groups"),
    "qemu-user:s390x": ("qemu-user", "s390x"),
    "kernel:debian-12": ("kernel:debian-12", DEFAULTS),
    "kernel:/boot/vmlinuz-6.1.0+mine": ("kernel:/boot/vmlinuz-6.1.0+mine", DEFAULTS),
    "proot": ("proot", DEFAULTS),
}


@pytest.mark.parametrize("target", PARTED)
def test_the_name_of_a_target_is_parted(target: str) -> None:
    assert (without_posture(target), posture_of(target)) == PARTED[target]


def test_the_order_of_postures_is_nothing() -> None:
    assert (
        postures_of("image:debian-12+user+groups") == postures_of("image:debian-12+groups+user") == {"user", "groups"}
    )


def test_every_folder_has_a_place_for_deviations() -> None:
    assert {"image:debian-12", "kernel:debian-13", "qemu-user", "proot", "fakeroot"} <= places().keys()
    assert all(path.name == "deviations.toml" and path.parent.is_dir() for path in places().values())
