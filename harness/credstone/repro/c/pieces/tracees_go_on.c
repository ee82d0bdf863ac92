// tracees_go_on
/* Lets go on whatever this thread traces and has stopped, such as one that has executed a program. */
static void tracees_go_on(void)
{
	siginfo_t seen = { 0 };

	for (; waitid(P_ALL, 0, &seen, WSTOPPED | WNOHANG | __WALL | __WNOTHREAD) == 0 && seen.si_pid; seen.si_pid = 0) {
		long signal = seen.si_status & 255;

		if (seen.si_status >> 8 || signal == SIGTRAP)
			signal = 0;     /* no signal: an event */
		ptrace(PTRACE_CONT, seen.si_pid, NULL, (void *) signal);
	}
}
