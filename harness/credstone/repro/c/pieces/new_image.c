// share_in_file, new_image, go_on
static int file_of_all;

static void map_file(void)
{
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file_of_all, 0);
	must("mmap", shared == MAP_FAILED ? -1 : 0);
}

/* What everybody shares lies in a file without a name, so that a new image can map it again. */
static void share_in_file(void)
{
	file_of_all = memfd_create("repro", 0);
	must("memfd_create", ftruncate(file_of_all, sizeof *shared));
	map_file();
}

/* execve(2) of a copy of this program, which goes on behind this part of the script. */
static const char *new_image(const char *path, const char *call, const char *expected)
{
	execl(path, path, call, expected, filled("%d", shared->pid[self] ? self : MAIN), filled("%d", line), filled("%d", faults),
	      filled("%d", file_of_all), NULL);
	return number(-1);
}

/* The new image: a script as interpreter has put more arguments before these six. */
static void go_on(char *const *arguments)
{
	self = atoi(arguments[2]);
	skipped = atoi(arguments[3]);
	faults = atoi(arguments[4]);
	file_of_all = atoi(arguments[5]);
	map_file();
	check(arguments[0], "0", arguments[1]);
	shared->done = skipped;
	script();
	exit(finish());
}
