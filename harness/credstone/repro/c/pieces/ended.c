// ended
/* waitid(2): the uid of a child that has ended. */
static const char *ended(pid_t pid)
{
	siginfo_t seen = { 0 };

	return waitid(P_PID, pid, &seen, WEXITED) < 0 ? number(-1) : number((uid_t) seen.si_uid);
}
