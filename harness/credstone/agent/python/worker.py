"""A thread of main, told by a queue."""

import queue
import threading
from contextlib import suppress
from typing import Any, List, Tuple

import credential
import processes
from member import LOOK, LOOKS, TRACING, Numbers, Report, await_state, own_task
from script import Step

import calls


class Worker:
    """A thread of main.  It reports errors of the agent itself instead of a report."""

    busy = False  # in a call that was begun

    def __init__(self, steps: List[Step]) -> None:
        self._steps = steps
        self._told: queue.Queue[Tuple[int, Numbers]] = queue.Queue()
        self._said: queue.Queue[Any] = queue.Queue()
        self._task = ""
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            line, numbers = self._next()
            step = self._steps[line] if line != LOOK else None
            try:
                if step and step.begun:
                    self._said.put(own_task())
                answer = calls.make(step.call, numbers) if step else ""
                self._said.put((answer, credential.encoded()))
            except processes.Leaves:
                self._task = own_task()
                self._said.put(("[]", ""))
                return
            except Exception as error:
                self._said.put(error)

    def _next(self) -> Tuple[int, Numbers]:
        while processes.tracing:
            processes.let_tracees_go_on()
            with suppress(queue.Empty):
                return self._told.get(timeout=TRACING)
        return self._told.get()

    def report(self, line: int, numbers: Numbers) -> Report:
        """Perform a line, or LOOK."""
        self._told.put((line, numbers))
        return self.wait()

    def begin(self, line: int, numbers: Numbers) -> None:
        """Perform a line, and do not wait for its end."""
        self._told.put((line, numbers))
        self.busy = True
        task = self._said.get()
        if isinstance(task, Exception):
            raise task
        await_state(task, "S", LOOKS)

    def wait(self) -> Report:
        """The report on a line that was begun."""
        said = self._said.get()
        self.busy = False
        if isinstance(said, Exception):
            raise said
        report: Report = said
        return report

    def leave(self) -> str:
        """It has performed its last line: wait until it is gone."""
        await_state(self._task, "")
        return "exit 0"
