# owner_and_mode
def owner_and_mode(path):
    """stat(2): owner, group, and the twelve bits of the mode."""
    found = os.stat(path)
    return found.st_uid, found.st_gid, Mode(found.st_mode & 0o7777)
