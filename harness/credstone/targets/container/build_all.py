"""Many images at once: targets on one base one after the other, because they share layers; different bases side by side."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from credstone.targets.container.client import open_engine
from credstone.targets.container.images import Prepared, prepare
from credstone.targets.container.settings import load, names, parse
from credstone.words.errors import CredstoneError

MOST = 4
"""Builds side by side: each keeps about one processor busy."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one target: the image, or the error; and the seconds that it took."""

    name: str
    seconds: float
    prepared: Prepared | None = None
    error: CredstoneError | None = None


def prepare_many(wanted: Iterable[str]) -> Iterator[Outcome]:
    """Makes images ready, named as targets are without ``image:``, and gives what came of each as it comes.

    Raises CredstoneError for a name with a posture that does not exist.
    """
    groups: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    grouped = list(_by_base(wanted).values())
    for group in grouped:
        groups.put(group)
    for _ in range(min(len(grouped), MOST, os.cpu_count() or 1)):
        # who is interrupted does not wait for them: an engine stops what nobody waits for
        threading.Thread(target=_work, args=(groups, done), daemon=True).start()
    for _ in range(sum(map(len, grouped))):
        yield done.get()


def _by_base(wanted: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """The targets by the engine and the base image that they share, each once."""
    groups: dict[tuple[str, str], list[str]] = {}
    known = names()
    for name in dict.fromkeys(wanted):
        image, posture = parse(name)
        base = load(image).from_base.image if image in known else image
        groups.setdefault((posture.engine, base), []).append(name)
    return groups


def _work(groups: queue.SimpleQueue[list[str]], done: queue.SimpleQueue[Outcome]) -> None:
    while True:
        try:
            group = groups.get_nowait()
        except queue.Empty:
            return
        for outcome in _prepared(group):
            done.put(outcome)


def _prepared(group: Sequence[str]) -> Iterator[Outcome]:
    for name in group:
        begun = time.monotonic()
        try:
            image, posture = parse(name)
            client = open_engine(posture.engine)
            try:
                prepared = prepare(client, image)
            finally:
                client.close()
            yield Outcome(name=name, seconds=time.monotonic() - begun, prepared=prepared)
        except CredstoneError as error:
            yield Outcome(name=name, seconds=time.monotonic() - begun, error=error)
        except Exception as error:  # noqa: BLE001 - who waits for an outcome must get one
            told = CredstoneError(f"{type(error).__name__}: {error}")
            yield Outcome(name=name, seconds=time.monotonic() - begun, error=told)
