// soft_limit
/* prlimit(2): the soft limit alone, under the hard one that all have. */
static const char *soft_limit(pid_t pid, int resource, rlim_t soft)
{
	struct rlimit limit;

	must("getrlimit", getrlimit(resource, &limit));
	limit.rlim_cur = soft;
	return number(prlimit(pid, resource, &limit, NULL));
}
