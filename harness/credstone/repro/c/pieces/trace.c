// trace
/* ptrace(2).  Only who has stopped can be left; whoever is attached has stopped, and goes on. */
static const char *trace(int request, pid_t pid)
{
	long result;

	if (request == PTRACE_DETACH)
		tracee_stop(pid);
	result = ptrace(request, pid, NULL, NULL);
	if (request == PTRACE_ATTACH && result == 0) {
		waitpid(pid, NULL, __WALL);
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	return number(result);
}
