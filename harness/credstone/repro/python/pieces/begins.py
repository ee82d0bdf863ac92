# begins, SAID
SAID = mmap.mmap(-1, 4096)  # the line that is made, behind a sign for earlier faults; all processes share it


def begins(line):
    """Said before a line is made: should the program get no further, the line is known, and whether there were faults before."""
    said = (("!" if FAULTS else " ") + line).encode()[:4000] + b"\0"
    SAID[: len(said)] = said
