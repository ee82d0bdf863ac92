# content
def content(path):
    """The text of a file, without the last end of line."""
    with open(path) as file:
        return file.read().rstrip("\n")
