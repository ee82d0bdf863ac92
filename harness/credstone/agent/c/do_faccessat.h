// raw_faccessat
/* The call with flags is another one, and newer (Linux 5.8). */
static long raw_faccessat(const char *path, int mode, int flags)
{
	return flags ? raw(__NR_faccessat2, AT_FDCWD, path, mode, flags) : raw(__NR_faccessat, AT_FDCWD, path, mode);
}
