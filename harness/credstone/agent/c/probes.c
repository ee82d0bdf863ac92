/*
 * Probes: what a filter, a policy or a young kernel refuses although the man pages promise it.
 *
 * Each is made in a child, with values that change nothing where that is possible.  A probe that kills the child (a
 * seccomp filter may) tells so.
 */
#include "probes.h"
#include "library.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static struct credential own;

static long raw_setgroups(void)
{
	return raw(NR(setgroups), own.group_count, own.groups);
}

static long raw_setgid(void)
{
	return raw(NR(setgid), own.gid[1]);
}

static long raw_setuid(void)
{
	return raw(NR(setuid), own.uid[1]);
}

static long raw_setresgid(void)
{
	return raw(NR(setresgid), own.gid[0], own.gid[1], own.gid[2]);
}

static long raw_setresuid(void)
{
	return raw(NR(setresuid), own.uid[0], own.uid[1], own.uid[2]);
}

static long raw_setregid(void)
{
	return raw(NR(setregid), own.gid[0], own.gid[1]);
}

static long raw_setreuid(void)
{
	return raw(NR(setreuid), own.uid[0], own.uid[1]);
}

static long raw_capset(void)
{
	const uint64_t *sets = own.capabilities;

	return capabilities_set(sets[PERMITTED], sets[EFFECTIVE], sets[INHERITABLE]) ? 0 : -1;
}

static long raw_prctl(void)
{
	return raw(__NR_prctl, PR_SET_DUMPABLE, 1);
}

static long raw_setfsuid(void)
{
	return raw(NR(setfsuid), -1) == -1 && errno == ENOSYS ? -1 : 0;
}

static long raw_setfsgid(void)
{
	return raw(NR(setfsgid), -1) == -1 && errno == ENOSYS ? -1 : 0;
}

static long raw_unshare(void)
{
	return raw(__NR_unshare, 0);
}

static long raw_setns(void)
{
	return raw(__NR_setns, -1, 0) == -1 && errno == EBADF ? 0 : -1;
}

static long raw_process_vm_readv(void)
{
	char from = 0, to;
	struct iovec here = {&to, 1}, there = {&from, 1};

	return raw(__NR_process_vm_readv, raw(__NR_getpid), &here, 1, &there, 1, 0);
}

static long raw_ptrace(void)
{
	return raw(__NR_ptrace, PTRACE_TRACEME, 0, 0, 0);
}

static long new_user_namespace(void)
{
	return raw(__NR_unshare, CLONE_NEWUSER);
}

/*
 * A map of more than five lines, which Linux has taken since 4.15, written from outside; a namespace cannot be had, or the
 * right to map, is no matter here.  The child ends when the parent closes its end of the pipe.
 */
static long long_map(void)
{
	static const char map[] = "0 0 1\n1 1 1\n2 2 1\n3 3 1\n4 4 1\n5 5 1\n";
	char path[32], byte;
	int to[2], from[2];

	if (!(own.capabilities[EFFECTIVE] >> CAP_SETUID & 1) || raw(__NR_pipe2, to, 0) < 0 ||
	    raw(__NR_pipe2, from, 0) < 0)
		return 0;
	pid_t child = library_fork();
	if (child == 0) {
		kernel_close(to[1]);
		if (new_user_namespace() == 0 && raw(__NR_write, from[1], "", 1) == 1)
			kernel_read(to[0], &byte, 1);
		_exit(0);
	}
	kernel_close(from[1]);
	snprintf(path, sizeof path, "/proc/%d/uid_map", (int) child);
	bool made = kernel_read(from[0], &byte, 1) == 1;
	errno = 0;
	long result = made ? file_write(path, map, sizeof map - 1) : 0;
	int error = errno;
	kernel_close(to[1]);
	kernel_wait(child, NULL, 0);
	errno = error;
	return result < 0 && error == EINVAL ? -1 : 0;
}

static long new_mount_namespace(void)
{
	return raw(__NR_unshare, CLONE_NEWNS);
}

/* The errno of a call made in a child as its symbol, empty after success. */
static const char *try(long (*call)(void))
{
	static char text[32];
	int status;

	pid_t child = library_fork();
	if (child == 0) {
		errno = 0;
		_exit(call() < 0 ? (errno & 255 ? errno & 255 : 255) : 0);
	}
	if (child < 0 || kernel_wait(child, &status, 0) != child)
		return "fork";
	if (WIFSIGNALED(status)) {
		snprintf(text, sizeof text, "signal %d", WTERMSIG(status));
		return text;
	}
	const char *symbol = errno_name(WEXITSTATUS(status));
	return WEXITSTATUS(status) == 0 ? "" : symbol ? symbol : "errno 0";
}

const char *probe_user_namespace(void)
{
	return try(new_user_namespace);
}

const char *probe_long_map(const struct credential *credential)
{
	own = *credential;
	return try(long_map);
}

const char *probe_mount_namespace(void)
{
	return try(new_mount_namespace);
}

/* A file of the folder gets a capability, as the files of cells do. */
static long file_capabilities(void)
{
	static const char name[] = "capabilities";

	int file = kernel_open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return -1;
	kernel_close(file);
	long result = capabilities_attach(name, 1 << CAP_SETUID, 0, true, -1);
	int error = errno;
	raw(__NR_unlinkat, AT_FDCWD, name, 0);
	errno = error;
	return result;
}

static long message_queues(void)
{
	int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);

	return id < 0 ? -1 : msgctl(id, IPC_RMID, NULL);
}

static const char copy[] = "./executed";

/*
 * A copy of the agent is executed, as cells do it: an emulator may take the programs of its own machine alone.  That there is no
 * room for a copy is no matter here.
 */
static long execution(void)
{
	int nothing = kernel_open("/dev/null", O_WRONLY | O_CLOEXEC, 0);
	int file = kernel_open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);

	if (file < 0 || !file_copy_agent(file) || raw(__NR_dup3, nothing, 1, 0) < 0)
		return 0;
	kernel_close(file);
	return raw(__NR_execve, copy, ((char *[]){(char *) copy, (char *) "--help", NULL}), environ);
}

const char *probe_execution(void)
{
	const char *answer = try(execution);

	raw(__NR_unlinkat, AT_FDCWD, copy, 0);
	return answer;
}

const char *probe_file_capabilities(void)
{
	return try(file_capabilities);
}

const char *probe_message_queues(void)
{
	return try(message_queues);
}

/* Whether setgroups(2) must succeed: it takes CAP_SETGID, a gid_map, and no `deny`. */
static bool may_set_groups(void)
{
	char setgroups[16] = "", map[64];

	if (!(own.capabilities[EFFECTIVE] >> CAP_SETGID & 1))
		return false;
	if (file_read("/proc/self/setgroups", setgroups, sizeof setgroups - 1) > 0 &&
	    strncmp(setgroups, "deny", 4) == 0)
		return false;
	return file_read("/proc/self/gid_map", map, sizeof map) != 0;
}

/* A JSON object: the calls that were refused, and with which errno.  An unmapped id cannot be set, so none is tried. */
void probe_refused(const struct credential *credential, uint32_t overflow_uid, uint32_t overflow_gid)
{
	bool uids = credential->uid[1] != overflow_uid, gids = credential->gid[1] != overflow_gid;
	const struct {
		const char *name;
		long (*call)(void);
		bool applies;
	} probes[] = {
		{"setgroups", raw_setgroups, true},
		{"setgid", raw_setgid, gids},
		{"setuid", raw_setuid, uids},
		{"setresgid", raw_setresgid, gids},
		{"setresuid", raw_setresuid, uids},
		{"setregid", raw_setregid, gids},
		{"setreuid", raw_setreuid, uids},
		{"capset", raw_capset, true},
		{"prctl", raw_prctl, true},
		{"setfsuid", raw_setfsuid, true},
		{"setfsgid", raw_setfsgid, true},
		{"unshare", raw_unshare, true},
		{"setns", raw_setns, true},
		{"ptrace", raw_ptrace, true},
		{"process_vm_readv", raw_process_vm_readv, true},
	};
	bool any = false;

	own = *credential;
	out_char('{');
	for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
		bool applies = probes[i].call == raw_setgroups ? may_set_groups() : probes[i].applies;
		const char *error = applies ? try(probes[i].call) : "";
		if (!*error)
			continue;
		if (any)
			out_char(',');
		any = true;
		out_string(probes[i].name);
		out_char(':');
		out_string(error);
	}
	out_char('}');
}
