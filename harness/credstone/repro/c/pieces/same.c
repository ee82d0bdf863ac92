// same
/* Whether two paths lead to one namespace. */
static const char *same(const char *path, const char *path2)
{
	struct stat one, other;

	if (stat(path, &one) < 0 || stat(path2, &other) < 0)
		return number(-1);
	return number(one.st_dev == other.st_dev && one.st_ino == other.st_ino);
}
