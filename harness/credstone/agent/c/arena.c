/*
 * Memory that is taken piece by piece and given back all at once.
 *
 * malloc is not used: in a cell it could be the preloaded library's, and its locks could be held by a thread that did
 * not survive a fork.  Only one member of a crew acts at a time, so there are no locks.  The array is never touched
 * before the fork of a cell: it costs address space only.
 */
#include "agent.h"

static _Alignas(16) char arena[48 << 20];
static size_t used;

void *arena_take(size_t bytes)
{
	size_t padded = (bytes + 15) & ~(size_t) 15;

	if (padded < bytes || padded > sizeof arena - used)
		refuse("agent: ", "the cell needs too much memory", NULL);
	void *piece = arena + used;
	used += padded;
	return piece;
}

size_t arena_mark(void)
{
	return used;
}

void arena_release(size_t mark)
{
	used = mark;
}
