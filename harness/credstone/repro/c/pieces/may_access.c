// may_access

/* The call with flags is another one, and newer (Linux 5.8). */
static long may_access(const char *path, int mode, int flags)
{
	return flags ? syscall(SYS_faccessat2, AT_FDCWD, path, mode, flags) : syscall(SYS_faccessat, AT_FDCWD, path, mode);
}
