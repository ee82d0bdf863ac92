"""The Python agent and files: what a cell brings along, and the calls of the protocol for them, failures included."""

from __future__ import annotations

import pytest

from agent.python_agent import PythonAgent, as_user

pytestmark = pytest.mark.root


def test_files(python: PythonAgent) -> None:
    assert python.values(
        'file door "text 0 500 0705',
        "main stat door",
        'main read "door',
        "main open door O_RDONLY",
        'main open "new O_CREAT|O_EXCL|O_WRONLY 416',
        'main stat "new',
        'main write "new "abcdef',
        'main write "new "X 1',
        'main read "new',
        "main truncate door 2",
        "main read door",
        "main chown door 1000 -1",
        "main lchown door 4294967295 7",
        "main chmod door 2496",
        "main stat door",
        'main mkdir "d 448',
        'main rename "new "d/old',
        'main link "d/old "d/older',
        'main rmdir "d',
        'main unlink "d/old',
        'main unlink "d/older',
        'main rmdir "d',
        'main unlink "d',
        "main utimensat door",
        "main utimensat door 7",
        "main umask 23",
        "main umask 18",
        "main access door X_OK",
        'main access "nowhere F_OK',
        'main write "nowhere "x',
        'main open "/proc/version O_WRONLY|O_CREAT|O_EXCL',
    ) == [
        (0, 500, 0o705),
        "text",
        0,
        0,
        (0, 0, 0o640),
        6,
        1,
        "aXcdef",
        0,
        "te",
        0,
        0,
        0,
        (1000, 7, 0o4700),
        *[0] * 3,
        "ENOTEMPTY",
        *[0] * 3,
        "ENOENT",
        0,
        0,
        0o22,
        0o27,
        0,
        "ENOENT",
        "ENOENT",
        "EEXIST",
    ]  # fmt: skip


def test_a_user_may_not_do_that_to_files(python: PythonAgent) -> None:
    assert python.values(
        "file folder folder 0 0 0755",
        'file folder/door "text 0 500 0640',
        as_user(groups="[500]"),
        'main read "folder/door',
        'main write "folder/door "x',
        'main open "folder/door O_RDWR',
        'main access "folder/door W_OK',
        'main faccessat "folder/door R_OK AT_EACCESS',
        'main faccessat "folder/door X_OK 0',
        'main chown "folder/door 1000 1000',
        'main lchown "folder/door 1000 1000',
        'main chmod "folder/door 511',
        'main mkdir "folder/d 511',
        'main rmdir "folder',
        'main unlink "folder/door',
        'main rename "folder/door "folder/new',
        'main truncate "folder/door 0',
        'main utimensat "folder/door',
        'main utimensat "folder/door 7',
        'main chroot ".',
        'main os.access "folder/door 4 effective_ids=True',
        'main os.access "folder/door 2',
        'main os.open "folder/door O_RDONLY',
        'main os.open "folder/door O_WRONLY',
    ) == [
        "text", "EACCES", "EACCES", "EACCES", 0, "EACCES", "EPERM", "EPERM", "EPERM", "EACCES", "EACCES", "EACCES",
        "EACCES", "EACCES", "EACCES", "EPERM", "EPERM", 1, 0, 0, "EACCES",
    ]  # fmt: skip


def test_the_root_is_changed_to_the_folder_of_the_cell(python: PythonAgent) -> None:
    assert python.values('file door "text 0 0 0644', 'main chroot ".', 'main read "/door') == [0, "text"]


def test_files_have_capabilities(python: PythonAgent) -> None:
    two, three = b"\x01\0\0\x02\x80" + bytes(15), b"\0\0\0\x03" + b"\0\0\0\0\x80\0\0\0" + bytes(8) + b"\xe8\x03\0\0"
    found = python.perform(
        "file a agent 0 0 0755 [128,0,1,-1]",
        'file b " 0 0 0755 [0,128,0,1000]',
        'main os.getxattr a "security.capability',
        'main os.getxattr b "security.capability',
    )
    assert [step.answer.value for step in found.steps] == [two.decode("latin-1"), three.decode("latin-1")]


def test_a_folder_can_be_mounted_nosuid(python: PythonAgent) -> None:
    (options,) = python.values("nosuid", 'file door "text 0 0 4755', "main read door")
    assert options == "text"
    found = python.perform("nosuid", 'file door "text 0 0 4755', 'main read "/proc/self/mountinfo')
    last = str(found.steps[0].answer.value).splitlines()[-1].split(" ")
    assert last[4].endswith(f"cell-{found.cell}")
    assert "nosuid" in last[5]
