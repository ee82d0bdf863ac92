"""Frames on a serial line: whole ones come through in any pieces, and what is lost or put in is noticed."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credstone.agent.channel import Lost
from credstone.targets.vm.line import SHARED, TOLD, Line, _checksum
from credstone.targets.vm.shared import READY, Shared


@pytest.fixture
def line() -> Iterator[Line]:
    made = a_line()
    yield made
    made.close()


def a_line() -> Line:
    ours, theirs = socket.socketpair()
    theirs.close()
    return Line("of a test", ours, lambda: "it ended", lambda: None)


def fletcher(payload: bytes) -> int:
    """The checksum as it is defined, byte by byte; the guest's own is the same in C."""
    low = high = 0
    for byte in payload:
        low = (low + byte) % 255
        high = (high + low) % 255
    return high << 8 | low


@given(st.binary(max_size=9000))
def test_the_checksum(payload: bytes) -> None:
    assert _checksum(payload) == fletcher(payload)


@given(st.binary(max_size=9000), st.integers(1, 5000))
def test_what_is_wrapped_is_unwrapped_in_any_pieces(payload: bytes, piece: int) -> None:
    line = a_line()
    framed = line.wrap(payload)
    pieces = (framed[begin : begin + piece] for begin in range(0, len(framed), piece))
    assert b"".join(line.unwrap(each) for each in pieces) == payload
    line.close()


@given(st.data())
def test_a_byte_that_is_missing_or_wrong_is_noticed(data: st.DataObject) -> None:
    line = a_line()
    framed = bytearray(line.wrap(b'{"cell":1}\n') + line.wrap(b'{"cell":2}\n') + line.wrap(b'{"cell":3}\n'))
    where = data.draw(st.integers(0, len(framed) // 3 - 1))
    if data.draw(st.booleans()):
        del framed[where]
    else:
        framed[where] ^= data.draw(st.integers(1, 254))
    try:
        came = line.unwrap(bytes(framed))
    except Lost:
        came = b""
    assert came != b'{"cell":1}\n{"cell":2}\n{"cell":3}\n'
    line.close()


def test_a_message_of_the_kernel_in_between(line: Line) -> None:
    with pytest.raises(Lost, match="disturbed"):
        line.unwrap(line.wrap(b"lines\n") + b"[    3.1] usb 1-1: new device\n" + line.wrap(b"more\n"))


def test_what_the_guest_tells(line: Line) -> None:
    text = b"the agent's process ended by signal 9"
    with pytest.raises(Lost, match="ended by signal 9"):
        line.unwrap(bytes((0xC5, TOLD, len(text), 0)) + _checksum(text).to_bytes(2, "little") + text)


def test_what_lies_in_shared_memory_is_told_of_by_its_number() -> None:
    shared = Shared()
    struct.pack_into("<Q", shared._memory, 16, READY)
    ours, theirs = socket.socketpair()
    line = Line("of a test", ours, lambda: "it ended", shared.close, shared)
    framed = line.wrap(b"x" * 100_000)
    assert len(framed) < 20
    assert shared.to_guest.take(100_000) == b"x" * 100_000
    assert shared.from_guest.put(b"an answer\n")
    number = struct.pack("<I", 10)
    frame = struct.pack("<BBHH", 0xC5, SHARED, 4, fletcher(number)) + number
    assert line.unwrap(frame) == b"an answer\n"
    with pytest.raises(Lost, match="disturbed"):
        line.unwrap(frame)  # there is nothing more
    theirs.close()
    line.close()


def test_without_such_memory_everything_goes_over_the_line(line: Line) -> None:
    assert line.wrap(b"four")[6:] == b"four"
    number = struct.pack("<I", 10)
    with pytest.raises(Lost, match="disturbed"):
        line.unwrap(struct.pack("<BBHH", 0xC5, SHARED, 4, fletcher(number)) + number)
