"""Cells as an agent reads them, and transcripts as it writes them (harness/credstone/agent/PROTOCOL.md)."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from building import credential, scenario
from credstone.agent.wire import decode_facts, decode_transcript, encode_cell
from credstone.shape.json import Unreadable
from credstone.words.actor import Become, Enter, NewNamespace
from credstone.words.answer import Answer
from credstone.words.call import Argument, Call, Items, Text
from credstone.words.credential import Capabilities, Credential, Ids
from credstone.words.scenario import Line, Scenario
from credstone.words.transcript import Step, Transcript

RICH = """\
  file door = "wood, 5%" owner 0:500 mode 0705
  file helper = agent, owner 0:0, mode 4755
  passwd "a:x:1:1::/:"
  passwd "b:x:2:2::/:"
  group missing
  while threads come and go, 200 at a time
  within 2 s

  setgid(-1) = EINVAL
  setgroups([1, 2, 3, 7, 9, 10])
  thread t: getgroups() = []
  child c: setresuid(1001, 1002, 1003)
  all threads: getresgid() = 1 2 3
  outside: write("/proc/$pid/gid_map", "0 100000 65536") = 14
  open(door, O_RDWR|O_APPEND)
  kill(c, 0)
  subprocess(extra_groups=[1..3], user="x y") child getgroups() = []
"""
WANTED = msgspec.structs.replace(
    credential(1000, 1000, (5, 6, 7), 192, no_new_privs=True), uid=Ids(0, 1, 2, 3), securebits=47
)
SPACE = NewNamespace("0 1000 1", "", "deny", "outside")
GOLDEN = """\
cell 17 2000
file door "wood%2C%205%25 0 500 0705
file helper agent 0 0 4755
etc "a:x:1:1::/:%0Ab:x:2:2::/:%0A missing
as [0,1,2,3] [1000,1000,1000,1000] [5..7] [0,192,192,2199023255551,0] 47 1
namespace outside "0%201000%201 " deny
load 200
do main python setgid -1
do main python setgroups [1..3,7,9,10]
do thread:t python getgroups
do child:c python setresuid 1001 1002 1003
do threads python getresgid
do outside python write "/proc/$pid/gid_map "0%20100000%2065536
do main python open door O_RDWR|O_APPEND
do main python kill c 0
do main python subprocess extra_groups=[1..3] user="x%20y then getgroups
end
"""


def test_a_cell_as_the_protocol_says() -> None:
    assert encode_cell(17, scenario(RICH), (Become(WANTED), Enter(SPACE)), "python").decode() == GOLDEN


def test_threads_that_watch() -> None:
    text = encode_cell(1, scenario("  while 20 threads watch each other\n  left_behind()"), (), "libc")
    assert text == b"cell 1 30000\nwatch 20\ndo main libc left_behind\nend\n"


def test_a_cell_without_needs() -> None:
    assert encode_cell(1, scenario("  getuid()"), (), "libc") == b"cell 1 30000\ndo main libc getuid\nend\n"


def call(*arguments: Argument) -> str:
    """The arguments of a call on the wire."""
    cell = Scenario("p", "s", "n", ("c",), ("root",), (Line(Call("call", arguments)),))
    line = encode_cell(1, cell, (), "libc").decode().split("\n")[1]
    return line.removeprefix("do main libc call ")


def test_every_byte_of_a_text_arrives() -> None:
    text = "".join(map(chr, range(256)))
    sent = call(Text(text))
    assert sent.isascii()
    assert sent.isprintable()
    assert " " not in sent
    assert unquote_to_bytes(sent.removeprefix('"')) == text.encode()


def test_a_text_in_a_list_does_not_end_it() -> None:
    assert call(Items((Text("a,b]"), 7))) == '["a%2Cb%5D,7]'


@given(st.text())
def test_any_text_is_one_token(text: str) -> None:
    sent = call(Text(text))
    assert unquote_to_bytes(sent[1:]) == text.encode()
    assert sent.split() == [sent]


@given(st.lists(st.integers(-4, 12) | st.integers(0, 2**32 - 1), max_size=40))
def test_a_list_can_be_written_out_again(numbers: list[int]) -> None:
    assert spread(call(Items(tuple(numbers)))) == numbers


def spread(token: str) -> list[int]:
    """A list as the protocol describes it."""
    numbers: list[int] = []
    for part in token[1:-1].split(","):
        first, _, last = part.partition("..")
        if part:
            numbers += range(int(first), int(last or first) + 1)
    return numbers


def test_a_long_list_is_short_on_the_wire() -> None:
    assert call(Items(tuple(range(65536)))) == "[0..65535]"


SEEN = "[[0,1,2,3],[4,5,6,7],[100,200],[0,192,192,255,0],5,true,false,2,9]"


def test_a_transcript() -> None:
    line = f'[17,"done","",{{"main":{SEEN}}},[[["EPERM",-1],{{"main":{SEEN}}}],[["",[1,2]],{{}}],[[],{{}}]]]'
    seen = Credential(
        Ids(0, 1, 2, 3), Ids(4, 5, 6, 7), (100, 200), Capabilities(0, 192, 192, 255, 0), 5, True, False, 2, 9
    )
    steps = (Step(Answer("EPERM", -1), {"main": seen}), Step(Answer("", (1, 2)), {}), Step(Answer(), {}))
    assert decode_transcript(line.encode()) == Transcript(17, "done", "", {"main": seen}, steps)


def test_an_answer_in_full() -> None:
    line = b'[1,"done","",{},[[["",null,"TypeError",8],{}],[["","deny"],{}]]]'
    first, second = decode_transcript(line).steps
    assert first.answer == Answer("", None, "TypeError", 8)
    assert second.answer == Answer("", "deny")


@given(st.integers(0, 400))
def test_a_transcript_that_was_cut_off_is_none(at: int) -> None:
    whole = f'[17,"hang","",{{"main":{SEEN}}},[[["EPERM",-1],{{"main":{SEEN}}}]]]'.encode()
    with pytest.raises(Unreadable):
        decode_transcript(whole[: at % len(whole)])


def test_what_is_no_transcript() -> None:
    nested = b'[1,"done","",{},' + b"[" * 200_000
    for line in (b"", b"Segmentation fault", b"{}", b"[]", b'[1,"done","",{},[[["",1.5],{}]]]', b'[1,"\xff"', nested):
        with pytest.raises(Unreadable):
            decode_transcript(line)


def test_facts() -> None:
    found = decode_facts(f'{{"kernel":"6.18","credential":{SEEN},"refused":{{"setgroups":"EPERM"}}}}'.encode())
    assert (found.kernel, found.refused, found.credential.groups) == ("6.18", {"setgroups": "EPERM"}, (100, 200))
    assert found.overflow_uid == 65534


def test_what_is_no_facts() -> None:
    for line in (b"", b"sh: not found", b'{"kernel":"6.18"}', b"[]"):
        with pytest.raises(Unreadable):
            decode_facts(line)
