/*
 * Plumbing: the scheduling of processes, and their memory.  What credentials decide over here is whose they are.
 */
#include "agent.h"
#include "library.h"

#include <errno.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

#include "absent.h"
#include "do_processors.h"

/* The raw call answers 20 minus the nice value, so that no answer is negative. */
void call_getpriority(const struct line *line, struct answer *answer)
{
	long which = argument_number(line, 0), who = argument_number(line, 1);

	long result = EITHER(line, getpriority(which, who), raw(__NR_getpriority, which, who));
	if (errno)
		answer_failed(answer, errno);
	else
		answer->number = line->api == LIBC ? result : 20 - result;
}

/* musl has a function that always refuses. */
static long set_scheduler(const struct line *line, pid_t pid, int policy, const struct sched_param *parameters)
{
#ifndef LIBRARY_IS_MUSL
	if (line->api == LIBC)
		return sched_setscheduler(pid, policy, parameters);
#endif
	(void) line;
	return raw(__NR_sched_setscheduler, pid, policy, parameters);
}

/* With the least priority that the policy has. */
void call_sched_setscheduler(const struct line *line, struct answer *answer)
{
	pid_t pid = argument_pid(line, 0);
	int policy = argument_number(line, 1);
	long least = raw(__NR_sched_get_priority_min, policy);
	const struct sched_param parameters = {.sched_priority = least < 0 ? 0 : least};

	errno = 0;
	answer_result(answer, set_scheduler(line, pid, policy, &parameters));
}

/* To the processors that the process has, or, if they cannot be seen, the caller. */
void call_sched_setaffinity(const struct line *line, struct answer *answer)
{
	static unsigned long set[8192 / (8 * sizeof(unsigned long))];
	pid_t pid = argument_pid(line, 0);

	long size = processors_of(pid, set, sizeof set);
	answer_result(answer, EITHER(line, sched_setaffinity(pid, size, (cpu_set_t *) set),
				     raw(__NR_sched_setaffinity, pid, size, set)));
}

void call_process_vm_readv(const struct line *line, struct answer *answer)
{
	pid_t pid = argument_pid(line, 0);
	char byte;
	const struct iovec here = {&byte, 1}, there = {(void *) (uintptr_t) crew_place(pid), 1};

	answer_result(answer, EITHER(line, process_vm_readv(pid, &here, 1, &there, 1, 0),
				     raw(__NR_process_vm_readv, pid, &here, 1, &there, 1, 0)));
	if (answer->number == 1)
		answer->number = 0;
}
