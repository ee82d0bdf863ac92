/*
 * The session: the facts first, then one answer for each cell, until the input ends.
 *
 * An agent serves a whole session, because a fork costs microseconds and a start milliseconds.  The same program is
 * also what a cell executes when a scenario wants an exec: then it goes on in the middle of a cell.
 */
#include "agent.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static int input, output;

static void help(int descriptor)
{
	static const char text[] =
		"The agent of Credstone: reads cells from standard input, performs their calls, writes what it saw.\n"
		"It is started by `credstone run`; the protocol is harness/credstone/agent/PROTOCOL.md.\n";

	write_all(descriptor, text, sizeof text - 1);
}

/* Moves a descriptor out of the way of the three that everybody knows, and of every exec. */
static int move(int descriptor)
{
	int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 10);

	if (moved < 0)
		_exit(1);
	return moved;
}

/* What a library or a scenario prints must not disturb the answers: 0 is nothing, 1 is the standard error. */
static void descriptors_prepare(void)
{
	int nothing = kernel_open("/dev/null", O_RDWR | O_CLOEXEC, 0);

	if (fcntl(2, F_GETFD) < 0)
		dup2(nothing, 2);
	input = move(0);
	output = move(1);
	dup2(nothing, 0);
	dup2(2, 1);
	if (nothing > 2)
		kernel_close(nothing);
}

/* A cell does not hold what the harness listens to: when the agent dies, the harness is to hear it at once. */
void descriptors_leave(void)
{
	kernel_close(input);
	kernel_close(output);
}

static void arrived(int signal)
{
	(void) signal;
}

/*
 * SIGCHLD is blocked, to be fetched (cell.c), and has a handler, because some systems drop a blocked signal whose
 * default is to be ignored.  It, and all other signals, may come in any state from whoever started the agent.
 */
static void signals_prepare(void)
{
	/* a shell ignores the first two for what it starts in the background, nohup(1) the third */
	static const int ending[] = {SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGABRT, SIGSEGV};
	struct sigaction action = {.sa_handler = arrived, .sa_flags = SA_RESTART};
	sigset_t blocked;

	sigaction(SIGCHLD, &action, NULL);
	action.sa_handler = SIG_DFL;
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		sigaction(ending[i], &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

/*
 * Crashes are part of the business and must leave no core.  A limit of 0 does not stop a core from going to a program
 * (core(5), "piping core dumps to a program"); a limit of 1 does, and is too small for a file.
 */
static void cores_forbid(void)
{
	struct rlimit cores;

	if (getrlimit(RLIMIT_CORE, &cores) < 0 || cores.rlim_max < 1)
		return;
	cores.rlim_cur = 1;
	setrlimit(RLIMIT_CORE, &cores);
}

static void facts_write(void)
{
	char *start = transcript_body();

	out_begin(start, transcript_end());
	facts_out();
	out_char('\n');
	if (!write_all(output, start, out_position() - start))
		_exit(0);
	shared->written = out_position() - (char *) shared;
}

static _Noreturn void session(void)
{
	struct cell_text cell;

	descriptors_prepare();
	signals_prepare();
	cores_forbid();
	beginning_note();
	raw(__NR_prctl, PR_SET_CHILD_SUBREAPER, 1);
	shared_create();
	shared->home = namespace_of_users();
	shared_reset();
	facts_write();
	for (;;)
		switch (input_next(input, &cell)) {
		case CELL:
			cell_run(output, &cell);
			break;
		case STRAY_LINE:
			answer_refused(output, 0, "agent: cannot read ", cell.start, cell.length);
			break;
		case TOO_LONG:
			answer_refused(output, strtoll(cell.start + 5, NULL, 10), "agent: the cell is too long", NULL,
				       0);
			input_skip(input);
			break;
		case END_OF_INPUT:
			_exit(0);
		}
}

/*
 * Where `--continue DESCRIPTOR MEMBER` stands: first, or behind what the kernel puts before the arguments of a script,
 * which is the argument in its first line, if there is one, and its path.  NULL if it stands nowhere.
 */
static char **continuation(int count, char **arguments)
{
	for (int i = 1; i <= 3; i++)
		if (count == i + 3 && strcmp(arguments[i], "--continue") == 0)
			return arguments + i + 1;
	return NULL;
}

/* Goes on with a cell after an exec. */
static int resume(char **arguments)
{
	int member = atoi(arguments[1]);

	if (!shared_adopt(atoi(arguments[0])) || member < 0 || member >= shared->members)
		return 2;
	crew_continue(member);
}

int main(int count, char **arguments)
{
	char **rest = continuation(count, arguments);

	if (rest)
		return resume(rest);
	if (count > 1) {
		bool asked = strcmp(arguments[1], "--help") == 0;
		help(asked ? 1 : 2);
		return asked ? 0 : 2;
	}
	/* A set-user-ID copy serves nobody but the cell that it was made for. */
	if (getauxval(AT_SECURE))
		return 2;
	session();
}
