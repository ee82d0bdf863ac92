/*
 * The regular calls, and the table of all.
 *
 * A regular call takes its arguments from the line as they are, makes one call, and answers its result: rows.h says which.
 * A raw call moves one thread only; the C library's function for user and group IDs must move them all (nptl(7)).
 */
#include "agent.h"
#include "library.h"

#include <errno.h>
#include <fcntl.h>
#define HEADERS_OF_CALLS
#include "rows.h"
#undef HEADERS_OF_CALLS

/* An id from the line is cut to 32 bits as a cast to uid_t does; so is a mode. */
#define AS_ID(index) ((uint32_t) argument_number(line, index))
#define AS_NUMBER(index) argument_number(line, index)
#define AS_PATH(index) argument_path(line, index)
#define AS_PID(index) argument_pid(line, index)
#define AS_TEXT(index) argument_text(line, index, NULL)

/* A value of errno that no call gives.  What promises not to modify errno, and does, has written where it must not. */
enum { ERRNO_MARK = 0x5a36c9a5 };

/* The arguments are evaluated before the call, so errno is that of the call. */
#define A_RESULT(by_libc, by_kernel) answer_result(answer, EITHER(line, by_libc, by_kernel))

/* These return the id that was there before, whether they changed it or not. */
#define AN_ID(by_libc, by_kernel) answer_id(answer, EITHER(line, by_libc, by_kernel))

/* These cannot fail, and the C library's functions leave errno alone. */
#define OWN_ID(by_libc, by_kernel) \
	if (line->api == LIBC) { \
		errno = ERRNO_MARK; \
		int64_t result = by_libc; \
		answer->stray = errno == ERRNO_MARK ? 0 : sizeof errno; \
		answer_result(answer, result); \
	} else { \
		errno = 0; \
		answer_id(answer, by_kernel); \
	}

#define REGULAR(name, apis, takes, answers, by_libc, by_kernel) \
	static void regular_##name(const struct line *line, struct answer *answer) \
	{ \
		answers(by_libc, by_kernel); \
	}
#include "rows.h"

const struct call calls[] = {
#define REGULAR(name, apis, takes, ...) {#name, apis, regular_##name, takes},
#define BY_HAND(name, apis, takes) {#name, apis, call_##name, takes},
#include "rows.h"
	{0},
};
