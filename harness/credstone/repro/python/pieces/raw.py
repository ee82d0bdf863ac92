# raw
def raw(name, *arguments):
    """A raw system call: the C library may be what is broken.  The numbers are x86_64's, and those of newer machines."""
    column = {"x86_64": 0, "aarch64": 1, "riscv64": 1, "loongarch64": 1}.get(os.uname().machine)
    if column is None:
        raise OSError(f"no system call numbers for {os.uname().machine}")
    number = {"setgroups": (116, 159), "setresuid": (117, 147), "setresgid": (119, 149)}[name][column]
    if name == "setgroups":
        arguments = (len(arguments), (ctypes.c_uint32 * (len(arguments) + 1))(*arguments))
    libc("syscall", number, *arguments)
