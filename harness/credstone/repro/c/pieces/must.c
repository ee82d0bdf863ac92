// must
/* A step of the set-up.  Without it nothing can be said about the system: status 2. */
static void must(const char *what, long result)
{
	if (result >= 0)
		return;
	fprintf(stderr, "no set-up (needs root?): %s: %s\n", what, strerror(errno));
	exit(2);
}
