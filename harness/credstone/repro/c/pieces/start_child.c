// start_child
/* A child has what its parent has at this moment. */
static void start_child(int who)
{
	pid_t pid = fork();

	must("fork", pid);
	shared->pid[who] = pid ? pid : getpid();
	if (pid > 0)
		return;
	alarm(PATIENCE + 10);
	self = who;
	line = faults = 0;
	script();
	exit(finish());
}
