/*
 * The old calls with 16-bit ids, where the ABI has them: i386, arm, and a few more (numbers.h).
 *
 * There the plain system call numbers are the old ones; no C library calls them any more.  Here are those that take
 * pointers; the others are rows of rows.h, whose arguments are handed over whole, so that the kernel does the cutting.
 */
#include "agent.h"

#include <errno.h>
#include <unistd.h>

#ifdef SIXTEEN_BIT_CALLS

enum { MOST = 65536 };                  /* entries of a list: NGROUPS_MAX */

static const uint16_t untouched = 0x5a36;

/* Of `count` entries, the first `lawful` may have been written.  Returns them as ids; counts the stray bytes. */
static uint32_t *collect(const uint16_t *entries, size_t count, size_t lawful, struct answer *answer)
{
	uint32_t *ids = arena_take(lawful * sizeof *ids + sizeof *ids);

	for (size_t i = 0; i < count; i++) {
		uint16_t difference = entries[i] ^ untouched;
		if (i < lawful)
			ids[i] = entries[i];
		else
			answer->stray += ((difference & 255) != 0) + (difference >> 8 != 0);
	}
	return ids;
}

static uint16_t *fresh(size_t count)
{
	uint16_t *entries = arena_take(count * sizeof *entries + sizeof *entries);

	for (size_t i = 0; i < count; i++)
		entries[i] = untouched;
	return entries;
}

static void perform_triple(const struct line *line, struct answer *answer, long number)
{
	uint16_t *words = fresh(6);     /* each id is followed by a word that nobody may write */
	void *pointers[3] = {words, words + 2, words + 4};

	for (int i = 0; line->tokens && i < 3; i++)
		pointers[i] = argument_pointer(line, i, pointers[i]);
	errno = 0;
	answer_result(answer, raw(number, pointers[0], pointers[1], pointers[2]));
	if (answer->failed)
		return;
	uint16_t ids[3] = {words[0], words[2], words[4]}, between[3] = {words[1], words[3], words[5]};
	answer_ids(answer, collect(ids, 3, 3, answer), 3);
	collect(between, 3, 0, answer);
}

/* Without arguments the list; with a size, what a buffer of that size gets, for 0 the number that was returned. */
void call_getgroups16(const struct line *line, struct answer *answer)
{
	int size = line->tokens ? argument_number(line, 0) : MOST;
	size_t room = size < 0 || size > MOST ? MOST : size;
	uint16_t *entries = fresh(room + 64);

	errno = 0;
	long count = raw(__NR_getgroups, size, entries);
	size_t lawful = count < 0 || size == 0 ? 0 : (size_t) count < room ? (size_t) count : room;
	answer_result(answer, count);
	uint32_t *ids = collect(entries, room + 64, lawful, answer);
	if (count >= 0 && (size != 0 || !line->tokens))
		answer_ids(answer, ids, lawful);
}

/* With a second argument, `wide`, the list is handed over with the 32 bits of each entry, as a program of today has it. */
void call_setgroups16(const struct line *line, struct answer *answer)
{
	size_t count;
	uint32_t *ids = argument_ids(line, 0, &count);
	uint16_t *entries = fresh(count);

	for (size_t i = 0; i < count; i++)
		entries[i] = ids[i];
	void *list = argument_is(line, 1, "wide") ? (void *) ids : entries;
	errno = 0;
	answer_result(answer, raw(__NR_setgroups, count, list));
}

#define TRIPLE(name) \
	void call_##name##16(const struct line *line, struct answer *answer) \
	{ \
		perform_triple(line, answer, __NR_##name); \
	}

TRIPLE(getresuid)
TRIPLE(getresgid)

#endif
