// opened
/* open(2), and closed again. */
static const char *opened(const char *path, int flags, mode_t mode)
{
	int file = open(path, flags | O_CLOEXEC, mode);

	if (file < 0)
		return number(-1);
	close(file);
	return "0";
}
