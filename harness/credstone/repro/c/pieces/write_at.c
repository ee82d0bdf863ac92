// write_at
/* One write of the whole text at an offset, by a function such as pwrite(2). */
static const char *write_at(ssize_t (*put)(int, const void *, size_t, off_t), const char *path, const char *text,
			    off_t offset)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	const char *answer = number(file < 0 ? -1 : put(file, text, strlen(text), offset));

	if (file >= 0)
		close(file);
	return answer;
}
