// watch_over
struct deadly {
	const char *line;       /* a line that may end the program */
	int signal;             /* by this signal */
};

static pid_t watched;

/* Ends what is left of the program.  What cannot be killed hangs in the kernel, and is not waited for for ever. */
static void end_all(int interrupted)
{
	kill(-watched, SIGKILL);
	for (int tries = 0; tries < 2000 && kill(-watched, 0) == 0; tries++)
		if (waitpid(-watched, NULL, WNOHANG | __WALL) <= 0)
			usleep(1000);
	if (interrupted)
		exit(2);
}

/* Goes on in a child, which has PATIENCE seconds.  The parent says where the child ended if it did not come to its end. */
static void watch_over(const struct deadly *allowed)
{
	int file = syscall(SYS_memfd_create, "line", 0), status = 0;
	time_t end = time(NULL) + PATIENCE;
	char said[512] = "";
	const char *line = said + 1;
	bool hangs = false;

	must("memfd_create", file);
	must("dup2", dup2(file, TOLD));
	close(file);
	must("fork", watched = fork());
	setpgid(watched, watched);
	if (watched == 0) {
		signal(SIGTTOU, SIG_IGN);       /* a terminal may stop whoever writes from behind */
		alarm(PATIENCE + 10);           /* should the parent be killed */
		return;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);  /* who loses its parent is waited for here */
	for (int i = 0; i < 4; i++)
		signal((const int[]) { SIGHUP, SIGINT, SIGQUIT, SIGTERM }[i], end_all);
	while (!hangs && (waitpid(watched, &status, WNOHANG | __WALL) == 0 || WIFSTOPPED(status))) {
		if (WIFSTOPPED(status)) {       /* it asked to be traced */
			ptrace(PTRACE_CONT, watched, NULL, WSTOPSIG(status) == SIGTRAP ? 0L : (long) WSTOPSIG(status));
			status = 0;
		}
		usleep(500);
		hangs = time(NULL) > end;
	}
	end_all(0);
	if (pread(TOLD, said, sizeof said - 1, 0) <= 0)
		line = "the set-up";
	if (hangs) {
		printf("hang: %s did not end within %d s\n", line, PATIENCE);
		exit(*said ? 1 : 2);
	}
	if (!WIFSIGNALED(status))
		exit(WEXITSTATUS(status));
	for (; allowed && allowed->line; allowed++)
		if (strcmp(allowed->line, line) == 0 && allowed->signal == WTERMSIG(status)) {
			printf("%s = killed by %s\n", line, signal_name(WTERMSIG(status)));
			exit(*said == '!');
		}
	printf("crash: %s ended the program in %s\n", signal_name(WTERMSIG(status)), line);
	exit(*said ? 1 : 2);
}
