// mask_signals, all
enum { all };                           /* all signals, as the C library fills a set */

/* pthread_sigmask(3), also for the signals that the C library keeps for itself: sigaddset(3) refuses those. */
static const char *mask_signals(int how, int signal)
{
	unsigned long long bit = 1ULL << ((signal - 1) & 63);
	sigset_t set;

	if (signal == all)
		sigfillset(&set);
	else {
		sigemptyset(&set);
		memcpy(&set, &bit, sizeof bit);
	}
	errno = pthread_sigmask(how, &set, NULL);
	return number(errno ? -1 : 0);
}
