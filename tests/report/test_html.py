"""The HTML report, as a text: what is in it, that nothing gets out of its place, and how large it is."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from typing import Any

import msgspec
import pytest

from building import credential, facts
from credstone.report.html import render_html
from credstone.report.html.facts import TOLD
from credstone.report.html.failures import LISTED, TRANSCRIPTS, TRANSCRIPTS_OF_A_CLAUSE
from credstone.report.html.marks import MARKS
from credstone.report.html.transcript import LONGEST, transcript
from credstone.results.record import Record, ScenarioLine, ScriptLine
from credstone.words.container_start import Asked
from credstone.words.facts import Facts
from credstone.words.verdict import BROKEN, GONE, KNOWN, OUTCOMES, UNSUPPORTED, Deviated
from report.outcomes import CLAUSE, changed
from report.pages import SCENARIO, Tags, cell, embedded, failed, results, unpacked

MEGABYTE = 1_000_000


def page_of(*records: Record, **other: Any) -> str:
    return render_html(results(*records, **other))


def text_of(*records: Record, **other: Any) -> str:
    return Tags(page_of(*records, **other)).text


# what is in it


def test_every_cell_is_in_it() -> None:
    known = Deviated("creaking", KNOWN, "It always did.")
    records = [
        cell(), failed("image:a"), cell(actor="user", api="python"), failed("image:b", deviation=known),
        cell("image:a", actor="user", verdict=UNSUPPORTED, steps=(), reason="needs root"),
        cell("image:b", actor="user", verdict=BROKEN, steps=(), reason="the agent is gone"),
        changed(cell(api="syscall"), id=f"{SCENARIO.id}@root:syscall:i386"),
    ]  # fmt: skip
    told = {
        (record.id, record.target, record.outcome, tuple(answer for _, answer in record.steps)) for record in records
    }
    found = [(name, target, outcome, tuple(answers)) for name, target, outcome, answers in unpacked(page_of(*records))]
    assert set(found) == told
    assert len(found) == len(records)


def test_nothing_stands_twice_in_the_data() -> None:
    data = embedded(page_of(*[cell(f"image:{number}", actor=actor) for number in range(8) for actor in "abcdef"]))
    assert len(data["cameTo"]) == 1
    assert len(data["scenarios"]) == 1
    assert len(data["texts"]) == len(set(data["texts"]))


def test_the_matrix_has_the_worst_of_each_square_with_its_count() -> None:
    known = Deviated("creaking", KNOWN, "It always did.")
    records = [cell(), cell(api="python"), failed(actor="user"), cell("image:a"), failed("image:b", deviation=known),
               cell("image:a", verdict=UNSUPPORTED, actor="user")]  # fmt: skip
    tags = Tags(page_of(*records))
    squares = {each["data-target"]: each for each in tags.named("a") if "data-page" in each}
    assert squares["host"]["class"] == "square fail"
    assert squares["host"]["aria-label"] == "doors.2 on host: 1 fail, 2 pass"
    assert squares["image:a"]["class"] == "square unsupported partly"
    assert squares["image:a"]["title"] == "1 unsupported, 1 pass"
    assert squares["image:b"]["class"] == "square deviation"


def test_each_outcome_has_a_sign_of_its_own() -> None:
    assert sorted(MARKS) == sorted(OUTCOMES)
    assert len(set(MARKS.values())) == len(OUTCOMES)


def test_a_page_that_did_not_run_on_a_target_has_an_empty_square() -> None:
    other = changed(cell("image:a"), page="gates.2", id="gates.2/x/y@root:libc", scenario="gates.2/x/y")
    squares = [each for each in Tags(page_of(cell(), other)).named("a") if "data-page" in each]
    assert [each["aria-label"] for each in squares if each["class"] == "square none"] == [
        "doors.2 on image:a: no cells", "gates.2 on host: no cells",
    ]  # fmt: skip


def test_a_failure_stands_in_the_page_without_a_script() -> None:
    text = text_of(failed(), cell("image:a"))
    for part in (
        "What failed, by clause", "opendoor(2)/EPERM-key", "Opening takes a <key>", "suites/doors.2/hinges.scn:8, on host",
        "getgid()", "= 7", "EPERM", "kernel 6.18.1, glibc 2.36, x86_64; no CAP_SETGID", "(not performed)",
        "credstone explain 'doors.2/hinges/looks[gid=7]@root:libc'", "credstone repro 'doors.2/hinges/looks[gid=7]@root:libc'",
    ):  # fmt: skip
        assert part in text, part


def test_what_fails_in_one_way_on_several_targets_is_shown_once() -> None:
    text = text_of(failed("host"), failed("image:a"), failed("image:b", seen="EINVAL"))
    assert text.count("credstone explain") == 2
    assert "hinges.scn:8, on host, a" in text


def test_a_credential_that_no_line_shows_is_told_beside_its_line() -> None:
    text = text_of(failed(steps=(("setgid(7)", "0"), ("getgid()", "7")), expected="saved gid 7", seen="0"))
    assert "saved gid 7 expected, 0 seen" in text
    assert "expected, EPERM seen" not in text_of(failed())


def test_a_hang_has_its_reason() -> None:
    hang = failed(steps=(("setgid(7)", "0"),), expected="", seen="", clause="", reason="hang: getgid() did not return")
    assert text_of(hang).count("hang: getgid() did not return") >= 2  # the group, and the example


def test_what_broke_stands_after_what_failed() -> None:
    text = text_of(
        *[cell(actor=each, verdict=BROKEN, steps=(), reason="no agent\nsecond line") for each in "abc"], failed()
    )
    assert text.index("Opening takes a <key>") < text.index("no agent")
    assert "3 broken" in text


def test_a_run_in_which_nothing_failed_says_so() -> None:
    assert "Of 1 cell none failed or broke." in text_of(cell())
    known = Deviated("creaking", KNOWN, "It always did.", "https://example.org/bug")
    text = text_of(failed(deviation=known))
    assert "Of 1 cell none failed or broke but as it is recorded of its target." in text
    assert "It always did. https://example.org/bug" in text


def test_deviations_that_need_a_person_come_first() -> None:
    gone = Deviated("squeaking", GONE, "deviation gone: it passes")
    text = text_of(*[failed(actor=each, deviation=Deviated("creaking", KNOWN, "It always did.")) for each in "abc"],
                   cell(deviation=gone))  # fmt: skip
    deviations = text[text.index("Known deviations") :]
    assert deviations.index("squeaking gone") < deviations.index("creaking")


def test_errata_choices_and_reasons() -> None:
    errata = (("opendoor(2)/linux/creaks", "Linux"),)
    text = text_of(
        cell(errata=errata, choices=(("opendoor(2)/EPERM-key", "0"),)),
        cell("image:a", errata=(("opendoor(2)/linux/creaks", "the page"),), choices=(("opendoor(2)/EPERM-key", "0"),)),
        cell(actor="user", verdict=UNSUPPORTED, steps=(), reason="needs root: uid 7 has no CAP_SETGID"),
    )
    assert "The page says that it does not." in text
    assert text.count("not the same everywhere") == 1
    assert "What was unsupported, and why" in text
    assert "needs root: uid 7 has no CAP_SETGID host 1" in text


def test_differences_between_targets() -> None:
    text = text_of(cell(), failed("image:a"), cell("image:b"))
    assert "Differences: 1 of 1 cell that ran on several targets." in text
    assert "getgid() 7 host, b EPERM a " in text
    assert "What differs" not in text_of(cell())


def test_facts_and_in_what_they_differ() -> None:
    poorer = facts(credential(capabilities=1 << 7), libc="musl 1.2.5", new_user_namespace="EPERM")
    text = text_of(cell(), cell("image:a"), facts={"host:native": facts(), "image:a:native": poorer},
                   unreachable={"image:a:python": "there is no Python in this image"})  # fmt: skip
    differing = text[text.index("In what the targets differ") : text.index("new mount namespace")]
    assert "C library glibc 2.36 musl 1.2.5" in differing
    assert "effective capabilities all 41 CAP_SETUID" in differing
    assert "new user namespace works EPERM" in differing
    assert "seccomp" not in differing
    assert "image:a:python: there is no Python in this image" in text


def test_every_fact_is_told() -> None:
    plain = facts()
    own = plain.credential
    others: dict[str, object] = {
        "credential": changed(own, securebits=1), "refused": {"setgroups": "EPERM"}, "asked": Asked(uid=7),
    }  # fmt: skip
    for field in msgspec.structs.fields(Facts):
        value = getattr(plain, field.name)
        other = others.get(field.name, {str: "other", int: 4321, bool: not value, tuple: ("other",)}.get(type(value)))
        another = changed(plain, **{field.name: other})
        told = any(tell(another) != tell(plain) for tell in TOLD.values())
        assert told or field.name in ("api_level", "pid"), field.name


def test_a_cut_off_file_is_named() -> None:
    page = page_of(cell(), cut_off=True, facts={"host:native": facts(), "model:native": facts()})
    text = Tags(page).text
    assert "<title>cut off: 1 cell on host, model: 1 pass" in page
    assert "Cut off: the results file was cut off: it has no footer, 1 cell is in it" in text
    assert "none: the run was cut off before it came to this target" in text
    assert "That holds for what ran before the file ends." in text
    assert "ut off" not in Tags(page_of(cell())).text


def test_lines_that_are_performed_for_each_group_stand_beside_their_expectation() -> None:
    lines = (ScriptLine(5, "getgroups()", "contains $asked-groups"), ScriptLine(6, "getgid()", "= $asked-gid"),
             ScriptLine(7, "chown(mine, -1, $asked-groups)", "= 0"))  # fmt: skip
    asking = ScenarioLine("doors.2/hinges/asks", "doors.2", "", 1, (), lines, asked=True)
    steps = (("getgroups()", "[7, 8]"), ("getgroups()", "[7, 8]"), ("getgid()", "9"), ("chown(mine, -1, 7)", "EPERM"))
    record = failed(scenario=asking.id, steps=steps, wrong=3, line=7)
    whole = results(record, facts={"host:native": facts(asked=Asked(groups=(7, 8), gid=9))})
    whole = changed(whole, scenarios={asking.id: asking})
    rows = [(row.number, row.call, row.expected, row.answer, row.wrong) for row in transcript(record, whole)]
    assert rows == [
        (5, "getgroups()", "contains $asked-groups", "[7, 8]", False),
        (5, "getgroups()", "contains $asked-groups", "[7, 8]", False),
        (6, "getgid()", "= $asked-gid", "9", False),
        (7, "chown(mine, -1, 7)", "= 0", "EPERM", True),
        (7, "chown(mine, -1, $asked-groups)", "= 0", None, False),
    ]
    assert "credstone repro 'doors.2/hinges/asks@root:libc' --target host" in Tags(render_html(whole)).text


def test_a_file_without_its_scenarios_and_clauses_is_shown_all_the_same() -> None:
    whole = changed(results(failed(), cell("image:a")), clauses={}, scenarios={})
    page = render_html(whole)
    assert "getgid()" in Tags(page).text
    assert len(list(unpacked(page))) == 2


def test_a_file_without_cells() -> None:
    assert "0 cells on host: no cells" in page_of(facts={"host:native": facts()}, cut_off=True)


# nothing gets out of its place

HOSTILE = """</script><script>alert(1)</script><img src=x onerror='alert(2)'>" onfocus="alert(3) {{ 7*7 }} <!--"""


def test_hostile_texts_stay_texts() -> None:
    bad = Deviated(HOSTILE, KNOWN, HOSTILE, "javascript:alert(4)")
    record = failed(
        HOSTILE, actor=HOSTILE, steps=(("setgid(7)", HOSTILE), (HOSTILE, HOSTILE)), seen=HOSTILE, expected=HOSTILE,
        reason=HOSTILE, clause=HOSTILE, privilege=HOSTILE, errata=((HOSTILE, HOSTILE),), choices=((HOSTILE, HOSTILE),),
    )  # fmt: skip
    records = [
        record, changed(record, target="image:a", deviation=bad), changed(record, target="b", page=HOSTILE),
        changed(record, target="c", verdict=UNSUPPORTED), changed(record, target="d", verdict=BROKEN),
        changed(record, target="e", seen="7", steps=()),
    ]  # fmt: skip
    found = facts(kernel=HOSTILE, libc=HOSTILE, engine=HOSTILE)
    whole = results(
        *records, command=(HOSTILE,), suite=HOSTILE, credstone=HOSTILE, started=HOSTILE, actors={HOSTILE: HOSTILE},
        facts={f"{HOSTILE}:native": found, "image:a:native": facts()}, unreachable={f"{HOSTILE}:python": HOSTILE},
    )  # fmt: skip
    line = changed(SCENARIO, about=HOSTILE, path=HOSTILE, cites=(HOSTILE,), lines=(ScriptLine(1, HOSTILE, HOSTILE),))
    clause = changed(CLAUSE, id=HOSTILE, says=HOSTILE, section=HOSTILE, erratum=HOSTILE)
    page = render_html(changed(whole, scenarios={SCENARIO.id: line}, clauses={HOSTILE: clause}))
    tags = Tags(page)
    assert [sorted(each) for each in tags.named("script")] == [["id", "type"], []]
    assert tags.named("img") == []
    assert not [name for _, attributes in tags.elements for name in attributes if name.startswith("on")]
    assert not [each for each in tags.named("a") if each.get("href", "#")[0] != "#"]
    assert page.count("</script>") == 2
    assert HOSTILE in embedded(page)["texts"]
    assert "{{ 7*7 }}" in tags.text


def test_only_a_web_address_is_a_link() -> None:
    def links(where: str) -> list[str]:
        tags = Tags(page_of(failed(deviation=Deviated("x", KNOWN, "So.", where))))
        return [each["href"] for each in tags.named("a") if not each.get("href", "#").startswith("#")]

    assert links("https://example.org/bug") == ["https://example.org/bug"]
    assert links("javascript:alert(1)") == links("data:text/html,x") == links("no-link") == []


def test_the_page_asks_for_nothing_and_allows_nothing_but_itself() -> None:
    page = page_of(failed(), cell("image:a"))
    tags = Tags(page)
    assert [each["href"] for each in tags.named("link")] == ["data:,"]
    assert not [attributes for _, attributes in tags.elements if "src" in attributes or "style" in attributes]
    (policy,) = (each["content"] for each in tags.named("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    for kind, tag in (("style-src", "style"), ("script-src", "script")):
        (own,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy
        assert "url(" not in own
        assert "@import" not in own
        assert "fetch(" not in own
        assert "innerHTML" not in own


# how large it is


def many(scenarios: int, ways: int, targets: int) -> list[Record]:
    """Cells as a run has them: most of them pass like their neighbours."""
    return [
        cell(
            f"image:debian-{target}", scenario=f"doors.2/hinges/looks[gid={number}]", actor=f"actor-{way}",
            steps=(("setgid(7)", "0"), (f"getgid({number})", str(number % 500)), ("getuid()", str(way))),
        )
        for target in range(targets) for number in range(scenarios) for way in range(ways)
    ]  # fmt: skip


@pytest.mark.parametrize(("targets", "megabytes"), [(2, 2), (8, 5)])
def test_a_whole_run_is_a_small_file(targets: int, megabytes: int) -> None:
    whole = results(*many(2500, 4, targets))
    lines = (SCENARIO.lines[0], ScriptLine(8, "getgid({})", "= {}"), SCENARIO.lines[2])
    scenarios = {
        name: changed(
            SCENARIO, id=name, lines=(lines[0], ScriptLine(8, f"getgid({number})", f"= {number % 500}"), lines[2])
        )
        for number in range(2500)
        for name in [f"doors.2/hinges/looks[gid={number}]"]
    }
    begun = time.process_time()
    page = render_html(changed(whole, scenarios=scenarios))
    assert len(page.encode()) < megabytes * MEGABYTE
    assert time.process_time() - begun < 30


def test_a_target_on_which_everything_fails_is_no_reason_for_a_file_that_no_browser_opens() -> None:
    records = [
        failed("host", scenario=f"doors.2/hinges/{number}", clause=f"opendoor(2)/c{number % 100}", seen=str(number))
        for number in range(5000)
    ]
    page = page_of(*records)
    assert page.count('<table class="transcript">') == TRANSCRIPTS
    assert page.count("data-view") < 2 * (LISTED + TRANSCRIPTS) + 500
    assert "more stand in the results file" in page
    assert len(list(unpacked(page))) == 5000
    assert len(page.encode()) < 4 * MEGABYTE


def test_a_clause_has_a_few_transcripts_and_the_rest_by_name() -> None:
    page = page_of(*[failed(actor=f"actor-{number}", seen=f"E{number % 5}") for number in range(40)])
    assert page.count('<table class="transcript">') == TRANSCRIPTS_OF_A_CLAUSE
    assert all(f"looks[gid=7]@actor-{number}:libc" in page for number in range(40))
    assert f"{40 - TRANSCRIPTS_OF_A_CLAUSE} more" in Tags(page).text


def test_endless_texts_are_cut_and_say_how_long_they_were() -> None:
    groups = str(list(range(65536)))
    page = page_of(failed(steps=((f"setgroups({groups})", "0"), ("getgid()", groups)), seen=groups))
    assert len(page) < 100_000
    assert f"({len(groups)} characters)" in page
    assert max(map(len, embedded(page)["texts"])) < LONGEST + 30
