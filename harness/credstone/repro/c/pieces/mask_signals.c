// mask_signals, all
enum { all };                           /* all signals, as the C library fills a set */

/* pthread_sigmask(3), also for the signals that the C library keeps for itself: sigaddset(3) refuses those. */
static const char *mask_signals(int how, int signal)
{
	struct signals one = {{0}};
	sigset_t set;

	if (signal == all)
		sigfillset(&set);
	else {
		sigemptyset(&set);
		signals_add(&one, signal);
		memcpy(&set, &one, sizeof one);
	}
	errno = pthread_sigmask(how, &set, NULL);
	return number(errno ? -1 : 0);
}
