// tracees_continue
/* Continues what this thread traces and has stopped, as waitid(2) finds it; a signal that stopped it is delivered. */
static void tracees_continue(int which)
{
	siginfo_t seen = {0};

	for (; raw(__NR_waitid, P_ALL, 0, &seen, which, NULL) == 0 && seen.si_pid; seen.si_pid = 0) {
		long signal = seen.si_status & 255;

		if (seen.si_status >> 8 || signal == SIGTRAP)
			signal = 0; /* an event, and no signal */
		if (seen.si_code == CLD_TRAPPED || seen.si_code == CLD_STOPPED)
			raw(__NR_ptrace, PTRACE_CONT, seen.si_pid, NULL, signal);
	}
}
