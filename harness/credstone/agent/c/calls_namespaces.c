/*
 * Plumbing: namespaces, and the root folder.
 */
#include "agent.h"
#include "baton.h"
#include "library.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef NS_GET_OWNER_UID
#define NS_GET_OWNER_UID 0xb704
#endif

/* The descriptor that an argument stands for: `held`, a path, or a process.  -1 with errno. */
static int descriptor_open(const struct line *line, int index)
{
	if (argument_is(line, index, "held")) {
		errno = EBADF;          /* while nothing is held */
		return shared->held;
	}
	if (argument_is_path(line, index))
		return kernel_open(argument_path(line, index), O_RDONLY | O_CLOEXEC, 0);
	return raw(__NR_pidfd_open, argument_pid(line, index), 0);
}

/* Closes what descriptor_open opened; errno stays. */
static void descriptor_close(int descriptor)
{
	if (descriptor != shared->held)
		kernel_close(descriptor);
}

void call_hold(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);

	errno = 0;
	int held = kernel_open(path, O_RDONLY, 0);      /* an exec keeps it */
	answer_result(answer, held < 0 ? -1 : 0);
	if (held >= 0)
		shared->held = held;
}

void call_setns(const struct line *line, struct answer *answer)
{
	long flags = argument_number(line, 1);

	errno = 0;
	int descriptor = descriptor_open(line, 0);
	if (descriptor < 0) {
		answer_failed(answer, errno);
		return;
	}
	answer_result(answer, EITHER(line, setns(descriptor, flags), raw(__NR_setns, descriptor, flags)));
	descriptor_close(descriptor);
}

static bool same(const struct kernel_status *one, const struct kernel_status *other)
{
	return one->device == other->device && one->inode == other->inode;
}

void call_same_namespace(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0), *path2 = argument_path(line, 1);
	struct kernel_status one, other;

	errno = 0;
	if (kernel_status(AT_FDCWD, path, &one) < 0 || kernel_status(AT_FDCWD, path2, &other) < 0)
		answer_failed(answer, errno);
	else
		answer_result(answer, same(&one, &other));
}

/* ioctl PATH NS_GET_OWNER_UID: the uid.  ioctl PATH NS_GET_… PATH2: whether that gives the namespace of PATH2. */
void call_ioctl(const struct line *line, struct answer *answer)
{
	unsigned long request = argument_number(line, 1);
	const char *path2 = request == NS_GET_OWNER_UID ? NULL : argument_path(line, 2);
	struct kernel_status one, other;
	uid_t uid = -1;

	errno = 0;
	int descriptor = descriptor_open(line, 0);
	if (descriptor < 0) {
		answer_failed(answer, errno);
		return;
	}
	long result = EITHER(line, ioctl(descriptor, request, &uid),
			     raw(__NR_ioctl, descriptor, request, &uid));
	descriptor_close(descriptor);
	answer_result(answer, result);
	if (answer->failed)
		return;
	if (!path2) {
		answer->number = uid;
		return;
	}
	if (kernel_status(result, "", &one) < 0 || kernel_status(AT_FDCWD, path2, &other) < 0)
		answer_failed(answer, errno);
	else
		answer_result(answer, same(&one, &other));
	kernel_close(result);
}

/* What a clone finds in the memory that it shares with its maker, or has a copy of. */
struct task {
	const struct line *then;
	char *transcript;
};

/* The life of a clone: what `then` says, if anything, and its end. */
static int clone_live(void *argument)
{
	const struct task *task = argument;

	if (task->then) {
		out_begin(task->transcript, transcript_end());
		call_perform(task->then);
		shared->written = out_position() - (char *) shared;
	}
	shared->clone_done = 1;
	futex_wake(&shared->clone_done);
	return 0;
}

/*
 * clone(2) as fork(2) makes it.  The raw call cannot be made from C where the child shares the memory and so needs a
 * stack of its own: then the C library's function, which is nothing but the call, stands in.
 */
static long clone_raw(long flags, struct task *task)
{
#ifdef __s390__
	long pid = raw(__NR_clone, 0, flags);
#else
	long pid = raw(__NR_clone, flags, 0);
#endif
	if (pid == 0)
		_exit(clone_live(task));
	return pid;
}

/* Waits for the end of a clone.  A thread, or a child of our parent, cannot be waited for: it says when it is done. */
static int clone_await(pid_t pid, long flags)
{
	int status = 0;

	if (!(flags & (CLONE_THREAD | CLONE_PARENT))) {
		while (kernel_wait(pid, &status, __WALL) < 0 && errno == EINTR)
			;
		return status;
	}
	while (!shared->clone_done)
		futex_wait(&shared->clone_done, 0, 5);
	while ((flags & CLONE_THREAD) && raw(__NR_tgkill, raw(__NR_getpid), pid, 0) == 0)
		sched_yield();
	return 0;
}

void call_clone(const struct line *line, struct answer *answer)
{
	static _Alignas(64) char stack[256 * 1024];
	long flags = argument_number(line, 0) | SIGCHLD;
	struct task task = {line->then, out_position()};

	shared->crowd = true;
	shared->clone_done = 0;
	errno = 0;
	long pid = line->api == LIBC ? clone(clone_live, stack + sizeof stack, flags, &task)
		 : flags & CLONE_VM ? library_clone(clone_live, stack + sizeof stack, flags, &task)
				    : clone_raw(flags, &task);
	answer_result(answer, pid);
	if (answer->failed)
		return;
	answer->number = 0;
	int status = clone_await(pid, flags);
	if (WIFSIGNALED(status) || shared->ending != RUNNING)
		crew_end(status);
	if (line->then) {
		out_begin((char *) shared + shared->written, transcript_end());
		answer->kind = WRITTEN;
	}
}
