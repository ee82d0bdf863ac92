// signal_by_descriptor
/* pidfd_send_signal(2). */
static const char *signal_by_descriptor(pid_t pid, int signal)
{
	int process = syscall(SYS_pidfd_open, pid, 0);
	const char *answer = number(process < 0 ? -1 : syscall(SYS_pidfd_send_signal, process, signal, NULL, 0));

	if (process >= 0)
		close(process);
	return answer;
}
