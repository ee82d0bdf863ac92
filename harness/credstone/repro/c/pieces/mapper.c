// start_mapper, ask_mapper
static int mapper[2];

/* A process that stays in the outer namespace with the privileges of now, and writes the maps when it is asked. */
static void start_mapper(const char *setgroups, const char *uid_map, const char *gid_map)
{
	pid_t asker = getpid(), pid;
	char byte = 0;

	must("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, mapper));
	pid = fork();
	must("fork", pid);
	if (pid > 0) {
		close(mapper[1]);
		return;
	}
	close(mapper[0]);
	if (read(mapper[1], &byte, 1) == 1) {
		write_maps(asker, setgroups, uid_map, gid_map);
		must("write", write(mapper[1], &byte, 1));
	}
	_exit(0);
}

static void ask_mapper(void)
{
	char byte = 0;

	if (write(mapper[0], &byte, 1) != 1 || read(mapper[0], &byte, 1) != 1)
		exit(2);
	wait(NULL);
}
