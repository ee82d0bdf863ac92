// write_bytes
/* The same for a text with null bytes in it. */
static long write_bytes(const char *path, const char *text, size_t length)
{
	int file = open(path, O_WRONLY | O_CLOEXEC), error;
	long count;

	if (file < 0)
		return -1;
	count = write(file, text, length);
	error = errno;
	close(file);
	errno = error;
	return count;
}
