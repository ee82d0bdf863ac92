// write_once
/* One write(2) of the whole text to a file that exists, as the files in /proc want it. */
static long write_once(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC), error;
	long count;

	if (file < 0)
		return -1;
	count = write(file, text, strlen(text));
	error = errno;
	close(file);
	errno = error;
	return count;
}
