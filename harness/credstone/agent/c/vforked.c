/*
 * A process made by vfork(2) for one line.
 *
 * It has all of main's memory, the stack included, while main waits: so the answer is there when it has ended.  What the
 * C library knows of main's threads is there too, though this process has none of them.
 */
#include "agent.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

void vforked_perform(const struct line *line, struct answer *answer)
{
	int status = 0;

	pid_t process = vfork();
	if (process == 0) {
		line->call->perform(line, answer);
		_exit(0);
	}
	if (process < 0)
		refuse_errno("vfork");
	while (waitpid(process, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		crew_end(status);
}
