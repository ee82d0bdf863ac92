// watch_self
static void write_all(const char *const *texts)
{
	for (; *texts; texts++)
		if (write(STDOUT_FILENO, *texts, strlen(*texts)) < 0)
			_exit(2);
}

/* Says where this process ended.  A copy would not do: it is the one that a runtime started. */
static void ends_here(int signal)
{
	const char *line = *last_line ? (const char *) last_line : "the set-up";

	if (signal == SIGALRM)
		write_all((const char *[]) { "hang: ", line, " did not end in time\n", NULL });
	else
		write_all((const char *[]) { "crash: ", signal_name(signal), " ended the program in ", line, "\n", NULL });
	_exit(1);
}

/* It has PATIENCE seconds. */
static void watch_self(void)
{
	static char stack[1 << 16];
	static const int deadly[] = { SIGALRM, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS };
	struct sigaction action = { .sa_handler = ends_here, .sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER };

	sigaltstack(&(stack_t) { .ss_sp = stack, .ss_size = sizeof stack }, NULL);
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		sigaction(deadly[i], &action, NULL);
	alarm(PATIENCE);
}
