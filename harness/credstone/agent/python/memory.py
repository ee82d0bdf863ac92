"""The memory that the agent's processes share: what one of them has written there stays, though it is killed.

It holds what the harness has sent and nobody has answered yet, the transcript of the cell that runs, and a few numbers.
It is large, and paid for only where it was written: the list of 65536 groups takes half a megabyte in a transcript.
"""

import mmap

_HEADER = 1 << 16
INPUT_SIZE, TRANSCRIPT_SIZE = 16 << 20, 64 << 20

memory = mmap.mmap(-1, _HEADER + INPUT_SIZE + TRANSCRIPT_SIZE)
INPUT, TRANSCRIPT = _HEADER, _HEADER + INPUT_SIZE

numbers = memoryview(memory)[:_HEADER].cast("q")
# Where they stand: the cell that runs (one more than its number, 0 if none does), its main process, the time at which
# it is over (monotonic, nanoseconds; 0 if the performer looks after that), how far the input has been read and done,
# how much of the transcript is written, and the message queues, at the end.
CELL, MAIN, DEADLINE, INPUT_START, INPUT_END, WRITTEN, QUEUES = range(7)
QUEUES_MOST = (_HEADER // 8 - QUEUES - 1) // 2
