// processors_of
/* The processors that a process has, or, if they cannot be seen, the caller; the size of that set. */
static long processors_of(pid_t pid, unsigned long *set, size_t room)
{
	long size = raw(__NR_sched_getaffinity, pid, room, set);

	return size < 0 ? raw(__NR_sched_getaffinity, 0, room, set) : size;
}
