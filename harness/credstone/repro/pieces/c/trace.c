// trace
/* ptrace(2).  Only who has stopped can be left. */
static const char *trace(int request, pid_t pid)
{
	if (request == PTRACE_DETACH && ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == 0)
		waitpid(pid, NULL, __WALL);
	return number(ptrace(request, pid, NULL, NULL));
}
