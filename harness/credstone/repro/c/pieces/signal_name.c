// signal_name
#define NAME(signal) case signal: return #signal
static const char *signal_name(int signal)
{
	static char other[32];

	switch (signal) {
		NAME(SIGSEGV); NAME(SIGBUS); NAME(SIGILL); NAME(SIGFPE); NAME(SIGABRT);
		NAME(SIGSYS); NAME(SIGTRAP); NAME(SIGKILL); NAME(SIGTERM); NAME(SIGPIPE);
	}
	snprintf(other, sizeof other, "signal %d", signal);
	return other;
}
