"""Reading man pages: roff of our own for each rule, then the real pages where they are installed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from credstone.manpages.page import Page, digest, find_page, main, plain, read_page
from credstone.words.errors import CredstoneError

HEAD = '.\\" SPDX-License-Identifier: MIT\n.TH open_door 2 2024-05-06 "Linux man-pages 6.99"\n'


Read = Callable[..., Page]


@pytest.fixture
def page(tmp_path: Path) -> Read:
    def read(body: str, head: str = HEAD) -> Page:
        path = tmp_path / "open_door.2"
        path.write_text(head + body)
        return read_page(path)

    return read


def texts(page: Page) -> list[str]:
    return [sentence.text for sentence in page.sentences]


def test_title_and_names(page: Read) -> None:
    read = page(".SH NAME\nopen_door, shut_door \\- move a door\n")
    assert (read.name, read.release, read.date) == ("open_door(2)", "6.99", "2024-05-06")
    assert read.names == ("open_door", "shut_door")


def test_an_old_page_says_its_release_in_the_colophon(page: Read) -> None:
    read = page(
        ".SH COLOPHON\nThis is part of release 4.16 of the pages.\n", '.TH DOOR 2 2018-01-01 "Linux" "Manual"\n'
    )
    assert (read.name, read.release) == ("door(2)", "4.16")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (".BR door (2)", "door(2)"),
        ('.BR EPERM " (since 3.19)"', "EPERM (since 3.19)"),
        (".B two words", "two words"),
        (".RI ( door ,", "(door,"),
        ('.BI "int door(int " size );', "int door(int size);"),
        (".IR /proc/ pid /doors", "/proc/pid/doors"),
        (".RB \\(aq x \\(aq", "'x'"),
        (".I a\\ b c", "a b c"),
        ('.B "say ""yes"""', 'say "yes"'),
        (".SM UNIX", "UNIX"),
        (".MR door 2 ,", "door(2),"),
        (".UR https://example.org\nThe site\n.UE .", "The site <https://example.org>."),
        ("one\\c\n.B two", "onetwo"),
        ("con\\\ntinued", "continued"),
        (".ad l\n.nh\n.UNKNOWN x\ntext", "text"),
        ('text \\" a remark\n.\\" another\n\'\\" and another\nmore', "text more"),
        (".de XX\nnot text\n..\ntext", "text"),
    ],
)
def test_macros_join_their_arguments(page: Read, source: str, expected: str) -> None:
    assert texts(page(f".SH NOTES\n{source}\n")) == [expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\fBbold\fP \fIit\fR \f[B]b\f[] \f(CWc\fR", "bold it b c"),
        (r"\-1 \(aqx\(aq \[aq]y\[aq] \(dqz\[dq]", "-1 'x' 'y' \"z\""),
        (r"\s-1SMALL\s0 \s+2big\s0 \s10ten\s0 \s[12]x", "SMALL big ten x"),
        (r"a\~b\ c\:d\&e\%f\|g", "a b cdefg"),
        (r"\en \[rs]n \[u00E9] \[em] \[bu] \*(lqq\*(rq \*R", "\\n \\n é — • “q” "),
        (r"x\h'1n'y\k1z\[nosuchname]", "xyz"),
    ],
)
def test_escapes(source: str, expected: str) -> None:
    assert plain(source) == expected


def test_sentences_end_where_lines_do(page: Read) -> None:
    body = """.SH NOTES
The door opens (see
.BR knob (2)).
Linux 2.6.4 has it, i.e.,
all of
.IR it .
It holds for locks, keys, etc.
of any make, e.g.
ours.
Is it open?
The order is:
first the key;
then the knob
.PP
"Next (note:
this is an aside) one."
Not here.\\&
yet
"""
    assert texts(page(body)) == [
        "The door opens (see knob(2)).",
        "Linux 2.6.4 has it, i.e., all of it.",
        "It holds for locks, keys, etc. of any make, e.g. ours.",
        "Is it open?",
        "The order is:",
        "first the key; then the knob",
        '"Next (note: this is an aside) one."',
        "Not here. yet",
    ]


def test_sections_and_items(page: Read) -> None:
    body = """.SH ERRORS
.TP
.BR EPERM " (since Linux 3.19)"
No key.
.IP
Still no key.
.TP
.B EIO
.TQ
.B ENXIO
No wall.
.RS
.IP \\[bu] 3
In a bullet.
.TP
.I inner
Deeper.
.PP
Back one.
.RE
.IP
Last of it.
.PP
.BR shut ()
has more:
.IP (1) 4
Numbered.
.SS Kernel differences
Other.
.SH "SEE ALSO"
.BR wall (7)
"""
    assert [(one.section, one.subsection, one.item, one.text) for one in page(body).sentences] == [
        ("ERRORS", "", "EPERM (since Linux 3.19)", "No key."),
        ("ERRORS", "", "EPERM (since Linux 3.19)", "Still no key."),
        ("ERRORS", "", "EIO, ENXIO", "No wall."),
        ("ERRORS", "", "EIO, ENXIO", "In a bullet."),
        ("ERRORS", "", "inner", "Deeper."),
        ("ERRORS", "", "EIO, ENXIO", "Back one."),
        ("ERRORS", "", "EIO, ENXIO", "Last of it."),
        ("ERRORS", "", "", "shut() has more:"),
        ("ERRORS", "", "", "Numbered."),
        ("ERRORS", "Kernel differences", "", "Other."),
        ("SEE ALSO", "", "", "wall(7)"),
    ]


def test_a_block_is_one_sentence(page: Read) -> None:
    body = """.SH NOTES
Try
.in +4n
.EX
int x;
.PP
open_door(x).
shut_door(x);   /* "\\en" */
.EE
.in
.TS
allbox;
lb lb
l l.
Interface	Value
T{
.BR door ()
T}	Safe.
_
.TE
.nf
.B #include <door.h>
.fi
and on.
"""
    assert texts(page(body)) == [
        "Try",
        'int x; open_door(x). shut_door(x); /* "\\n" */',
        "Interface Value door() Safe.",
        "#include <door.h>",
        "and on.",
    ]


def test_the_digest_changes_with_words_only(page: Read) -> None:
    marked = page('.SH NOTES\nIf\n.I door\nis \\-1, "it"   doesn\\[aq]t\n.B OPEN .\n').sentences[0]
    unmarked = page(".SH NOTES\nif door is \\[mi]1, \\[lq]it\\[rq] doesn\\(cqt open .\n").sentences[0]
    assert marked.digest == unmarked.digest == digest(marked.text)
    assert re.fullmatch("[0-9a-f]{12}", marked.digest)
    assert digest("The door opens.") != digest("The door shuts.")


def test_finding_follows_links(tmp_path: Path) -> None:
    (tmp_path / "man2").mkdir()
    target = tmp_path / "man2/open_door.2.gz"
    target.write_bytes(gzip.compress((HEAD + ".SH NAME\nopen_door \\- x\n").encode()))
    (tmp_path / "man2/shut_door.2").write_text(".so man2/open_door.2\n")
    (tmp_path / "man2/lock.2.gz").write_bytes(gzip.compress(b'.\\" one more\n.so man2/shut_door.2\n'))
    (tmp_path / "man2/round.2").write_text(".so man2/round.2\n")
    roots = (tmp_path / "none", tmp_path)
    for name in ("open_door(2)", "shut_door(2)", "lock(2)"):
        assert find_page(name, roots) == target.resolve()
    assert find_page("round(2)", roots) is None
    assert find_page("wall(7)", roots) is None
    assert read_page(target).name == "open_door(2)"


def test_errors_say_what_to_do_next(tmp_path: Path) -> None:
    broken = tmp_path / "broken.2.gz"
    broken.write_bytes(gzip.compress(b"x" * 1000)[:20])
    link = tmp_path / "link.2"
    link.write_text(".so man2/open_door.2\n")
    for path in (tmp_path / "gone.2", tmp_path, broken, link):
        with pytest.raises(CredstoneError) as error:
            read_page(path)
        assert str(path) in error.value.what
        assert error.value.hint
    with pytest.raises(CredstoneError, match="not the name of a man page"):
        find_page("setgroups")


INSTALLED = {
    "getgroups(2)": (40, 80),
    "setgid(2)": (15, 40),
    "setreuid(2)": (30, 60),
    "initgroups(3)": (12, 40),
    "credentials(7)": (70, 150),
    "user_namespaces(7)": (180, 350),
    "capabilities(7)": (280, 550),
    "nptl(7)": (15, 50),
}


@pytest.mark.parametrize("name", INSTALLED)
def test_installed_pages(name: str) -> None:
    path = find_page(name)
    if path is None:
        pytest.skip(f"{name} is not installed here (Debian: manpages, manpages-dev)")
    read = read_page(path)
    least, most = INSTALLED[name]
    assert least <= len(read.sentences) <= most
    assert name.split("(", maxsplit=1)[0] in read.names
    assert read.release
    for one in read.sentences:
        if one.section != "EXAMPLES":  # programs have backslashes of their own
            assert "\\" not in one.text
        assert "\\" not in one.section + one.subsection + one.item
        assert not re.search(r"(^|\s)\.([A-Z]{1,2}|br|sp|in|nf|fi)(\s|$)|^\.|\\[f(*&[-]|T[{}]", one.text)
        assert one.digest == digest(one.text)
        assert one.section


def test_the_command_prints_one_line_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    path = find_page("setgroups(2)")
    if path is None:
        pytest.skip("setgroups(2) is not installed here (Debian: manpages-dev)")
    main(["setgroups(2)"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(read_page(path).sentences)
    assert all(re.match(r"[0-9a-f]{12}\t[^\t]+\t[^\t]+\t[^\t]+$", line) for line in lines)
