# value_of
def value_of(name, line):
    """The value in a line of /proc/PID/status: a list of ids, a mask, or a number."""
    found = line.split(":", 1)[1].strip()
    if name in ("Uid", "Gid", "Groups"):
        return [int(number) for number in found.split()]
    return int(found, 16 if name.startswith(("Cap", "Sig")) else 8 if name == "Umask" else 10)
