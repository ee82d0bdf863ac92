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
 * Status: 0 as expected; 1 not so: another answer, none within 30 s, or a crash; 2 the set-up is not
 * possible (it takes root).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 30 };     /* seconds */

/* A step of the set-up.  Without it nothing can be said about the system: status 2. */
static void must(const char *what, long result)
{
	if (result >= 0)
		return;
	fprintf(stderr, "no set-up (needs root?): %s: %s\n", what, strerror(errno));
	exit(2);
}

static int faults;

enum { TOLD = 99 };     /* the file in which every image of this program says what it does */
static const char *volatile last_line = "";

/* Said before a line is made: should the program get no further, the line is known, and whether there were faults before. */
static void begins(const char *line)
{
	char said[512] = "";
	int error = errno;

	snprintf(said, sizeof said, "%c%s", faults ? '!' : ' ', line);
	last_line = line;
	if (pwrite(TOLD, said, sizeof said, 0) < 0)
		*said = 0;      /* nobody watches */
	errno = error;
}

#define NAME(signal) case signal: return #signal
static const char *signal_name(int signal)
{
	static char other[32];

	switch (signal) {
		NAME(SIGSEGV); NAME(SIGBUS); NAME(SIGILL); NAME(SIGFPE); NAME(SIGABRT);
		NAME(SIGSYS); NAME(SIGTRAP); NAME(SIGKILL); NAME(SIGTERM); NAME(SIGPIPE);
	}
	snprintf(other, sizeof other, "signal %d", signal);
	return other;
}

struct deadly {
	const char *line;       /* a line that may end the program */
	int signal;             /* by this signal */
};

static pid_t watched;

/* Ends what is left of the program.  What cannot be killed hangs in the kernel, and is not waited for for ever. */
static void end_all(int interrupted)
{
	kill(-watched, SIGKILL);
	for (int tries = 0; tries < 2000 && kill(-watched, 0) == 0; tries++)
		if (waitpid(-watched, NULL, WNOHANG | __WALL) <= 0)
			usleep(1000);
	if (interrupted)
		exit(2);
}

/* Goes on in a child, which has PATIENCE seconds.  The parent says where the child ended if it did not come to its end. */
static void watch_over(const struct deadly *allowed)
{
	int file = syscall(SYS_memfd_create, "line", 0), status = 0;
	time_t end = time(NULL) + PATIENCE;
	char said[512] = "";
	const char *line = said + 1;
	bool hangs = false;

	must("memfd_create", file);
	must("dup2", dup2(file, TOLD));
	close(file);
	must("fork", watched = fork());
	setpgid(watched, watched);
	if (watched == 0) {
		signal(SIGTTOU, SIG_IGN);       /* a terminal may stop whoever writes from behind */
		alarm(PATIENCE + 10);           /* should the parent be killed */
		return;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);  /* who loses its parent is waited for here */
	for (int i = 0; i < 4; i++)
		signal((const int[]) { SIGHUP, SIGINT, SIGQUIT, SIGTERM }[i], end_all);
	while (!hangs && (waitpid(watched, &status, WNOHANG | __WALL) == 0 || WIFSTOPPED(status))) {
		if (WIFSTOPPED(status)) {       /* it asked to be traced */
			ptrace(PTRACE_CONT, watched, NULL, WSTOPSIG(status) == SIGTRAP ? 0L : (long) WSTOPSIG(status));
			status = 0;
		}
		usleep(500);
		hangs = time(NULL) > end;
	}
	end_all(0);
	if (pread(TOLD, said, sizeof said - 1, 0) <= 0)
		line = "the set-up";
	if (hangs) {
		printf("hang: %s did not end within %d s\n", line, PATIENCE);
		exit(*said ? 1 : 2);
	}
	if (!WIFSIGNALED(status))
		exit(WEXITSTATUS(status));
	for (; allowed && allowed->line; allowed++)
		if (strcmp(allowed->line, line) == 0 && allowed->signal == WTERMSIG(status)) {
			printf("%s = killed by %s\n", line, signal_name(WTERMSIG(status)));
			exit(*said == '!');
		}
	printf("crash: %s ended the program in %s\n", signal_name(WTERMSIG(status)), line);
	exit(*said ? 1 : 2);
}

/* One line for each call, in the style of strace, and what was expected where that is something else. */
static void check(const char *call, const char *answer, const char *expected)
{
	bool right = strcmp(answer, expected) == 0;

	printf("%s = %s%s%s\n", call, answer, right ? "" : "    expected ", right ? "" : expected);
	faults += !right;
}
#define check(call, answer, ...) check(call, (begins(call), answer), __VA_ARGS__)

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
	watch_over(NULL);

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
