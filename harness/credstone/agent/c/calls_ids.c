/*
 * The calls that read and change user and group IDs, by the raw system call and by the C library's wrapper.
 *
 * A raw call moves one thread only; the wrapper must move them all (nptl(7)).
 */
#include "agent.h"

#include <errno.h>
#include <string.h>
#include <sys/fsuid.h>
#include <unistd.h>

/* An id from the line, cut to 32 bits as a cast to uid_t does. */
static uint32_t id(const struct line *line, int index)
{
	return argument_number(line, index);
}

/* A value of errno that no call gives.  What promises not to modify errno, and does, has written where it must not. */
enum { ERRNO_MARK = 0x5a36c9a5 };

#define GIVES_ID(name) \
	static void raw_##name(const struct line *line, struct answer *answer) \
	{ \
		(void) line; \
		errno = 0; \
		answer_id(answer, raw(NR(name))); \
	} \
	static void libc_##name(const struct line *line, struct answer *answer) \
	{ \
		(void) line; \
		errno = ERRNO_MARK; \
		int64_t result = name(); \
		answer->stray = errno == ERRNO_MARK ? 0 : sizeof errno; \
		answer_result(answer, result); \
	}

GIVES_ID(getuid)
GIVES_ID(geteuid)
GIVES_ID(getgid)
GIVES_ID(getegid)

/* The arguments are evaluated before the call, so errno is that of the call. */
#define CHANGES(name, number, ...) \
	static void raw_##name(const struct line *line, struct answer *answer) \
	{ \
		errno = 0; \
		answer_result(answer, raw(number, __VA_ARGS__)); \
	}
#define CHANGES_BY_LIBC(name, ...) \
	static void libc_##name(const struct line *line, struct answer *answer) \
	{ \
		errno = 0; \
		answer_result(answer, name(__VA_ARGS__)); \
	}
#define ONE id(line, 0)
#define TWO id(line, 0), id(line, 1)
#define THREE id(line, 0), id(line, 1), id(line, 2)

CHANGES(setuid, NR(setuid), ONE)
CHANGES(setgid, NR(setgid), ONE)
CHANGES(setreuid, NR(setreuid), TWO)
CHANGES(setregid, NR(setregid), TWO)
CHANGES(setresuid, NR(setresuid), THREE)
CHANGES(setresgid, NR(setresgid), THREE)
CHANGES_BY_LIBC(setuid, ONE)
CHANGES_BY_LIBC(setgid, ONE)
CHANGES_BY_LIBC(seteuid, ONE)
CHANGES_BY_LIBC(setegid, ONE)
CHANGES_BY_LIBC(setreuid, TWO)
CHANGES_BY_LIBC(setregid, TWO)
CHANGES_BY_LIBC(setresuid, THREE)
CHANGES_BY_LIBC(setresgid, THREE)

/* These two return the id that was there before, whether they changed it or not. */
#define FILESYSTEM_ID(name) \
	static void raw_##name(const struct line *line, struct answer *answer) \
	{ \
		errno = 0; \
		answer_id(answer, raw(NR(name), id(line, 0))); \
	} \
	static void libc_##name(const struct line *line, struct answer *answer) \
	{ \
		errno = 0; \
		answer_id(answer, name(id(line, 0))); \
	}

FILESYSTEM_ID(setfsuid)
FILESYSTEM_ID(setfsgid)

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
	static long raw_call_##name(uint32_t *real, uint32_t *effective, uint32_t *saved) \
	{ \
		return raw(NR(name), real, effective, saved); \
	} \
	static long libc_call_##name(uint32_t *real, uint32_t *effective, uint32_t *saved) \
	{ \
		return name(real, effective, saved); \
	} \
	static void raw_##name(const struct line *line, struct answer *answer) \
	{ \
		perform_triple(line, answer, raw_call_##name); \
	} \
	static void libc_##name(const struct line *line, struct answer *answer) \
	{ \
		perform_triple(line, answer, libc_call_##name); \
	}

GIVES_TRIPLE(getresuid)
GIVES_TRIPLE(getresgid)

#define BOTH(name, takes) {#name, SYSCALL, raw_##name, takes}, {#name, LIBC, libc_##name, takes}

const struct call calls_of_ids[] = {
	BOTH(getuid, TAKES(0)), BOTH(geteuid, TAKES(0)), BOTH(getgid, TAKES(0)), BOTH(getegid, TAKES(0)),
	BOTH(getresuid, TAKES(0) | TAKES(3)), BOTH(getresgid, TAKES(0) | TAKES(3)), BOTH(setuid, TAKES(1)),
	BOTH(setgid, TAKES(1)), BOTH(setreuid, TAKES(2)), BOTH(setregid, TAKES(2)), BOTH(setresuid, TAKES(3)),
	BOTH(setresgid, TAKES(3)), BOTH(setfsuid, TAKES(1)), BOTH(setfsgid, TAKES(1)),
	{"seteuid", LIBC, libc_seteuid, TAKES(1)}, {"setegid", LIBC, libc_setegid, TAKES(1)},
	{0},
};
