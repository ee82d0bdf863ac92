// has_ended
/* A process that has ended, if one has; it stays there to be waited for.  Who traces it is shown its stops as well: no end. */
static siginfo_t has_ended(idtype_t which, pid_t pid)
{
	siginfo_t seen = { 0 };

	if (waitid(which, pid, &seen, WEXITED | WNOHANG | WNOWAIT) < 0)
		return (siginfo_t) { .si_errno = errno };
	if (seen.si_code != CLD_EXITED && seen.si_code != CLD_KILLED && seen.si_code != CLD_DUMPED)
		seen.si_pid = 0;
	return seen;
}
