// leave, see_off
/* A child or a thread ends by itself, behind its answer. */
static void leave(int status)
{
	shared->task[self] = syscall(SYS_gettid);
	fflush(stdout);
	shared->faults += faults;
	done();
	if (shared->pid[self])
		_exit(status);
	pthread_exit(NULL);
}

/* Until it is gone: a child is still there to be waited for, of a thread nothing is. */
static void see_off(int who)
{
	while (shared->pid[who] ? !has_ended(P_PID, shared->pid[who]).si_pid
				: syscall(SYS_tgkill, getpid(), shared->task[who], 0) == 0) {
		if (meanwhile)
			meanwhile();
		usleep(100);
	}
}
