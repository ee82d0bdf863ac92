// may_be_killed
/* Goes on in a child.  It may be ended by one of these signals, the last of which is followed by 0. */
static void may_be_killed(const int *signals)
{
	pid_t pid = fork();
	int status;

	must("fork", pid);
	if (pid == 0)
		return;
	waitpid(pid, &status, 0);
	if (!WIFSIGNALED(status))
		exit(WEXITSTATUS(status));
	printf("killed by signal %d\n", WTERMSIG(status));
	while (*signals && *signals != WTERMSIG(status))
		signals++;
	exit(*signals == 0);
}
