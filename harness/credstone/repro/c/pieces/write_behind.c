// write_behind
/* lseek(2) and write(2). */
static ssize_t write_behind(int file, const void *text, size_t length, off_t offset)
{
	return lseek(file, offset, SEEK_SET) < 0 ? -1 : write(file, text, length);
}
