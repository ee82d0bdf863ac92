// begin, begun, asleep
static _Thread_local const char *begun;

/* This thread makes a call that does not return at once: the others need not wait. */
static void begin(void)
{
	shared->task[self] = syscall(SYS_gettid);
	done();
}

/* Until that thread sleeps in its call. */
static void asleep(int who)
{
	const char *path = filled("/proc/%d/task/%d/status", shared->pid[who] ? shared->pid[who] : getpid(), shared->task[who]);

	for (const char *state; (state = status_field(path, "State")) && *state != 'S';)
		usleep(100);
}
