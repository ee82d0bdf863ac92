// tracee_stop
/* Only a tracee that has stopped can be left; one that was attached, and not seized, is stopped by a signal. */
static void tracee_stop(pid_t pid)
{
	if (raw(__NR_ptrace, PTRACE_INTERRUPT, pid, NULL, NULL) == 0 ||
	    (errno == EIO && raw(__NR_tgkill, pid, pid, SIGSTOP) == 0))
		while (raw(__NR_wait4, pid, NULL, __WALL, NULL) < 0 && errno == EINTR)
			;
}
