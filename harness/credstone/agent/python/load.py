"""Threads that come and go while the lines are performed.

Some promises only break under load: a C library that moves every thread can miss one that is being born or dying.
Python's interpreter lock keeps a birth out of a call of ``os``; deaths, and births that are under way in the kernel,
are not kept out.
"""

import _thread
import os
import threading
import time
from typing import Callable

_LIFE = 0.0002  # seconds that a thread lives, times the number of threads: about five thousand births a second
_PATIENCE = 2.0  # seconds to wait for a state that a limit on processes may never let happen
_STACK = 256 * 1024


class Load:
    """As many threads as said, from ``start`` to the end of the process."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._live = 0
        self._lock = threading.Lock()
        self._paused = False
        self._resting = False

    def start(self) -> None:
        """Start them; returns when all are there for the first time."""
        threading.stack_size(_STACK)
        _thread.start_new_thread(self._manage, ())
        self._wait(lambda: self._live >= self._count)

    def pause(self, others: int) -> None:
        """Nobody comes and nobody goes from now on.  ``others`` threads are there besides; a thread that has left
        Python but not yet the kernel would be counted with the credentials that it died with, so it is waited for."""
        self._paused = True
        self._wait(lambda: self._resting)
        self._wait(lambda: len(os.listdir("/proc/self/task")) <= self._live + 1 + others)

    def go_on(self) -> None:
        """They come and go again."""
        self._paused = False

    def _wait(self, reached: Callable[[], bool]) -> None:
        until = time.monotonic() + _PATIENCE
        while not reached() and time.monotonic() < until:
            time.sleep(0.0005)

    def _manage(self) -> None:
        born = 0
        while True:
            self._resting = self._paused
            while self._live < self._count and not self._paused:
                born += 1
                with self._lock:
                    self._live += 1
                try:
                    # Not threading.Thread, whose start waits for the new thread to run: that would be no crowd.
                    _thread.start_new_thread(self._live_and_die, (_LIFE * self._count * (0.5 + born % 16 / 16.0),))
                except RuntimeError:  # a limit on processes; those that are there will go
                    with self._lock:
                        self._live -= 1
                    break
            time.sleep(0.0005)

    def _live_and_die(self, seconds: float) -> None:
        time.sleep(seconds)
        while self._paused:
            time.sleep(0.001)
        with self._lock:
            self._live -= 1
