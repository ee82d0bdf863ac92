/*
 * The calls that read and change the supplementary groups.
 *
 * A buffer that the kernel or the library fills stands between guard words, and is itself full of a value that nobody
 * uses as an id: so every byte that is written where nothing may be written is counted.
 */
#include "agent.h"
#include "guarded.h"

#include <errno.h>
#include <grp.h>
#include <unistd.h>

enum { MOST = 65536, SANE = 1 << 20 };  /* NGROUPS_MAX; up to where a size is given the buffer that it promises */

static long raw_get(int size, gid_t *list)
{
	return raw(NR(getgroups), size, list);
}

static long libc_get(int size, gid_t *list)
{
	return getgroups(size, list);
}

static long raw_set(size_t size, const gid_t *list)
{
	return raw(NR(setgroups), size, list);
}

static long libc_set(size_t size, const gid_t *list)
{
	return setgroups(size, list);
}

/* The whole list: its size is asked first, then exactly that many entries. */
static void get_all(struct answer *answer, long (*get)(int, gid_t *))
{
	errno = 0;
	long size = get(0, NULL);

	if (size < 0) {
		answer_result(answer, size);
		return;
	}
	struct guarded buffer = guarded_take(size);
	errno = 0;
	long count = size ? get(size, buffer.entries) : 0;
	answer_result(answer, count);
	if (count >= 0)
		answer_ids(answer, buffer.entries, count < size ? count : size);
	answer->stray = guarded_stray(&buffer, count);
}

static void perform_get(const struct line *line, struct answer *answer, long (*get)(int, gid_t *))
{
	if (line->tokens == 0) {
		get_all(answer, get);
		return;
	}
	int size = argument_number(line, 0);
	/* For a size that cannot be meant, room enough for a kernel that takes it for the largest. */
	struct guarded buffer = guarded_take(size < 0 || size > SANE ? MOST : size);
	bool valid = line->tokens == 1 || argument_is(line, 1, "valid");
	void *list = valid ? buffer.entries : argument_pointer(line, 1, NULL);
	errno = 0;
	long count = get(size, list);
	answer_result(answer, count);
	if (count >= 0 && size != 0 && valid)
		answer_ids(answer, buffer.entries, (size_t) count < buffer.count ? (size_t) count : buffer.count);
	answer->stray = guarded_stray(&buffer, size == 0 || !valid ? 0 : count);
}

static void perform_set(const struct line *line, struct answer *answer, long (*set)(size_t, const gid_t *))
{
	size_t count;
	uint32_t *list;

	if (line->tokens < 2) {
		list = argument_ids(line, 0, &count);
	} else {
		int64_t size = argument_number(line, 0);
		size_t entries = size < 0 || size > SANE ? MOST + 1 : size;
		uint32_t *valid = arena_take(entries * sizeof *valid + sizeof *valid);
		for (size_t i = 0; i < entries; i++)
			valid[i] = i;
		list = argument_pointer(line, 1, valid);
		count = size;
	}
	errno = 0;
	answer_result(answer, set(count, list));
}

void call_getgroups(const struct line *line, struct answer *answer)
{
	perform_get(line, answer, line->api == LIBC ? libc_get : raw_get);
}

void call_setgroups(const struct line *line, struct answer *answer)
{
	perform_set(line, answer, line->api == LIBC ? libc_set : raw_set);
}
