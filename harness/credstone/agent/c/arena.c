/*
 * Memory that is taken piece by piece and given back all at once.
 *
 * malloc is not used: in a cell it could be the preloaded library's, and its locks could be held by a thread that did
 * not survive a fork.  Only one member of a crew acts at a time, so there are no locks.  The array is never touched
 * before the fork of a cell: it costs address space only.  A thread that is in a call while others act takes its pieces
 * from a part that is its own (arena_part), and that it keeps.
 */
#include "agent.h"

/* Under AddressSanitizer each piece is followed by a gap, and no code may touch a gap or what was given back. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#define CLOSE(start, bytes) __asan_poison_memory_region((start), (bytes))
#define OPEN(start, bytes) __asan_unpoison_memory_region((start), (bytes))
#else
enum { GAP = 0 };
#define CLOSE(start, bytes) ((void) (start), (void) (bytes))
#define OPEN(start, bytes) ((void) (start), (void) (bytes))
#endif

static _Alignas(16) char arena[48 << 20];
static size_t used;

enum { PART = 1 << 20 };

static _Thread_local char *part; /* of this thread */
static _Thread_local size_t part_used;
static _Thread_local bool apart; /* whether pieces come from it now */

static void *take(char *memory, size_t *taken, size_t room, size_t bytes)
{
	size_t padded = ((bytes + 15) & ~(size_t) 15) + GAP;

	if (padded < bytes || padded > room - *taken)
		refuse("agent: ", "the cell needs too much memory", NULL);
	char *piece = memory + *taken;
	*taken += padded;
	OPEN(piece, bytes);
	CLOSE(piece + bytes, padded - bytes);
	return piece;
}

void *arena_take(size_t bytes)
{
	return apart ? take(part, &part_used, PART, bytes) : take(arena, &used, sizeof arena, bytes);
}

/* Whether this thread takes its pieces from a part of its own from now on.  What it took there before is given back. */
void arena_part(bool own)
{
	if (own && !part)
		part = take(arena, &used, sizeof arena, PART);
	part_used = 0;
	apart = own;
}

size_t arena_mark(void)
{
	return apart ? part_used : used;
}

void arena_release(size_t mark)
{
	size_t *taken = apart ? &part_used : &used;

	CLOSE((apart ? part : arena) + mark, *taken - mark);
	*taken = mark;
}
