// let_go
/* Closes a descriptor that was opened for one call; errno stays. */
static void let_go(int file)
{
	int error = errno;

	if (file != held_file)
		close(file);
	errno = error;
}
