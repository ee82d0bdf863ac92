/*
 * What is done before the first line: files, the user database, the actor's identity, its namespaces.
 *
 * The lines are obeyed in their order.  Two processes may have to split off on the way: the one that writes id maps
 * with the agent's own credentials (`namespace outside`) right at the start, and `outside`, which must have the actor's
 * outer credentials, just before the first namespace is entered.
 */
#include "agent.h"
#include "baton.h"

#include <string.h>

/* The mapper has done its work: it must not stand about as a process of the cell. */
static void dismiss_mapper(void)
{
	struct member *mapper = crew_find(MAPPER, "");

	if (!mapper)
		return;
	shared->order = LEAVE;
	baton_give(mapper);
	kernel_wait(mapper->pid, NULL, 0);
	mapper->gone = true;
}

static void fork_outside(void)
{
	if (plan.outside && !crew_find(OUTSIDE, ""))
		crew_fork(OUTSIDE, "");
}

void setup_run(void)
{
	if (plan.pipe)
		pipe_make();
	if (plan.begins)
		unfinished_open();
	if (plan.mapper)
		crew_fork(MAPPER, "");
	for (int i = 0; i < plan.first_do; i++) {
		const struct line *line = &plan.line[i];
		shared->line = i;
		if (strcmp(line->verb, "as") == 0) {
			identity_take(line);
		} else if (strcmp(line->verb, "started") == 0) {
			beginning_restore();
		} else if (strcmp(line->verb, "namespace") == 0) {
			fork_outside();
			namespace_enter(line);
		} else if (strcmp(line->verb, "file") == 0) {
			file_make(line);
		} else if (strcmp(line->verb, "nosuid") == 0) {
			folder_seal_off();
		} else if (strcmp(line->verb, "etc") == 0) {
			database_mount(line);
		} else if (strcmp(line->verb, "load") != 0 && strcmp(line->verb, "watch") != 0) {
			refuse("agent: ", "cannot read a line that starts with ", line->verb, NULL);
		}
	}
	dismiss_mapper();
	fork_outside();
}
