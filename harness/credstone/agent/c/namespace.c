/*
 * A new user namespace, and its maps.
 *
 * user_namespaces(7): a process may map its own effective ids by itself, and must write `deny` into setgroups before
 * its gid_map unless it is privileged outside.  For larger maps another process writes them, the mapper, which kept
 * the agent's own credentials.
 */
#include "agent.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Writes one of the three files of a process; an empty text is not written. */
static void write_one(const char *process, const char *name, const char *text, size_t length)
{
	char path[64];

	if (!length)
		return;
	snprintf(path, sizeof path, "/proc/%s/%s", process, name);
	errno = 0;
	if (file_write(path, text, length) != (ssize_t) length)
		refuse_errno(name);
}

/* Also the order that the mapper obeys. */
void namespace_write_maps(const struct line *line)
{
	bool self = argument_is(line, 0, "self");
	size_t uids, gids;
	const char *uid_map = argument_text(line, 1, &uids), *gid_map = argument_text(line, 2, &gids);
	char process[16];

	snprintf(process, sizeof process, "%d", (int) shared->main_pid);
	if (argument_is(line, 3, "deny") || argument_is(line, 3, "allow"))
		write_one(self ? "self" : process, "setgroups", line->token[3].text, line->token[3].length);
	write_one(self ? "self" : process, "uid_map", uid_map, uids);
	write_one(self ? "self" : process, "gid_map", gid_map, gids);
}

/* The user namespace that this process is in: the number of its inode, 0 if nothing tells. */
uint64_t namespace_of_users(void)
{
	return kernel_namespace("user");
}

void namespace_enter(const struct line *line)
{
	if (raw(__NR_unshare, CLONE_NEWUSER) < 0)
		refuse_errno("unshare(CLONE_NEWUSER)");
	if (argument_is(line, 0, "outside"))
		crew_ask(crew_find(MAPPER, "") - shared->member, WRITE_MAPS);
	else
		namespace_write_maps(line);
}
