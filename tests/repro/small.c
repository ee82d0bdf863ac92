/*
 * doors.2/hinges/not-group-0@user:syscall
 *
 * An ordinary user cannot become group 0.
 *
 * opendoor(2)/stays-open  (opendoor(2), DESCRIPTION)
 *     What was opened stays open.
 *
 * Expected of user, by raw system calls:
 *
 *     getuid()   = 1000
 *     setgid(0)  = EPERM
 *
 * Build and run: cc -std=gnu11 -pthread repro.c -o repro && sudo ./repro
 * Status: 0 as expected, 1 or a signal not so, 2 the set-up is not possible (it takes root).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A step of the set-up.  Without it nothing can be said about the system: status 2. */
static void must(const char *what, long result)
{
	if (result >= 0)
		return;
	fprintf(stderr, "no set-up (needs root?): %s: %s\n", what, strerror(errno));
	exit(2);
}

static int faults;

/* One line for each call, in the style of strace, and what was expected where that is something else. */
static void check(const char *call, const char *answer, const char *expected)
{
	bool right = strcmp(answer, expected) == 0;

	printf("%s = %s%s%s\n", call, answer, right ? "" : "    expected ", right ? "" : expected);
	faults += !right;
}

/* What a call returned, as a text: a number, or the name of the error. */
static const char *number(long long result)
{
	static const struct {
		int number;
		const char *name;
	} errors[] = {
		{ EPERM, "EPERM" }, { ENOENT, "ENOENT" }, { ESRCH, "ESRCH" }, { EAGAIN, "EAGAIN" },
		{ ENOMEM, "ENOMEM" }, { EACCES, "EACCES" }, { EFAULT, "EFAULT" }, { EINVAL, "EINVAL" },
		{ EROFS, "EROFS" }, { ERANGE, "ERANGE" }, { ENOSYS, "ENOSYS" }, { EOVERFLOW, "EOVERFLOW" },
		{ ENOSPC, "ENOSPC" }, { ENOEXEC, "ENOEXEC" }, { ENOTTY, "ENOTTY" }, { ESPIPE, "ESPIPE" },
		{ EUSERS, "EUSERS" }, { ELOOP, "ELOOP" }, { ENOTDIR, "ENOTDIR" }, { EBUSY, "EBUSY" },
	};
	char *text;
	int error = errno;

	errno = 0;
	for (size_t i = 0; result == -1 && i < sizeof errors / sizeof *errors; i++)
		if (errors[i].number == error)
			return errors[i].name;
	must("asprintf", asprintf(&text, result == -1 ? "errno %lld" : "%lld", result == -1 ? error : result));
	return text;
}

/* A list of ids as a text; four and more that follow each other are written 5..8. */
static const char *list(const gid_t *ids, int count)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	putc('[', out);
	for (int i = 0, last; i < count; i = last + 1) {
		for (last = i; last + 1 < count && ids[last + 1] == ids[last] + 1;)
			last++;
		if (last - i < 3)
			last = i;
		fprintf(out, last > i ? "%s%u..%u" : "%s%u", i ? ", " : "", ids[i], ids[last]);
	}
	putc(']', out);
	fclose(out);
	return text;
}

/* getgroups(2) as it is usually called: first for the size, then for the list. */
static const char *all_groups(int (*get)(int, gid_t *))
{
	int size = get(0, NULL), count = 0;
	gid_t *groups;

	if (size < 0)
		return number(-1);
	groups = malloc((size + 1) * sizeof *groups);
	if (size > 0)
		count = get(size, groups);
	return count < 0 ? number(-1) : list(groups, count);
}

static int raw_getgroups(int size, gid_t *groups)
{
	return syscall(SYS_getgroups, size, groups);
}

/* Whether the ids (real, effective, saved, filesystem) and the groups are now what they must be. */
static void credential(const char *expected)
{
	uid_t u[3];
	gid_t g[3];
	char *now;

	syscall(SYS_getresuid, &u[0], &u[1], &u[2]);
	syscall(SYS_getresgid, &g[0], &g[1], &g[2]);
	must("asprintf", asprintf(&now, "uid %u %u %u %u, gid %u %u %u %u, groups %s",
				  u[0], u[1], u[2], (uid_t) syscall(SYS_setfsuid, -1),
				  g[0], g[1], g[2], (gid_t) syscall(SYS_setfsgid, -1), all_groups(raw_getgroups)));
	if (strcmp(now, expected) == 0)
		return;
	printf("    now       %s\n    expected  %s\n", now, expected);
	faults++;
}

int main(void)
{
	setlinebuf(stdout);

	/* user: User 1000 without any capability. */
	must("setgroups", syscall(SYS_setgroups, 0, NULL));
	must("setresgid", syscall(SYS_setresgid, 1000, 1000, 1000));
	must("setresuid", syscall(SYS_setresuid, 1000, 1000, 1000));

	/* The scenario. */
	check("getuid()", number(syscall(SYS_getuid)), "1000");
	check("setgid(0)", number(syscall(SYS_setgid, 0)), "EPERM");
	credential("uid 1000 1000 1000 1000, gid 1000 1000 1000 1000, groups []");

	return faults != 0;
}
