# libc
def libc(name, *arguments):
    """A function of the C library for which os has none.  Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    longs = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result = getattr(library, name)(*longs)
    if result == -1:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")
    return result
