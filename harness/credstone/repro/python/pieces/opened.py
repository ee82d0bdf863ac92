# opened
def opened(path, flags):
    """open(2), and closed again."""
    os.close(os.open(path, flags, 0o600))
