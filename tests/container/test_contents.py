"""What an image has, read from its files, and the ways in which an agent can get into it."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import docker.errors
import pytest

from credstone.targets.container.contents import PATH, Contents, Created, look_into
from credstone.targets.container.foreign_image import ways
from credstone.targets.container.settings import load, managers, names

GLIBC = b"\x7fELF...\0GNU C Library (Debian GLIBC 2.36-9+deb12u13) stable release version 2.36.\nCopyright\0"
MUSL = b"\x7fELF...\0musl libc (x86_64)\nVersion %s\nDynamic Program Loader\n\0zz\0001.2.3\0"
PASSWD = b"root:x:0:0::/root:/bin/sh\nnonroot:x:65532:65533::/home:/sbin/nologin\n"
GROUP = b"root:x:0:\ntape:x:26:nonroot\n"


class Tree(dict[str, bytes]):
    """The files of an image that never was."""

    def read(self, path: str) -> bytes | None:
        return self.get(path)


def found(files: dict[str, bytes], path: str = PATH, user: str = "") -> Contents:
    return look_into(Tree(files), path, user, managers())


def test_nothing() -> None:
    assert found({}) == Contents()


def test_a_distribution() -> None:
    files = {
        "/usr/bin/gcc": b"",
        "/usr/bin/apt-get": b"",
        "/usr/local/bin/python3": b"",
        "/usr/bin/python3": b"",
        "/lib64/ld-linux-x86-64.so.2": b"",
        "/lib/x86_64-linux-gnu/libc.so.6": GLIBC,
    }
    assert found(files) == Contents(
        compiler="/usr/bin/gcc", manager="apt", libc="glibc 2.36", python="/usr/local/bin/python3"
    )


def test_programs_are_those_of_the_path() -> None:
    files = {"/opt/python/bin/python3": b"", "/usr/bin/python3": b"", "bin/python3": b""}
    assert found(files, "/opt/python/bin:/usr/bin").python == "/opt/python/bin/python3"
    assert found(files, "bin:/sbin").python == "", "a relative entry is none"


def test_musl() -> None:
    assert found({"/lib/ld-musl-x86_64.so.1": MUSL}).libc == "musl 1.2.3"
    assert found({"/lib/ld-musl-x86_64.so.1": b"\x7fELF"}).libc == "musl"
    newer = MUSL.replace(b"1.2.3", b"1.2.5-git-89-g86373b49")
    assert found({"/lib/ld-musl-x86_64.so.1": newer}).libc == "musl 1.2.5-git-89-g86373b49"


def test_libraries_of_other_distributions() -> None:
    files = {"/lib64/ld-linux-x86-64.so.2": b"", "/lib64/libc.so.6": GLIBC.replace(b"2.36", b"2.28")}
    assert found(files).libc == "glibc 2.28"
    assert found({"/lib64/ld-linux-x86-64.so.2": b""}).libc == "glibc", "one that keeps it elsewhere"


def test_an_image_for_i386() -> None:
    files = {"/lib/ld-linux.so.2": b"", "/lib/i386-linux-gnu/libc.so.6": GLIBC}
    assert (found(files).libc, found(files).architecture) == ("glibc 2.36", "i386")


@pytest.mark.parametrize(
    ("user", "ids"),
    [
        ("", ""),
        ("root", ""),
        ("0:0", ""),
        ("1000", "1000:0"),
        ("65532", "65532:65533"),
        ("nonroot", "65532:65533"),
        ("nonroot:tape", "65532:26"),
        ("nonroot:7", "65532:7"),
        ("0:26", "0:26"),
    ],
)
def test_as_whom_it_runs(user: str, ids: str) -> None:
    assert found({"/etc/passwd": PASSWD, "/etc/group": GROUP}, user=user).user == ids


def test_a_user_without_a_database() -> None:
    assert found({}, user="65532:65532").user == "65532:65532"


class Archives:
    """An engine that gives archives of the files of a container, as engines do: links are left to the caller."""

    def __init__(self, files: dict[str, bytes | str | None]) -> None:
        self.files = files
        self.pieces = 0

    def get_archive(self, container: str, path: str) -> tuple[Iterator[bytes], dict[str, Any]]:
        if path not in self.files:
            raise docker.errors.NotFound(path)
        content = self.files[path]
        entry = tarfile.TarInfo(path.rpartition("/")[2])
        about = {"mode": 0o755, "linkTarget": ""}
        if content is None:
            entry.type, about["mode"] = tarfile.DIRTYPE, 1 << 31
        elif isinstance(content, str):
            entry.type, entry.linkname = tarfile.SYMTYPE, content
            about = {"mode": 1 << 27, "linkTarget": content}
        else:
            entry.size = len(content)
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            tar.addfile(entry, io.BytesIO(content if isinstance(content, bytes) else b""))
            if content is None:
                for number in range(1000):
                    tar.addfile(tarfile.TarInfo(str(number)))
        return self._in_pieces(archive.getvalue()), about

    def _in_pieces(self, data: bytes) -> Iterator[bytes]:
        for begin in range(0, len(data), 700):
            self.pieces += 1
            yield data[begin : begin + 700]


def created(files: dict[str, bytes | str | None]) -> tuple[Created, Archives]:
    api = Archives(files)
    client: Any = SimpleNamespace(api=api)
    return Created(client, "c"), api


def test_a_file_comes_out_of_an_archive() -> None:
    files, _ = created({"/a": b"x" * 5000})
    assert files.read("/a") == b"x" * 5000
    assert files.read("/b") is None


def test_links_are_followed() -> None:
    files, _ = created({"/usr/bin/python3": "python3.11", "/usr/bin/python3.11": "/opt/p", "/opt/p": b"p"})
    assert files.read("/usr/bin/python3") == b"p"


def test_links_that_lead_nowhere() -> None:
    files, _ = created({"/a": "b", "/b": "a", "/c": "/gone"})
    assert files.read("/a") is None
    assert files.read("/c") is None


def test_a_folder_is_no_file_and_is_not_read_to_its_end() -> None:
    files, api = created({"/usr": None})
    assert files.read("/usr") is None
    assert api.pieces < 40


def the_ways(contents: Contents) -> list[str]:
    return [way.says for way in ways(contents, managers(), [load(name) for name in names()])]


STATIC = "static, with a C library of its own"


def test_an_own_toolchain_comes_first() -> None:
    assert the_ways(Contents(compiler="/usr/bin/cc", manager="apk", libc="musl 1.2.4")) == [
        "by the image's own /usr/bin/cc",
        "by gcc from the image's own apk",
        "by gcc beside musl 1.2.3 in musl-1.2.3",
        STATIC,
    ]


@pytest.mark.parametrize(
    ("libc", "beside"),
    [
        ("glibc 2.31", "debian-11"),
        ("glibc 2.35", "debian-11"),
        ("glibc 2.36", "debian-12"),
        ("glibc 2.99", "debian-13"),
        ("musl 1.2.2", "musl-1.2.2"),
        ("musl 1.2.4", "musl-1.2.3"),
        ("musl 1.3.0", "musl-1.2.5"),
    ],
)
def test_the_nearest_library_that_is_not_newer(libc: str, beside: str) -> None:
    (first, *_) = ways(Contents(libc=libc), managers(), [load(name) for name in names()])
    assert first.beside == beside


@pytest.mark.parametrize("libc", ["", "glibc", "glibc 2.28", "musl", "musl 1.1.24"])
def test_no_library_that_fits(libc: str) -> None:
    assert the_ways(Contents(libc=libc)) == [STATIC]


def test_a_library_of_another_architecture_does_not_fit() -> None:
    assert the_ways(Contents(libc="glibc 2.36", architecture="i386"))[0] == "by gcc beside glibc 2.36 in debian-12-i386"
    assert the_ways(Contents(libc="glibc 2.31", architecture="i386")) == [STATIC]
    assert the_ways(Contents(libc="musl 1.2.3", architecture="i386")) == [STATIC]
