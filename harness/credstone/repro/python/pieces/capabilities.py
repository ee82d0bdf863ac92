# keep_capabilities, set_capabilities
def set_capabilities(permitted, effective, inheritable, pid=0):
    """capset(2), with one mask for each set."""
    head = (ctypes.c_uint32 * 2)(0x20080522, pid)
    sets = [mask >> shift & 0xFFFFFFFF for shift in (0, 32) for mask in (effective, permitted, inheritable)]
    return libc("capset", head, (ctypes.c_uint32 * 6)(*sets))


def keep_capabilities(mask):
    """Keeps these capabilities, permitted and effective, and gives up all others."""
    kept = field("CapPrm") & mask
    set_capabilities(kept, kept, 0)
