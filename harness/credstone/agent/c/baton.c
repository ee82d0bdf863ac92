/*
 * Waiting for a turn.  A wait may end early, for a signal (the C library sends signals to every thread when it changes
 * ids) or for no reason at all: so every wait is a loop.
 */
#include "baton.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/wait.h>

/* Sleeps while *word is `value`, at most so long; for ever if 0.  Works across processes, hence not FUTEX_PRIVATE. */
void futex_wait(_Atomic uint32_t *word, uint32_t value, long milliseconds)
{
	struct kernel_times limit = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	raw(__NR_futex, word, FUTEX_WAIT, value, milliseconds ? &limit : NULL);
}

void futex_wake(_Atomic uint32_t *word)
{
	raw(__NR_futex, word, FUTEX_WAKE, INT_MAX);
}

void baton_give(struct member *to)
{
	to->turn = 1;
	futex_wake(&to->turn);
}

/* A process that traces others has to let them go on whenever they stop. */
void baton_await(struct member *self)
{
	while (!self->turn) {
		futex_wait(&self->turn, 0, shared->traced ? LOOK : 0);
		if (shared->traced)
			tracees_go_on();
	}
	self->turn = 0;
}

static bool taken(struct member *self)
{
	if (!self->turn)
		return false;
	self->turn = 0;
	return true;
}

/* Left unreaped, so that what a signal to it answers does not depend on our looking. */
bool process_has_ended(pid_t process)
{
	siginfo_t ended = {0};

	return kernel_waitid(P_PID, process, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == process;
}

/*
 * Waits for the turn that `other` will give.  False if the other process has ended instead: a scenario may kill it, or
 * let it crash.  A thread cannot end alone.
 */
bool baton_await_while_alive(struct member *self, struct member *other)
{
	for (;;) {
		if (taken(self))
			return true;
		futex_wait(&self->turn, 0, other->pid || shared->traced ? LOOK : 0);
		if (shared->traced)
			tracees_go_on();
		if (other->pid && !self->turn && process_has_ended(other->pid))
			return taken(self);
	}
}
