/*
 * Plumbing: processes, and what they execute.
 */
#include "agent.h"

#include <alloca.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absent.h"
#include "do_small_stack.h"

/* A child that has ended by itself, or by a signal: it is reaped.  The answer is the real uid that it had. */
void call_waitid(const struct line *line, struct answer *answer)
{
	pid_t pid = argument_pid(line, 0);
	siginfo_t ended = {0};

	answer_result(answer, EITHER(line, waitid(P_PID, pid, &ended, WEXITED),
				     kernel_waitid(P_PID, pid, &ended, WEXITED)));
	if (answer->failed)
		return;
	crew_reaped(pid);
	answer->number = (uint32_t) ended.si_uid;
}

/* The member ends behind its answer: crew.c. */
void call_exit(const struct line *line, struct answer *answer)
{
	crew_leave(argument_number(line, 0));
	answer_result(answer, 0);
}

/* What the kernel told the image that runs.  No system call gives it. */
void call_getauxval(const struct line *line, struct answer *answer)
{
	unsigned long type = argument_number(line, 0);

	errno = 0;
	unsigned long value = getauxval(type);
	if (errno)
		answer_failed(answer, errno);
	else
		answer->number = value;
}

/* Sleeps for ever, whatever signals come. */
static _Noreturn void sleep_for_ever(enum api api)
{
	for (;;) {
		if (api == LIBC)
			pause();
		else
			raw(__NR_ppoll, NULL, 0, NULL, NULL, 0);
	}
}

/* AddressSanitizer would put its own gaps into the small stack (do_small_stack.h). */
static __attribute__((no_sanitize_address)) void sleep_raw(void)
{
	sleep_for_ever(SYSCALL);
}

void call_pause(const struct line *line, struct answer *answer)
{
	const size_t other = 256 * 1024;

	(void) answer;
	if (argument_is(line, 0, "on-a-small-stack"))
		refuse_errno(on_a_small_stack(sleep_raw, arena_take(other), other));
	sleep_for_ever(line->api);
}

void call_abort(const struct line *line, struct answer *answer)
{
	(void) line;
	(void) answer;
	abort();
}

/* A field of /proc/PID/status. */
void call_status(const struct line *line, struct answer *answer)
{
	const size_t most = 4 << 20;    /* a list of 65536 groups, of up to 11 bytes each, and the rest */
	char *status = arena_take(most), path[64];

	if (line->tokens < 2 || line->token[1].kind != WORD)
		refuse("agent: ", "status needs a process and a field", NULL);
	if (argument_is(line, 0, "self") || argument_is(line, 0, "thread-self"))
		snprintf(path, sizeof path, "/proc/%s/status", line->token[0].text);
	else
		snprintf(path, sizeof path, "/proc/%d/status", (int) argument_pid(line, 0));
	errno = 0;
	ssize_t length = file_read(path, status, most - 1);
	if (length < 0) {
		answer_failed(answer, errno);
		return;
	}
	status[length] = 0;
	answer_status(status, line->token[1].text, answer);
}

/* After success the new image answers for this line: crew_continue. */
void call_exec(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	char descriptor[16], member[16];
	/* A thread that executes becomes the leader of its process, and so the new main. */
	int index = shared->member[crew_self()].kind == THREAD ? 0 : crew_self();
	char *arguments[] = {(char *) "agent", (char *) "--continue", descriptor, member, NULL};

	snprintf(descriptor, sizeof descriptor, "%d", shared_descriptor());
	snprintf(member, sizeof member, "%d", index);
	shared->written = out_position() - (char *) shared;
	shared_inherit(true);
	long result = EITHER(line, execve(path, arguments, environ), raw(__NR_execve, path, arguments, environ));
	int error = errno;
	shared_inherit(false);
	errno = error;
	answer_result(answer, result);
}
