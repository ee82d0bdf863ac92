/*
 * Calls that are begun by one line and awaited by another.
 *
 * A member that is in such a call cannot be asked for anything: it has no baton and takes none, and what it needs it has
 * for itself.  That it is in the call, and not on its way there, is what the kernel says: it sleeps.
 */
#include "agent.h"
#include "baton.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static _Thread_local struct answer answer;

/* In main, before anything can hide /proc: a chroot, a new mount. */
void unfinished_open(void)
{
	shared->proc = kernel_open("/proc", O_PATH | O_DIRECTORY, 0); /* an exec keeps it */
	if (shared->proc < 0)
		refuse_errno("/proc");
}

/* In the member: performs the line, without the baton.  Its handlers run, its signals arrive: nothing is blocked. */
void unfinished_perform(void)
{
	struct member *self = &shared->member[crew_self()];
	const struct line *line = &plan.line[shared->line];

	arena_part(true);
	memset(&answer, 0, sizeof answer);
	self->task = self->pid ? self->pid : raw(__NR_gettid); /* as main sees it */
	self->calling = ABOUT_TO_CALL;
	line->call->perform(line, &answer);
	self->calling = RETURNED;
	futex_wake(&self->calling);
}

/* In the member, with the baton: what the call has answered. */
void unfinished_answer(void)
{
	answer_out(&answer);
	arena_part(false);
	shared->member[crew_self()].calling = NOT_CALLING;
}

/* Whether a task sleeps: proc(5), /proc/PID/task/TID/stat; the name of the program before the state may hold anything. */
static bool sleeps(const struct member *member)
{
	char path[64], text[512];

	snprintf(path, sizeof path, "%d/task/%d/stat", (int) (member->pid ? member->pid : shared->main_pid),
		 (int) member->task);
	int file = kernel_open_in(shared->proc, path, O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : kernel_read(file, text, sizeof text - 1);
	kernel_close(file);
	text[length < 0 ? 0 : length] = 0;
	const char *name_end = strrchr(text, ')');
	return name_end && name_end[1] == ' ' && name_end[2] == 'S';
}

static void end_with(const struct member *member)
{
	if (member->pid && member->calling != RETURNED && process_has_ended(member->pid))
		crew_end_like(member);
}

/* In main, after it has given the baton: waits until the member sleeps in its call, or is back from it already. */
void unfinished_begin(struct member *member)
{
	member->busy = true;
	while (member->calling != RETURNED && !(member->calling == ABOUT_TO_CALL && sleeps(member))) {
		end_with(member);
		nanosleep(&(struct timespec){0, 20 * 1000}, NULL);
	}
}

/* In main: waits until the call has returned.  The member may be asked again then. */
void unfinished_await(struct member *member)
{
	if (!member->busy)
		refuse("agent: ", "no call was begun by who is awaited", NULL);
	for (uint32_t calling; (calling = member->calling) != RETURNED; end_with(member)) {
		futex_wait(&member->calling, calling, member->pid || shared->traced ? LOOK : 0);
		if (shared->traced)
			tracees_go_on();
	}
	member->busy = false;
}
