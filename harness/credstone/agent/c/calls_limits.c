/*
 * Plumbing: limits on resources.  Only the soft limit is ever changed.
 */
#include "agent.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "absent.h"

/* prlimit64(2) has this structure on every architecture. */
struct limit {
	uint64_t soft, hard;
};

/* The hard limit of this process: all processes of a cell have the same. */
static uint64_t hard_limit(int resource)
{
	struct limit limit = {0, UINT64_MAX};

	raw(__NR_prlimit64, 0, resource, NULL, &limit);
	return limit.hard;
}

void call_setrlimit(const struct line *line, struct answer *answer)
{
	int resource = argument_number(line, 0);
	uint64_t soft = argument_number(line, 1), hard = hard_limit(resource);
	const struct rlimit limit = {soft, hard};

#ifdef __NR_setrlimit
	const unsigned long words[2] = {soft, hard};
	answer_result(answer, EITHER(line, setrlimit(resource, &limit), raw(__NR_setrlimit, resource, words)));
#else
	answer_result(answer, EITHER(line, setrlimit(resource, &limit),
				     raw(__NR_prlimit64, 0, resource, &limit, NULL)));
#endif
}

void call_prlimit(const struct line *line, struct answer *answer)
{
	pid_t pid = argument_pid(line, 0);
	int resource = argument_number(line, 1);
	const struct limit limit = {argument_number(line, 2), hard_limit(resource)};
	const struct rlimit of_libc = {limit.soft, limit.hard};

	answer_result(answer, EITHER(line, prlimit(pid, resource, &of_libc, NULL),
				     raw(__NR_prlimit64, pid, resource, &limit, NULL)));
}
