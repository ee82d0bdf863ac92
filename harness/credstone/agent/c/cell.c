/*
 * One cell: fork, watch, kill, reap, answer.
 *
 * The agent itself does nothing that a cell could disturb.  It waits for the cell's process with a time limit, in one
 * system call: SIGCHLD is blocked and fetched, so there is no moment at which its arrival could be missed.
 */
#include "agent.h"
#include "library.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEFAULT_LIMIT = 10 * 1000, GRACE = 2 * 1000 }; /* milliseconds */

struct outcome {
	bool hang;
	int status; /* as wait(2) gives it */
};

/* False if it cannot be written: then nobody listens any more. */
bool write_all(int descriptor, const char *text, size_t length)
{
	while (length) {
		ssize_t count = raw(__NR_write, descriptor, text, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		text += count;
		length -= count;
	}
	return true;
}

static void answer_write(int output, const char *text, size_t length)
{
	if (!write_all(output, text, length))
		_exit(0);
}

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * In the new process.  It gets an alarm of its own: the kernel sends it, so it ends even a process that the agent has
 * no right to kill, or that an agent killed by force has left behind.  An exec keeps it.
 */
static _Noreturn void cell_process(int64_t limit)
{
	const struct itimerval alarm = {{0, 0}, {(limit + GRACE) / 1000, (limit + GRACE) % 1000 * 1000}};
	sigset_t none;

	descriptors_leave();
	raw(__NR_setpgid, 0, 0);
	setitimer(ITIMER_REAL, &alarm, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	crew_run();
}

/* Waits for the process, and kills it when its time is over. */
static struct outcome watch(pid_t process, int64_t limit)
{
	struct outcome outcome = {false, 0};
	int64_t end = milliseconds() + limit, left;
	sigset_t ended;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	while ((left = end - milliseconds()) > 0) {
		sigtimedwait(&ended, NULL, &(struct timespec){left / 1000, left % 1000 * 1000000});
		if (kernel_wait(process, &outcome.status, WNOHANG) == process)
			return outcome;
	}
	outcome.hang = true;
	sweep(process, process, &outcome.status);
	return outcome;
}

static void end_out(const struct outcome *outcome)
{
	int status = shared->ending == DIED ? shared->status : outcome->status;

	out_char('"');
	if (shared->ending == DONE) {
		out_plain("done");
	} else if (shared->ending == REFUSED) {
		out_plain("refused");
	} else if (outcome->hang) {
		out_plain("hang");
	} else {
		out_plain(WIFSIGNALED(status) ? "signal " : "exit ");
		out_number(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	}
	out_char('"');
}

/* What stands before the credentials in the answer. */
static size_t prefix(char *buffer, size_t size, const struct outcome *outcome)
{
	out_begin(buffer, buffer + size);
	out_char('[');
	out_number(shared->number);
	out_char(',');
	end_out(outcome);
	out_char(',');
	out_text(shared->note, shared->ending == REFUSED ? strnlen(shared->note, NOTE_SIZE) : 0);
	out_char(',');
	return out_position() - buffer;
}

/* The cell has written its part into the shared mapping; what stands around it is added in place: one write. */
static void answer(int output, const struct outcome *outcome)
{
	char before[2048], *body = transcript_body(), *end = (char *) shared + shared->committed;
	size_t length = prefix(before, sizeof before, outcome);

	if (end <= body || end > transcript_end()) {
		memcpy(body, "{},[", 4);
		end = body + 4;
	}
	memcpy(body - length, before, length);
	memcpy(end, "]]\n", 3);
	answer_write(output, body - length, end + 3 - (body - length));
}

/* An answer for what never ran. */
void answer_refused(int output, int64_t number, const char *note, const char *detail, size_t length)
{
	char buffer[2048], text[NOTE_SIZE];
	size_t at = 0;

	while (*note && at < sizeof text)
		text[at++] = *note++;
	for (size_t i = 0; i < length && at < sizeof text; i++)
		text[at++] = detail[i];
	out_begin(buffer, buffer + sizeof buffer);
	out_char('[');
	out_number(number);
	out_plain(",\"refused\",");
	out_text(text, at);
	out_plain(",{},[]]\n");
	answer_write(output, buffer, out_position() - buffer);
}

/* cell NUMBER LIMIT.  False if the line says something else. */
static bool head_read(const struct cell_text *cell, int64_t *number, int64_t *limit)
{
	int64_t values[2] = {0, 0};
	const char *at = cell->start + 4, *end = cell->start + cell->length;

	for (int i = 0; i < 2 && at < end && *at == ' '; i++)
		for (at++; at < end && *at >= '0' && *at <= '9' && values[i] < (int64_t) 1 << 53; at++)
			values[i] = values[i] * 10 + (*at - '0');
	*number = values[0];
	*limit = values[1] > 0 && values[1] < 3600 * 1000 ? values[1] : DEFAULT_LIMIT;
	return at < end && *at == '\n';
}

void cell_run(int output, const struct cell_text *cell)
{
	int64_t number, limit;

	if (!head_read(cell, &number, &limit)) {
		answer_refused(output, number, "agent: cannot read the first line of the cell", NULL, 0);
		return;
	}
	shared_reset();
	shared->number = number;
	shared->text = cell->start - (const char *) shared;
	shared->text_length = cell->length;
	pid_t process = library_fork();
	if (process == 0)
		cell_process(limit);
	if (process < 0) {
		const char *symbol = errno_name(errno);
		answer_refused(output, number, "fork: ", symbol, symbol ? strlen(symbol) : 0);
		return;
	}
	struct outcome outcome = watch(process, limit);
	if (shared->crowd || shared->ending != DONE)
		sweep(process, -1, NULL);
	if (shared->folder)
		folder_remove(number);
	if (shared->queues)
		queues_remove();
	answer(output, &outcome);
}
