// sender_of
/* sigtimedwait(2): the uid of whoever sent a blocked signal. */
static const char *sender_of(int signal)
{
	siginfo_t seen = { 0 };
	sigset_t set;
	int result;

	sigemptyset(&set);
	sigaddset(&set, signal);
	do
		result = sigtimedwait(&set, &seen, &(struct timespec) { 1, 0 });
	while (result < 0 && errno == EINTR);
	return result < 0 ? number(-1) : number((uid_t) seen.si_uid);
}
