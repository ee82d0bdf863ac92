"""Memory that is shared with a guest: what goes in comes out, around the end of a ring, and never more than there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from credstone.targets.vm.shared import SIZE, Ring, Shared

ROOM = SIZE // 2 - 64


@pytest.fixture
def shared() -> Iterator[Shared]:
    memory = Shared()
    yield memory
    memory.close()


def test_what_goes_in_comes_out_in_order(shared: Shared) -> None:
    ring = shared.to_guest
    assert ring.put(b"first,") and ring.put(b"second")
    assert ring.take(3) == b"fir"
    assert ring.take(9) == b"st,second"


def test_around_the_end_of_the_ring(shared: Shared) -> None:
    ring: Ring = shared.from_guest
    for turn in range(5):
        payload = bytes([turn]) + bytes(range(256)) * (ROOM // 512) + bytes([255 - turn])
        assert ring.put(payload)
        assert ring.take(len(payload)) == payload


def test_what_has_no_room_is_not_put_there(shared: Shared) -> None:
    ring = shared.to_guest
    assert ring.put(bytes(ROOM))
    assert not ring.put(b"x")
    assert ring.take(1) == b"\0"
    assert ring.put(b"x")
    assert not ring.put(b"y")


def test_more_than_there_is_cannot_be_taken(shared: Shared) -> None:
    assert shared.from_guest.put(b"four")
    with pytest.raises(ValueError, match="5 bytes are told of, and 4 are there"):
        shared.from_guest.take(5)


def test_a_guest_that_has_not_said_so_does_not_share(shared: Shared) -> None:
    assert not shared.ready
