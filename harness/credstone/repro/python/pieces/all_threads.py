# all_threads
def all_threads(name, take):
    """What all threads of the process have, or a text with all that they have."""
    found = []
    for thread in os.listdir("/proc/self/task"):
        try:
            ids = take(field(name, f"self/task/{thread}"))
        except (FileNotFoundError, ProcessLookupError, StopIteration):
            continue
        if ids not in found:
            found.append(ids)
    return found[0] if len(found) == 1 else ", but also ".join(map(shown, found))
