# field
def field(name, process="thread-self"):
    """A field of /proc/PID/status."""
    with open(f"/proc/{process}/status") as status:
        return value_of(name, next(line for line in status if line.startswith(name + ":")))
