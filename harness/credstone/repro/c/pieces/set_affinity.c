// set_affinity
/* sched_setaffinity(2) to the processors that the process has, or, if they cannot be seen, the caller. */
static const char *set_affinity(pid_t pid)
{
	static unsigned long set[1024 / sizeof(unsigned long)];
	long size = processors_of(pid, set, sizeof set);

	return number(syscall(SYS_sched_setaffinity, pid, size, set));
}
