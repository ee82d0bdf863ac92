/*
 * The end of all processes of a cell: killed, adopted (the agent is a subreaper) and reaped.
 *
 * An agent that was not given CAP_KILL may not kill a process that has taken another uid.  If it was allowed to take such
 * uids it may still do it as that user.  What nobody can kill is ended by its alarm (cell.c), unless it has blocked that.
 */
#include "agent.h"
#include "library.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 200 }; /* milliseconds in which a killed process is usually dead */

/* The beginning of /proc/PID/NAME, which has all that is looked for here; empty if it cannot be read. */
static const char *told_of(const char *process, const char *name)
{
	static char text[4096];
	char path[48];

	snprintf(path, sizeof path, "/proc/%.16s/%s", process, name);
	ssize_t length = file_read(path, text, sizeof text - 1);
	text[length < 0 ? 0 : length] = 0;
	return text;
}

/* The process group of a process: proc(5), /proc/PID/stat. */
static pid_t group_of(const char *process)
{
	const char *rest = strrchr(told_of(process, "stat"), ')');
	pid_t group;

	return rest && sscanf(rest, ") %*c %*d %d", &group) == 1 ? group : 0;
}

static uid_t owner_of(const char *process)
{
	const char *line = strstr(told_of(process, "status"), "\nUid:");
	uid_t real;

	return line && sscanf(line, "\nUid: %u", &real) == 1 ? real : (uid_t) -1;
}

static void kill_as_owner(const char *process)
{
	uid_t owner = owner_of(process);

	pid_t child = library_fork();
	if (child == 0) {
		if (owner != (uid_t) -1 && raw(NR(setresuid), owner, owner, owner) == 0)
			raw(__NR_kill, atoi(process), SIGKILL);
		_exit(0);
	}
	while (child > 0 && kernel_wait(child, NULL, 0) < 0 && errno == EINTR)
		;
}

static void kill_as_owners(pid_t group)
{
	struct names names;
	bool open = names_open(&names, AT_FDCWD, "/proc");

	for (const char *process; open && (process = names_next(&names));)
		if (*process >= '1' && *process <= '9' && group_of(process) == group)
			kill_as_owner(process);
	names_close(&names);
}

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reaps one process, or all (-1).  False if time is over before that.  SIGCHLD is blocked, and fetched. */
static bool reap(pid_t which, int *status)
{
	int64_t end = milliseconds() + PATIENCE, left;
	sigset_t ended;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	for (;;) {
		pid_t found = kernel_wait(which, status, WNOHANG);
		if (found == which || (found < 0 && errno != EINTR))
			return true;
		if (found)
			continue;
		if ((left = end - milliseconds()) <= 0)
			return false;
		sigtimedwait(&ended, NULL, &(struct timespec){left / 1000, left % 1000 * 1000000});
	}
}

/* Ends a process group, and waits for one of it, with its status, or for all (-1). */
void sweep(pid_t group, pid_t which, int *status)
{
	raw(__NR_kill, -group, SIGKILL);
	if (which > 0)
		raw(__NR_kill, which, SIGKILL); /* it may not lead its group yet */
	if (reap(which, status))
		return;
	kill_as_owners(group);
	while (kernel_wait(which, status, 0) > 0 ? which < 0 : errno == EINTR)
		;
}
