/*
 * Plumbing: ptrace(2), as far as credentials decide over it.
 *
 * A process that is traced stops now and then: at a signal, at an exec.  Its tracer lets it go on at once, whenever it
 * waits for its turn (baton.c), so that tracing changes nothing but what the kernel allows the tracee.
 */
#include "agent.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absent.h"

static long trace(const struct line *line, int request, pid_t pid)
{
	return EITHER(line, ptrace(request, pid, NULL, NULL),
		      raw(__NR_ptrace, request, pid, NULL, NULL));
}

#include "do_tracee_stop.h"
#include "do_tracees_continue.h"

/* Waits until a tracee has stopped.  Only the thread that traces it may. */
static void await_stop(pid_t pid)
{
	while (kernel_wait(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
}

/*
 * What has ended stays hidden from its parent until its tracer has looked: a child looks for that too, because it has no
 * children of its own that a later line might still wait for.
 */
void tracees_go_on(void)
{
	enum kind kind = shared->member[crew_self()].kind;
	int which = WSTOPPED | WNOHANG | __WALL | __WNOTHREAD | (kind == CHILD || kind == OUTSIDE ? WEXITED : 0);
	tracees_continue(which);
}

void call_ptrace(const struct line *line, struct answer *answer)
{
	int request = argument_number(line, 0);
	pid_t pid = request == PTRACE_TRACEME ? 0 : argument_pid(line, 1);

	if (request == PTRACE_TRACEME && raw(__NR_getpid) == shared->main_pid)
		refuse("agent: ", "main cannot ask to be traced: its parent is the agent", NULL);
	if (request == PTRACE_DETACH)
		tracee_stop(pid);
	answer_result(answer, trace(line, request, pid));
	if (answer->failed)
		return;
	answer->number = 0;
	shared->traced = true;
	if (request == PTRACE_ATTACH) {
		await_stop(pid);
		raw(__NR_ptrace, PTRACE_CONT, pid, NULL, NULL);
	}
}
