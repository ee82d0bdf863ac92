"""A kernel out of a Debian package: the index of a suite names the file, the file is an archive with the kernel in it.

Nothing is installed, and nothing but the kernel is kept.  The file is checked by what the index says of it (SHA-256), the
index by what the suite's release says, and that by its signature, where gpgv(1) and the keys of Debian are there.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import shutil
import subprocess
import tarfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from credstone.mirror import MIRROR, mirrors
from credstone.words.errors import MachineError

_USUAL = "http://deb.debian.org/debian"
_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_INDEX = "main/binary-amd64/Packages.xz"
_LIMIT = 60
"""Seconds without a byte after which a mirror is given up."""
_SHA256 = 64
"""Digits of such a digest."""
_MEMBER = 60
"""Bytes of the header of a member of an ar archive."""


def fetch(suite: str, package: str, place: Path) -> None:
    """Puts the kernel that this package depends on into a file.  Raises MachineError."""
    failure = ""
    for mirror in mirrors() or [_USUAL]:
        try:
            content = _kernel(_package(mirror.rstrip("/"), suite, package))
        except (urllib.error.URLError, OSError, ValueError, EOFError, lzma.LZMAError, tarfile.TarError) as error:
            failure = f"{mirror}: {getattr(error, 'reason', error)}"
            continue
        draft = place.with_name(f"{place.name}.draft")
        draft.write_bytes(content)
        draft.replace(place)
        return
    raise MachineError(
        f"The kernel of {package} in {suite} cannot be fetched from {failure}.",
        f"{MIRROR} names another mirror; or name the file of a kernel: --target kernel:PATH.",
    )


def _package(mirror: str, suite: str, name: str) -> bytes:
    """The package on which the one of this name depends, checked."""
    packages = {fields["Package"]: fields for fields in _index(mirror, suite)}
    wanted = packages.get(name)
    if wanted is None:
        raise ValueError(f"there is no package {name} in {suite}")
    image = packages[wanted["Depends"].split(" ")[0]]
    content = _get(f"{mirror}/{image['Filename']}")
    if hashlib.sha256(content).hexdigest() != image["SHA256"]:
        raise ValueError(f"{image['Filename']} is not what the index says")
    return content


def _index(mirror: str, suite: str) -> Iterator[dict[str, str]]:
    content = _get(f"{mirror}/dists/{suite}/{_INDEX}")
    if hashlib.sha256(content).hexdigest() not in _digests(mirror, suite):
        raise ValueError(f"the index of {suite} is not what its release says")
    text = lzma.decompress(content).decode()
    for paragraph in text.split("\n\n"):
        fields = (line.partition(": ") for line in paragraph.splitlines() if not line.startswith(" "))
        found = {key: value for key, _, value in fields}
        if found.get("Package", "").startswith("linux-image-"):
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
    with tarfile.open(fileobj=io.BytesIO(_data(package)), mode="r:*") as archive:
        for member in archive:
            if member.name.startswith("./boot/vmlinuz-"):
                opened = archive.extractfile(member)
                assert opened is not None
                return opened.read()
    raise ValueError("there is no kernel in the package")


def _data(package: bytes) -> bytes:
    """The member of a package, which is an ar archive, that holds its files."""
    position = 8
    while position + _MEMBER <= len(package):
        header = package[position : position + _MEMBER]
        size = int(header[48:58])
        position += _MEMBER
        if header.startswith(b"data.tar"):
            return package[position : position + size]
        position += size + size % 2
    raise ValueError("it is no Debian package")


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=_LIMIT) as answer:  # noqa: S310 - the address is a mirror's
        return bytes(answer.read())
