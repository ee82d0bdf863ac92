// cloned, clone_pid, say, answer_of
static char *page_of_clone;
static pid_t clone_pid;

/* clone(2) with the stack of its maker, as fork(2) makes it. */
static pid_t cloned(long flags)
{
	if (!page_of_clone)
		page_of_clone = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	page_of_clone[0] = 0;
	return syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

/* In the clone: its answer. */
static void say(const char *answer)
{
	snprintf(page_of_clone, 1 << 16, "%s", answer);
	_exit(0);
}

/* What the clone said before it ended.  A child of our parent cannot be waited for. */
static const char *answer_of(pid_t pid)
{
	int status = 0;

	if (pid < 0)
		return number(-1);
	if (waitpid(pid, &status, __WALL) < 0)
		for (int tries = 0; !*(volatile char *) page_of_clone && tries < 10000; tries++)
			usleep(1000);
	if (WIFSIGNALED(status))
		return filled("killed by %s", signal_name(WTERMSIG(status)));
	return filled("%s", page_of_clone);
}
