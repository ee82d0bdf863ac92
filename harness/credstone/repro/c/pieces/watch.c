// start_watch, left_behind
/*
 * Threads that watch each other: whoever is moved looks at the others until nobody has the old ids.  left_behind is 1 if
 * one still had them when main had the new ones.
 */
enum { ALL_IDS = 512 };
static int watchers, status_of[64];     /* descriptors; that of main stands first */
static _Atomic int watching, left_behind;

static int open_status(void)
{
	char path[64];
	int status;

	snprintf(path, sizeof path, "/proc/self/task/%ld/status", (long) syscall(SYS_gettid));
	must(path, status = open(path, O_RDONLY));
	return status;
}

/* The lines of the ids. */
static void see(int task, char *ids)
{
	char status[4096], *at;
	ssize_t length = pread(status_of[task], status, sizeof status - 1, 0);

	*ids = 0;
	status[length > 0 ? length : 0] = 0;
	for (char *line = strtok_r(status, "\n", &at); line; line = strtok_r(NULL, "\n", &at))
		if (strncmp(line, "Uid:", 4) == 0 || strncmp(line, "Gid:", 4) == 0 || strncmp(line, "Groups:", 7) == 0)
			strncat(ids, line, ALL_IDS / 4);
}

static bool all_moved(const char *old, const char *new)
{
	char main[ALL_IDS], other[ALL_IDS];

	see(0, main);
	for (int i = 1; i <= watchers; i++) {
		see(i, other);
		if (strcmp(other, old) != 0)
			continue;
		if (strcmp(main, new) == 0)
			left_behind = 1;
		return false;
	}
	return true;
}

static void *watch(void *number)
{
	char old[ALL_IDS], new[ALL_IDS];
	int self = (intptr_t) number;

	status_of[self] = open_status();
	see(self, old);
	for (watching++;; strcpy(old, new)) {
		usleep(10 * 1000);      /* a signal ends it at once */
		see(self, new);
		while (strcmp(old, new) != 0 && !left_behind && !all_moved(old, new))
			sched_yield();
	}
	return NULL;
}

static void start_watch(int threads)
{
	pthread_t thread;

	watchers = threads;
	status_of[0] = open_status();
	for (int i = 1; i <= threads; i++)
		if ((errno = pthread_create(&thread, NULL, watch, (void *) (intptr_t) i)))
			must("pthread_create", -1);
	while (watching < threads)
		usleep(100);
}
