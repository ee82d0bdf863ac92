# get_capabilities
def get_capabilities(pid=0):
    """capget(2): permitted, effective, inheritable."""
    data = (ctypes.c_uint32 * 6)()
    libc("capget", (ctypes.c_uint32 * 2)(0x20080522, pid), data)
    effective, permitted, inheritable = (data[place] | data[place + 3] << 32 for place in range(3))
    return permitted, effective, inheritable
