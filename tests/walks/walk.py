"""Random walks: what a machine of hypothesis may do next, as lines of a script.

The model performs each line at once, so that the next can be chosen with an eye on where the walk stands; the agent
performs the whole walk as one cell, and the judge compares.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.capability import MASKS

IDS = (0, 1000, 2000, 3000, 65533, 65534, 65535, 65536, 100000, 165535, 2**31, 2**32 - 2, -1)
"""Ids of the actors, overflow ids, ends of the mapped ranges, and what signed or short numbers get wrong."""

CAPABILITIES = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_SYS_ADMIN", "CAP_KILL")

_id = st.sampled_from(IDS)
_word = st.builds(Word, st.sampled_from(CAPABILITIES))
_mask = st.integers(0, 2 ** len(CAPABILITIES) - 1).map(
    lambda bits: sum(MASKS[name] for number, name in enumerate(CAPABILITIES) if bits >> number & 1)
)


def _call(name: str, *arguments: SearchStrategy[Argument]) -> SearchStrategy[Call]:
    return st.builds(Call, st.just(name), st.tuples(*arguments))


def _prctl(option: str, *arguments: SearchStrategy[Argument]) -> SearchStrategy[Call]:
    return _call("prctl", st.just(Word(option)), *arguments)


_zero = st.just(0)

SETTERS = st.one_of(
    *(_call(name, _id) for name in ("setuid", "setgid", "setfsuid", "setfsgid")),
    *(_call(name, _id, _id) for name in ("setreuid", "setregid")),
    *(_call(name, _id, _id, _id) for name in ("setresuid", "setresgid")),
    _call("setgroups", st.lists(_id, max_size=4).map(lambda ids: Items(tuple(ids)))),
)
"""The calls that change ids, whatever comes of them."""

CAPABILITY_CALLS = st.one_of(
    _call("capset", _mask, _mask, _mask),
    _prctl("PR_SET_KEEPCAPS", st.integers(0, 2)),
    _prctl("PR_SET_SECUREBITS", st.sampled_from((0, 1, 2, 4, 5, 8, 0x10, 0x14, 0x20, 0x40, 0x80, 0x100, 0x2F))),
    _prctl("PR_SET_NO_NEW_PRIVS", st.just(1), _zero, _zero, _zero),
    _prctl("PR_CAPBSET_DROP", _word),
    _prctl("PR_CAP_AMBIENT", st.builds(Word, st.sampled_from(("PR_CAP_AMBIENT_RAISE", "PR_CAP_AMBIENT_LOWER"))),
           _word, _zero, _zero),
    _prctl("PR_CAP_AMBIENT", st.just(Word("PR_CAP_AMBIENT_CLEAR_ALL")), _zero, _zero, _zero),
    _prctl("PR_SET_DUMPABLE", st.integers(0, 2)),
    _prctl("PR_SET_PDEATHSIG", st.sampled_from((0, 10, 64, 65))),
)  # fmt: skip
"""The calls that change capability sets and what goes with them."""

_MAPS = (
    "0 0 1", "0 1000 1", "0 100000 65536", "0 0 4294967295", "1000 1000 1", "0 0 1\n1 1 1", "0 5 5", "0 100000 10\n10 0 10",
    "0 65534 1", "", "0 0 0", "0 0 1 x", "4294967295 0 1",
)  # fmt: skip

NAMESPACE_CALLS = st.one_of(
    _call("unshare", st.just(Word("CLONE_NEWUSER"))),
    st.builds(
        lambda process, file, text: Call("write", (Text(f"/proc/{process}/{file}"), Text(text))),
        st.sampled_from(("self", "$pid")),
        st.sampled_from(("uid_map", "gid_map")),
        st.sampled_from(_MAPS),
    ),
    st.builds(
        lambda process, word: Call("write", (Text(f"/proc/{process}/setgroups"), Text(word))),
        st.sampled_from(("self", "$pid")),
        st.sampled_from(("deny", "allow", "den", "deny\n")),
    ),
)
"""Making user namespaces and writing their maps."""

GETTERS = st.one_of(
    *(_call(name) for name in ("getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups"))
)
"""The calls that only look."""
