// start_load, pause_load, resume_load
/*
 * Threads that come and go: each lives for a moment, makes its successor, and ends.  A successor has the ids of its
 * maker, so one that was missed leaves a trace.
 */
static _Atomic int paused, parked;
static int ring;
static pthread_attr_t attributes;

static void *come_and_go(void *unused)
{
	pthread_t successor;

	usleep(200);
	if (paused) {
		parked++;
		while (paused)
			usleep(1000);
		parked--;
	}
	while (pthread_create(&successor, &attributes, come_and_go, unused) != 0)
		usleep(200);
	return NULL;
}

static void start_load(int threads)
{
	pthread_t thread;

	ring = threads;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN + 65536);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < threads; i++)
		if ((errno = pthread_create(&thread, &attributes, come_and_go, NULL)))
			must("pthread_create", -1);
}

/* Waits until no thread is just ending: one that runs no code any more may have been left out. */
static void pause_load(int others)
{
	paused = 1;
	for (int tries = 0, tasks = 0; tries < 2000 && (parked != ring || tasks != ring + others); tries++) {
		DIR *folder = opendir("/proc/self/task");
		struct dirent *task;
		usleep(1000);
		for (tasks = 0; (task = readdir(folder));)
			tasks += task->d_name[0] != '.';
		closedir(folder);
	}
}

static void resume_load(void)
{
	paused = 0;
	while (parked)
		usleep(100);
}
