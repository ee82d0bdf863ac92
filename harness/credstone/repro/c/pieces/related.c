// related
/* ioctl_ns(2): whether the namespace that such a request gives is that of a path. */
static const char *related(int file, unsigned long request, const char *path)
{
	struct stat one, other;
	int relative = file < 0 ? -1 : ioctl(file, request);

	let_go(file);
	if (relative < 0 || fstat(relative, &one) < 0 || stat(path, &other) < 0)
		return number(-1);
	close(relative);
	return number(one.st_dev == other.st_dev && one.st_ino == other.st_ino);
}
