"""A kernel out of a package: a mirror of the test's own, with an index and a package that dpkg would know."""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import shutil
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from credstone.local.debian_mirror import MIRROR
from credstone.targets.vm import package as fetching
from credstone.targets.vm.package import fetch_file, fetch_newest
from credstone.words.errors import MachineError

POOL = "pool/main/l/linux/linux-image-9.9_amd64.deb"


def member(name: str, content: bytes) -> bytes:
    head = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
    return head + content + b"\n" * (len(content) % 2)


def package(*files: tuple[str, bytes]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:xz") as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return (
        b"!<arch>\n"
        + member("debian-binary", b"2.0\n")
        + member("control.tar.xz", b"odd")
        + member("data.tar.xz", content.getvalue())
    )


DEPENDS = "Package: linux-image-cloud-amd64\nDepends: linux-image-9.9 (= 9.9-1), other\n\n"


def write_mirror(folder: Path, content: bytes, digest: str = "", *, of_index: str = "", depends: str = DEPENDS) -> None:
    index = (
        f"{depends}"
        f"Package: linux-image-9.9\nDescription: a kernel\n with more\nFilename: {POOL}\n"
        f"SHA256: {digest or hashlib.sha256(content).hexdigest()}\n"
    )
    packed = lzma.compress(index.encode())
    digest = of_index or hashlib.sha256(packed).hexdigest()
    release = f"Suite: tiny\nSHA256:\n {digest} {len(packed)} main/binary-amd64/Packages.xz\n"
    for path, data in (
        (POOL, content),
        ("dists/tiny/main/binary-amd64/Packages.xz", packed),
        ("dists/tiny/InRelease", release.encode()),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "mirror"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(fetching, "_KEYS", tmp_path / "no-keys")
    monkeypatch.setenv(MIRROR, f"http://127.0.0.1:{server.server_port}/")
    yield folder
    server.shutdown()
    server.server_close()


def test_the_kernel_of_the_newest_package(mirror: Path, tmp_path: Path) -> None:
    write_mirror(mirror, package(("./boot/config-9.9", b"CONFIG"), ("./boot/vmlinuz-9.9", b"a kernel")))
    fetch_newest("tiny", "linux-image-cloud-amd64", tmp_path / "vmlinuz")
    assert (tmp_path / "vmlinuz").read_bytes() == b"a kernel"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["vmlinuz"]


@pytest.mark.parametrize(
    ("content", "digest", "why"),
    [
        (package(("./boot/vmlinuz-9.9", b"a kernel")), "0" * 64, r"linux-image-9.9_amd64.deb is not the file with"),
        (package(("./boot/config-9.9", b"CONFIG")), "", "there is no kernel in the package"),
        (b"!<arch>\n" + member("debian-binary", b"2.0\n"), "", "it is no Debian package"),
        (b"!<arch>\n" + member("data.tar.zst", b"\x28\xb5"), "", r"this Python cannot read the data\.tar\.zst"),
    ],
)
def test_what_is_no_kernel_is_not_kept(mirror: Path, tmp_path: Path, content: bytes, digest: str, why: str) -> None:
    write_mirror(mirror, content, digest)
    with pytest.raises(MachineError, match=why):
        fetch_newest("tiny", "linux-image-cloud-amd64", tmp_path / "vmlinuz")
    assert not (tmp_path / "vmlinuz").exists()


def test_by_others_between(mirror: Path, tmp_path: Path) -> None:
    depends = (
        "Package: linux-image-cloud-amd64\nDepends: linux-base-9.9 (= 9.9-1), linux-binary-9.9 (= 9.9-1)\n\n"
        "Package: linux-binary-9.9\nDepends: linux-base-9.9, linux-image-9.9 | linux-image-unsigned-9.9\n\n"
    )
    write_mirror(mirror, package(("./usr/lib/modules/9.9/vmlinuz", b"a kernel")), depends=depends)
    fetch_newest("tiny", "linux-image-cloud-amd64", tmp_path / "vmlinuz")
    assert (tmp_path / "vmlinuz").read_bytes() == b"a kernel"


def test_a_package_that_is_nowhere(mirror: Path, tmp_path: Path) -> None:
    depends = "Package: linux-image-cloud-amd64\nDepends: linux-binary-9.9\n\nPackage: linux-binary-9.9\n\n"
    write_mirror(mirror, package(("./boot/vmlinuz-9.9", b"a kernel")), depends=depends)
    with pytest.raises(MachineError, match=r"the index of tiny does not tell where linux-binary-9\.9 is"):
        fetch_newest("tiny", "linux-image-cloud-amd64", tmp_path / "vmlinuz")


def test_the_file_at_an_address(mirror: Path, tmp_path: Path) -> None:
    content = package(("./boot/vmlinuz-9.9", b"a kernel"))
    write_mirror(mirror, content)
    address = f"{os.environ[MIRROR]}{POOL}"
    fetch_file(address, hashlib.sha256(content).hexdigest(), tmp_path / "vmlinuz")
    assert (tmp_path / "vmlinuz").read_bytes() == b"a kernel"
    with pytest.raises(MachineError, match=r"linux-image-9\.9_amd64\.deb is not the file with the SHA-256 0000"):
        fetch_file(address, "0" * 64, tmp_path / "other")
    with pytest.raises(MachineError, match=r"A kernel cannot be fetched from http://127\S*: \S"):
        fetch_file(f"{address}.old", "0" * 64, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_an_index_that_the_release_does_not_have(mirror: Path, tmp_path: Path) -> None:
    write_mirror(mirror, package(("./boot/vmlinuz-9.9", b"a kernel")), of_index="0" * 64)
    with pytest.raises(MachineError, match="the index of tiny is not what its release says"):
        fetch_newest("tiny", "linux-image-cloud-amd64", tmp_path / "vmlinuz")


@pytest.mark.skipif(shutil.which("gpgv") is None, reason="needs gpgv (Debian: apt-get install gpgv)")
def test_a_release_that_somebody_else_wrote(mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_mirror(mirror, package(("./boot/vmlinuz-9.9", b"a kernel")))
    (tmp_path / "keys").write_bytes(b"")
    monkeypatch.setattr(fetching, "_KEYS", tmp_path / "keys")
    with pytest.raises(MachineError, match="the release of tiny is not signed by Debian"):
        fetch_newest("tiny", "linux-image-cloud-amd64", tmp_path / "vmlinuz")


def test_a_suite_that_is_not_there(mirror: Path, tmp_path: Path) -> None:
    with pytest.raises(
        MachineError, match=r"linux-image-cloud-amd64 in tiny cannot be fetched from http://127\.0\.0\.1\S*: \S"
    ):
        fetch_newest("tiny", "linux-image-cloud-amd64", tmp_path / "vmlinuz")
