/*
 * A process made by vfork(2) for one line.
 *
 * It has all of main's memory, the stack included, while main waits: so the answer is there when it has ended.  What the
 * C library knows of main's threads is there too, though this process has none of them.
 */
#include "agent.h"

#include <errno.h>
#include <unistd.h>

/* In the new process.  A function of its own: what it does with its frame does not matter to main, whose frame stays. */
static _Noreturn __attribute__((noinline)) void perform(const struct line *line, struct answer *answer)
{
	line->call->perform(line, answer);
	_exit(0);
}

static __attribute__((noinline)) pid_t begin_raw(const struct line *line, struct answer *answer)
{
	pid_t process = raw_vfork();

	if (process == 0)
		perform(line, answer);
	return process;
}

static __attribute__((noinline)) pid_t begin_by_libc(const struct line *line, struct answer *answer)
{
	pid_t process = vfork();

	if (process == 0)
		perform(line, answer);
	return process;
}

void vforked_perform(const struct line *line, struct answer *answer)
{
	int status = 0;

	pid_t process = line->api == LIBC ? begin_by_libc(line, answer) : begin_raw(line, answer);
	if (process < 0)
		refuse_errno("vfork");
	while (kernel_wait(process, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		crew_end(status);
}
