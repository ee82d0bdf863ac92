# write_once
def write_once(path, text):
    """One write(2) of the whole text to a file that exists, as the files in /proc want it."""
    file = os.open(path, os.O_WRONLY)
    try:
        return os.write(file, text.encode())
    finally:
        os.close(file)
