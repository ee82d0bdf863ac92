# HELD, hold
HELD = []


def hold(path):
    """A file that stays open."""
    HELD.append(os.open(path, os.O_RDONLY))
