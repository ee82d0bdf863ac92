/*
 * What a task sees of itself, and how it becomes the actor, where a program in front of the agent only pretends to be root.
 *
 * fakeroot stands before the C library, so a raw system call would tell the truth: here, and in no other agent, the
 * library is asked (build with -DPRETENDED).  Such programs pretend real, effective and saved ids and the groups, and know
 * neither capabilities nor what else there is of a credential; the filesystem ids cannot be asked for without a change, as
 * setfsuid(-1) sets -1 there.  Of all this only what is pretended is told, the rest is nothing, and the judge does not look at it.
 */
#include "agent.h"
#include "library.h"

#ifdef PRETENDED

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static uint32_t groups[65536]; /* NGROUPS_MAX */

const char *credential_observe(struct credential *seen)
{
	memset(seen, 0, sizeof *seen);
	if (getresuid(&seen->uid[0], &seen->uid[1], &seen->uid[2]) < 0)
		return "getresuid";
	if (getresgid(&seen->gid[0], &seen->gid[1], &seen->gid[2]) < 0)
		return "getresgid";
	seen->uid[3] = seen->uid[1];
	seen->gid[3] = seen->gid[1];
	int count = getgroups(sizeof groups / sizeof *groups, groups);
	if (count < 0)
		return "getgroups";
	seen->group_count = count;
	seen->groups = groups;
	seen->dumpable = 1;
	return NULL;
}

/* Whether getgroups(2) tells what setgroups(2) was given: tried in a child. */
bool pretended_groups_are_kept(void)
{
	const gid_t given[2] = {123, 500};
	gid_t told[2] = {0, 0};
	int status = 1;

	pid_t child = library_fork();
	if (child == 0)
		_exit(setgroups(2, given) < 0 || getgroups(2, told) != 2 || memcmp(given, told, sizeof given) != 0);
	return child > 0 && kernel_wait(child, &status, 0) == child && status == 0;
}

static void must(int result, const char *what)
{
	if (result < 0)
		refuse_errno(what);
}

/* as UIDS GIDS GROUPS ...: the groups first, and the user ids last, as they take the right to the others away. */
void identity_take(const struct line *line)
{
	size_t uids, gids, count;
	uint32_t *uid = argument_ids(line, 0, &uids), *gid = argument_ids(line, 1, &gids);
	uint32_t *list = argument_ids(line, 2, &count);

	if (uids != 4 || gids != 4)
		refuse("agent: ", "a line 'as' needs four ids", NULL);
	must(setgroups(count, list), "setgroups");
	must(setresgid(gid[0], gid[1], gid[2]), "setresgid");
	must(setresuid(uid[0], uid[1], uid[2]), "setresuid");
}

#endif
