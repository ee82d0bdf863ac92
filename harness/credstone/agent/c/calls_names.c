/*
 * The calls that look into the user and group database: they exist in the C library only.
 *
 * In a static program they need the modules of the very library that it was linked with.  So a static agent has none.
 */
#include "agent.h"
#include "guarded.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

/* A limit of <limits.h>, as the compiler of this agent saw it; SIGRTMIN is known when it runs. */
void call_constant(const struct line *line, struct answer *answer)
{
	errno = 0;
	answer_result(answer, argument_is(line, 0, "SIGRTMIN") ? SIGRTMIN : argument_number(line, 0));
}

#ifndef CREDSTONE_STATIC
/* The list; with a size, the list if it fits, and if not [-1, needed, ...] with what is in the buffer all the same. */
void call_getgrouplist(const struct line *line, struct answer *answer)
{
	const char *name = argument_text(line, 0, NULL);
	gid_t gid = argument_number(line, 1);
	int size = line->tokens > 2 ? argument_number(line, 2) : 65537, found = size;
	struct guarded buffer = guarded_take(size < 0 || size > 1 << 20 ? 0 : size);

	int result = getgrouplist(name, gid, buffer.entries, &found);
	size_t stored = result < 0 ? guarded_written(&buffer) : (size_t) result;
	if (result >= 0 && result == found) {
		answer_ids(answer, buffer.entries, stored < buffer.count ? stored : buffer.count);
	} else {
		int64_t *told = arena_take((stored + 2) * sizeof *told);
		told[0] = result;
		told[1] = found;
		for (size_t i = 0; i < stored && i < buffer.count; i++)
			told[i + 2] = buffer.entries[i];
		answer_list(answer, told, stored + 2);
	}
	answer->stray = guarded_stray(&buffer, stored);
}

#include "do_no_such_entry.h"

/* NULL from a look-up. */
static void answer_absent(struct answer *answer)
{
	if (no_such_entry(errno))
		answer->kind = NOTHING;
	else
		answer_failed(answer, errno);
}

void call_getpwnam(const struct line *line, struct answer *answer)
{
	const char *name = argument_text(line, 0, NULL);

	errno = 0;
	struct passwd *entry = getpwnam(name);
	if (!entry) {
		answer_absent(answer);
		return;
	}
	uint32_t *ids = arena_take(2 * sizeof *ids);
	ids[0] = entry->pw_uid;
	ids[1] = entry->pw_gid;
	answer_ids(answer, ids, 2);
}

static void answer_group(struct answer *answer, const struct group *entry)
{
	if (entry)
		answer_result(answer, (uint32_t) entry->gr_gid);
	else
		answer_absent(answer);
}

void call_getgrnam(const struct line *line, struct answer *answer)
{
	const char *name = argument_text(line, 0, NULL);

	errno = 0;
	answer_group(answer, getgrnam(name));
}

void call_getgrgid(const struct line *line, struct answer *answer)
{
	gid_t gid = argument_number(line, 0);

	errno = 0;
	answer_group(answer, getgrgid(gid));
}
#endif
