// of_vfork, vforked, vfork_ended
static const char *volatile of_vfork;
static pid_t vforked;

/* The answer that it left, unless there was none. */
static void vfork_ended(void)
{
	int status = 0;

	if (vforked < 0)
		of_vfork = number(-1);
	else if (waitpid(vforked, &status, 0) == vforked && WIFSIGNALED(status))
		of_vfork = filled("killed by %s", signal_name(WTERMSIG(status)));
}
