/*
 * The calls that read three user or group IDs, by the raw system call and by the C library's wrapper.
 */
#include "agent.h"

#include <errno.h>
#include <unistd.h>

/* Three ids between words that nobody may write. */
struct triple {
	uint32_t before, real, between, effective, and, saved, after;
};

static const uint32_t untouched = 0xc9a55a36;

static long call_triple(const struct line *line, uint32_t *ids[3], long (*call)(uint32_t *, uint32_t *, uint32_t *))
{
	for (int i = 0; line->tokens && i < 3; i++)
		ids[i] = argument_pointer(line, i, ids[i]);
	errno = 0;
	return call(ids[0], ids[1], ids[2]);
}

static size_t changed_bytes(uint32_t word)
{
	size_t count = 0;

	for (word ^= untouched; word; word >>= 8)
		count += (word & 255) != 0;
	return count;
}

/* getresuid(2), getresgid(2): the values behind the pointers that were valid. */
static void perform_triple(const struct line *line, struct answer *answer,
			   long (*call)(uint32_t *, uint32_t *, uint32_t *))
{
	struct triple triple = {untouched, untouched, untouched, untouched, untouched, untouched, untouched};
	uint32_t *ids[3] = {&triple.real, &triple.effective, &triple.saved};
	uint32_t *seen = arena_take(3 * sizeof *seen);
	size_t count = 0;

	answer_result(answer, call_triple(line, ids, call));
	if (answer->number == 0) {
		for (int i = 0; i < 3; i++)
			if (line->tokens == 0 || argument_is(line, i, "valid"))
				seen[count++] = *ids[i];
		answer_ids(answer, seen, count);
	}
	answer->stray = changed_bytes(triple.before) + changed_bytes(triple.between) + changed_bytes(triple.and) +
			changed_bytes(triple.after);
}

#define GIVES_TRIPLE(name) \
	static long raw_##name(uint32_t *real, uint32_t *effective, uint32_t *saved) \
	{ \
		return raw(NR(name), real, effective, saved); \
	} \
	static long libc_##name(uint32_t *real, uint32_t *effective, uint32_t *saved) \
	{ \
		return name(real, effective, saved); \
	} \
	void call_##name(const struct line *line, struct answer *answer) \
	{ \
		perform_triple(line, answer, line->api == LIBC ? libc_##name : raw_##name); \
	}

GIVES_TRIPLE(getresuid)
GIVES_TRIPLE(getresgid)
