"""A kernel out of a Debian package: the newest of a suite, whose index names the file, or one file at its address.

Nothing is installed, and nothing but the kernel is kept.  A file is checked by its SHA-256: one at an address by that which
is written down with it, one of a suite by that of the index, which is checked by what the suite's release says, and that by
its signature, where gpgv(1) and the keys of Debian are there.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import shutil
import subprocess
import tarfile
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPException
from pathlib import Path

from credstone.local.debian_mirror import MIRROR, mirrors
from credstone.words.errors import MachineError

_USUAL = "http://deb.debian.org/debian"
_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_INDEX = "main/binary-amd64/Packages.xz"
_LIMIT = 60
"""Seconds without a byte after which a mirror is given up."""
_KINDS = ("linux-image-", "linux-binary-")
"""How the packages are called that have a kernel, or depend on one that has."""
_SHA256 = 64
"""Digits of such a digest."""
_PLACE = re.compile(r"\./boot/vmlinuz-.*|\./usr/lib/modules/[^/]*/vmlinuz")
"""Where the kernel stands in a package."""
_MEMBER = 60
"""Bytes of the header of a member of an ar archive."""


def fetch_newest(suite: str, package: str, place: Path) -> None:
    """Puts the kernel that this package of Debian depends on into a file.  Raises MachineError."""
    failure = ""
    for mirror in mirrors() or [_USUAL]:
        failure = _fetch(mirror, partial(_newest, mirror.rstrip("/"), suite, package), place)
        if not failure:
            return
    raise MachineError(
        f"The kernel of {package} in {suite} cannot be fetched from {failure}.",
        f"{MIRROR} names another mirror; or name the file of a kernel: --target kernel:PATH.",
    )


def fetch_file(address: str, sha256: str, place: Path) -> None:
    """Puts the kernel in the package at this address into a file.  Raises MachineError."""
    failure = _fetch(address, partial(_checked, address, sha256), place)
    if failure:
        raise MachineError(
            f"A kernel cannot be fetched from {failure}.",
            "Fetch the package by other means, and name the kernel in it: --target kernel:PATH.",
        )


def _fetch(source: str, package: Callable[[], bytes], place: Path) -> str:
    """Puts the kernel of a package into a file; what came in between, empty if it is there."""
    try:
        content = _kernel(package())
    except (OSError, HTTPException, ValueError, EOFError, lzma.LZMAError, tarfile.TarError) as error:
        return f"{source}: {getattr(error, 'reason', error)}"
    draft = place.with_name(f"{place.name}.draft")
    draft.write_bytes(content)
    draft.replace(place)
    return ""


def _newest(mirror: str, suite: str, name: str) -> bytes:
    """The package with the kernel that the one of this name depends on, directly or by others between."""
    packages = {fields["Package"]: fields for fields in _index(mirror, suite)}
    if name not in packages:
        raise ValueError(f"there is no package {name} in {suite}")
    while name in packages:
        package = packages.pop(name)
        needs = (need.split()[0] for need in package.get("Depends", "").split(",") if need.strip())
        name = next((need for need in needs if need in packages), "")
    if not {"Filename", "SHA256"} <= package.keys():
        raise ValueError(f"the index of {suite} does not tell where {package['Package']} is")
    return _checked(f"{mirror}/{package['Filename']}", package["SHA256"])


def _checked(address: str, sha256: str) -> bytes:
    content = _get(address)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"{address.rpartition('/')[2]} is not the file with the SHA-256 {sha256}")
    return content


def _index(mirror: str, suite: str) -> Iterator[dict[str, str]]:
    content = _get(f"{mirror}/dists/{suite}/{_INDEX}")
    if hashlib.sha256(content).hexdigest() not in _digests(mirror, suite):
        raise ValueError(f"the index of {suite} is not what its release says")
    text = lzma.decompress(content).decode()
    for paragraph in text.split("\n\n"):
        fields = (line.partition(": ") for line in paragraph.splitlines() if not line.startswith(" "))
        found = {key: value for key, _, value in fields}
        if found.get("Package", "").startswith(_KINDS):
            yield found


def _digests(mirror: str, suite: str) -> set[str]:
    """The SHA-256 of the index, as the suite's release has it."""
    release = _get(f"{mirror}/dists/{suite}/InRelease")
    if _KEYS.is_file() and shutil.which("gpgv"):
        command = ["gpgv", "--quiet", "--keyring", str(_KEYS), "--output", "-"]
        done = subprocess.run(command, input=release, capture_output=True, check=False)
        if done.returncode:
            raise ValueError(f"the release of {suite} is not signed by Debian")
        release = done.stdout
    lines = (line.split() for line in release.decode().splitlines())
    return {words[0] for words in lines if len(words) == 3 and words[2] == _INDEX and len(words[0]) == _SHA256}


def _kernel(package: bytes) -> bytes:
    """The kernel in a package."""
    name, files = _files(package)
    try:
        with tarfile.open(fileobj=io.BytesIO(files), mode="r:*") as archive:
            for member in archive:
                if _PLACE.fullmatch(member.name):
                    opened = archive.extractfile(member)
                    assert opened is not None
                    return opened.read()
    except tarfile.ReadError:
        raise ValueError(f"this Python cannot read the {name} in the package") from None
    raise ValueError("there is no kernel in the package")


def _files(package: bytes) -> tuple[str, bytes]:
    """The member of a package, which is an ar archive, that holds its files, and what that is called."""
    position = 8
    while position + _MEMBER <= len(package):
        header = package[position : position + _MEMBER]
        size = int(header[48:58])
        position += _MEMBER
        if header.startswith(b"data.tar"):
            return header[:16].decode().rstrip(), package[position : position + size]
        position += size + size % 2
    raise ValueError("it is no Debian package")


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=_LIMIT) as answer:  # noqa: S310 - the address is a mirror's
        return bytes(answer.read())
