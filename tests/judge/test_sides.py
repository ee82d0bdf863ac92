"""What is left open: alternatives, the pages against Linux, errata, kernels and libraries."""

from __future__ import annotations

import msgspec
import pytest

from building import credential, facts
from credstone.model.errata import page_says
from credstone.model.variant import deciding
from credstone.words.credential import Credential, Ids
from credstone.words.transcript import Step
from credstone.words.verdict import BROKEN, FAIL, LINUX, PAGE, PASS, UNSUPPORTED, Verdict
from judge.transcript import AS_GROUP_7, ROOT, USER, Told, failed, gave

# alternatives


def test_a_choice_is_recorded_with_its_clause() -> None:
    for step, answer in ((gave((), ROOT), "[]"), (gave((100,), ROOT), "[100]")):
        told = Told("  getgroups() = [] or [100]", step)
        verdict = told.verdict()
        assert verdict.verdict == PASS
        assert verdict.choices == ((told.cell.scenario.cites[0], answer),)


def test_what_is_no_alternative_fails() -> None:
    told = Told("  getgroups() = [] or [100]", gave((200,), ROOT))
    told.finding(expected="[] or [100]", seen="[200]")
    assert told.verdict().choices == ()


# by the pages alone


def test_the_order_of_checks_is_linux_and_no_page() -> None:
    told = Told("  setgroups(65537, bad-pointer)= EPERM or EINVAL or EFAULT", failed("EINVAL", USER), start=USER)
    assert told.verdict("man").verdict == PASS
    told = Told("  setgroups(65537, bad-pointer) = EPERM", failed("EINVAL", USER), start=USER)
    assert told.verdict("linux").verdict == FAIL
    assert told.verdict("man").verdict == PASS


def test_a_promise_of_the_page_is_one_for_both() -> None:
    for spec in ("linux", "man"):
        assert Told("  setgid(7) = EPERM", gave(0, AS_GROUP_7), start=USER).verdict(spec).verdict == FAIL


@pytest.mark.parametrize("spec", ["linux", "man"])
def test_a_group_list_out_of_order_breaks_linux_alone(spec: str) -> None:
    unsorted = credential(groups=(9, 5))
    told = Told("  setgroups([9, 5])\n  getgroups() = {5, 9}", gave(0, unsorted), gave((9, 5), unsorted))
    assert told.verdict(spec).verdict == (FAIL if spec == "linux" else PASS)


def test_a_group_list_out_of_order_is_blamed_on_the_order() -> None:
    told = Told("  setgroups([9, 5])", gave(0, credential(groups=(9, 5))))
    told.finding(expected="groups [5, 9]", seen="[9, 5]", clause="setgroups(2)/linux/sorted")


# errata: either side passes, and the verdict says which


FSGID_STAYS = page_says(
    "setgid(2)/linux/fsgid-follows",
    "The filesystem gid stays.",
    deciding(lambda gid, now: now.credential.gid.filesystem),
)


@pytest.fixture
def erratum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("credstone.judge.judge._ERRATA", {FSGID_STAYS.clause: FSGID_STAYS})


def _setgid_7(seen: Credential) -> Told:
    return Told("  setgid(7) = 0", gave(0, seen))


@pytest.mark.usefixtures("erratum")
def test_the_side_that_linux_takes_is_told() -> None:
    verdict = _setgid_7(AS_GROUP_7).verdict()
    assert (verdict.verdict, verdict.errata) == (PASS, ((FSGID_STAYS.clause, LINUX),))


@pytest.mark.usefixtures("erratum")
def test_a_target_on_the_side_of_the_page_passes() -> None:
    old = msgspec.structs.replace(AS_GROUP_7, gid=Ids(7, 7, 7, 0))
    assert _setgid_7(old).verdict().errata == ((FSGID_STAYS.clause, PAGE),)


@pytest.mark.usefixtures("erratum")
def test_a_third_side_is_a_fail() -> None:
    wrong = msgspec.structs.replace(AS_GROUP_7, gid=Ids(7, 7, 7, 9))
    assert _setgid_7(wrong).verdict().verdict == FAIL


@pytest.mark.usefixtures("erratum")
def test_where_both_sides_agree_none_is_taken() -> None:
    same = msgspec.structs.replace(AS_GROUP_7, gid=Ids.all(0), dumpable=1)
    assert Told("  setgid(0) = 0", gave(0, same)).verdict().errata == ()


def test_without_an_erratum_the_page_is_not_asked() -> None:
    old = msgspec.structs.replace(AS_GROUP_7, gid=Ids(7, 7, 7, 0))
    assert _setgid_7(old).verdict().verdict == FAIL


def test_what_was_seen_before_the_agent_gave_up_counts_first() -> None:
    told = Told("  setgid(7) = 0\n  getgid() = 7", failed("EIO", ROOT), end="refused", note="agent: gone")
    assert told.verdict().verdict == FAIL
    told = Told("  setgid(7) = 0\n  getgid() = 7", gave(0, AS_GROUP_7), end="refused", note="agent: gone")
    assert (told.verdict().verdict, told.verdict().reason) == (BROKEN, "agent: gone")


FREE_FLAGS = "  prctl(PR_SET_SECUREBITS, 256) = 0\n  prctl(PR_GET_SECUREBITS) = 256"


def flags_on(kernel: str, first: Step, read: int) -> Verdict:
    return Told(FREE_FLAGS, first, gave(read, USER), start=USER).on(facts(kernel=kernel)).verdict()


def test_an_older_kernel_may_answer_as_it_rightly_did() -> None:
    assert flags_on("6.13.1", failed("EPERM", USER), 0).verdict == PASS


def test_a_newer_kernel_may_not() -> None:
    assert flags_on("6.14.0", failed("EPERM", USER), 0).verdict == FAIL


def test_an_older_kernel_is_not_free_to_answer_anything() -> None:
    assert flags_on("6.13.1", failed("EINVAL", USER), 0).verdict == FAIL
    assert flags_on("6.13.1", failed("EPERM", USER), 256).verdict == FAIL


def test_what_no_kernel_would_answer_here_stays_unsupported() -> None:
    told = Told("  setuid(0) = 0", failed("EPERM", USER), start=USER).on(facts(kernel="5.10.200"))
    assert told.verdict().verdict == UNSUPPORTED


@pytest.mark.parametrize(
    ("libc", "answered", "verdict"),
    [
        ("musl 1.2.5", "0", PASS),
        ("musl 1.2.5", "EINVAL", PASS),
        ("glibc 2.36", "EINVAL", PASS),
        ("glibc 2.36", "0", FAIL),
        ("static dietlibc", "EINVAL", PASS),
        ("static dietlibc", "0", FAIL),
        ("unknown libc", "0", FAIL),
    ],
)
def test_what_one_library_alone_may_answer(libc: str, answered: str, verdict: str) -> None:
    """The script allows both answers: one is the page's, the other the way of musl."""
    step = gave(0, ROOT) if answered == "0" else failed(answered, ROOT)
    found = Told("\n  seteuid(-1) = EINVAL or 0", step).on(facts(libc=libc)).verdict()
    assert found.verdict == verdict
    if verdict == FAIL:
        assert found.finding is not None
        assert (found.finding.expected, found.finding.seen) == ("EINVAL", "0")
        assert found.finding.clause == "seteuid(2)/EINVAL-minus-one"
