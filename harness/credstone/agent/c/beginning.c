/*
 * What the agent was started with and does not keep, or a fork takes away: the umask and the parent-death signal.
 *
 * A cell that shows how a process was started gets both back before its first line.
 */
#include "agent.h"

#include <sys/prctl.h>
#include <sys/stat.h>

static mode_t mask;
static int death_signal;

/* Before anything else; from here on the umask is that of every cell. */
void beginning_note(void)
{
	mask = raw(__NR_umask, 022);
	raw(__NR_prctl, PR_GET_PDEATHSIG, &death_signal);
}

int64_t beginning_umask(void)
{
	return mask;
}

void beginning_restore(void)
{
	raw(__NR_umask, mask);
	if (raw(__NR_prctl, PR_SET_PDEATHSIG, death_signal) < 0)
		refuse_errno("PR_SET_PDEATHSIG");
}
