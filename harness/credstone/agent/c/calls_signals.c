/*
 * Plumbing: signals, sent in every way in which credentials decide over them, blocked, and waited for.
 */
#include "agent.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "absent.h"
#include "do_signals.h"

/* Functions of young C libraries; where one lacks them, the raw call stands in. */
extern int tgkill(pid_t, pid_t, int) __attribute__((weak));
extern int pidfd_send_signal(int, int, siginfo_t *, unsigned int) __attribute__((weak));

enum { PATIENCE = 1000 };               /* milliseconds for a signal to arrive */

/* All signals but those that the C library keeps for itself: it would not work without them. */
static void signals_fill(struct signals *set)
{
	sigset_t full;

	sigfillset(&full);
	memcpy(set, &full, sizeof *set);
}

/* To the first thread of a process. */
void call_tgkill(const struct line *line, struct answer *answer)
{
	long pid = argument_pid(line, 0), signal = argument_number(line, 1);

	answer_result(answer, EITHER(line, tgkill ? tgkill(pid, pid, signal) : raw(__NR_tgkill, pid, pid, signal),
				     raw(__NR_tgkill, pid, pid, signal)));
}

void call_sigqueue(const struct line *line, struct answer *answer)
{
	long pid = argument_pid(line, 0), signal = argument_number(line, 1);
	const union sigval value = {.sival_int = 0};
	siginfo_t queued;

	memset(&queued, 0, sizeof queued);
	queued.si_signo = signal;
	queued.si_code = SI_QUEUE;
	queued.si_pid = raw(__NR_getpid);
	queued.si_uid = raw(NR(getuid));
	answer_result(answer, EITHER(line, sigqueue(pid, signal, value),
				     raw(__NR_rt_sigqueueinfo, pid, signal, &queued)));
}

static long send_by_pidfd(const struct line *line, long pidfd, long signal)
{
	return EITHER(line, pidfd_send_signal ? pidfd_send_signal(pidfd, signal, NULL, 0)
					      : raw(__NR_pidfd_send_signal, pidfd, signal, NULL, 0),
		      raw(__NR_pidfd_send_signal, pidfd, signal, NULL, 0));
}

void call_pidfd_send_signal(const struct line *line, struct answer *answer)
{
	long pid = argument_pid(line, 0), signal = argument_number(line, 1);

	errno = 0;
	long pidfd = raw(__NR_pidfd_open, pid, 0);
	answer_result(answer, pidfd < 0 ? -1 : send_by_pidfd(line, pidfd, signal));
	kernel_close(pidfd);
}

/* sigprocmask HOW SIGNAL, or all signals. */
void call_sigprocmask(const struct line *line, struct answer *answer)
{
	long how = argument_number(line, 0);
	struct signals set = {{0}};
	sigset_t of_library;

	if (argument_is(line, 1, "all"))
		signals_fill(&set);
	else
		signals_add(&set, argument_number(line, 1));    /* sigaddset(3) would refuse the library's own ones */
	errno = 0;
	if (line->api == LIBC) {
		sigemptyset(&of_library);
		memcpy(&of_library, &set, sizeof set);
		errno = pthread_sigmask(how, &of_library, NULL);
		answer_result(answer, errno ? -1 : 0);
		return;
	}
	answer_result(answer, raw(__NR_rt_sigprocmask, how, &set, NULL, sizeof set));
}

/* sigaction SIGNAL SIG_IGN, or SIG_DFL. */
void call_sigaction(const struct line *line, struct answer *answer)
{
	const struct sigaction action = {.sa_handler = argument_is(line, 1, "SIG_IGN") ? SIG_IGN : SIG_DFL};

	errno = 0;
	answer_result(answer, sigaction(argument_number(line, 0), &action, NULL));
}

/* To the calling thread itself. */
void call_pthread_kill(const struct line *line, struct answer *answer)
{
	errno = pthread_kill(pthread_self(), argument_number(line, 0));
	answer_result(answer, errno ? -1 : 0);
}

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static long wait_by_libc(int signal, siginfo_t *arrived, long left)
{
	const struct timespec limit = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	return sigtimedwait(&set, arrived, &limit);
}

static long wait_raw(int signal, siginfo_t *arrived, long left)
{
	struct signals set = {{0}};

	signals_add(&set, signal);
	const struct kernel_times limit = {left / 1000, left % 1000 * 1000000};
	return raw(__NR_rt_sigtimedwait, &set, arrived, &limit, sizeof set);
}

/* The real uid of whoever sent it.  Another signal may interrupt the wait: the C library's own, for one. */
void call_sigwaitinfo(const struct line *line, struct answer *answer)
{
	int signal = argument_number(line, 0);
	int64_t end = milliseconds() + PATIENCE, left = PATIENCE;
	siginfo_t arrived = {0};
	long result;

	do {
		result = EITHER(line, wait_by_libc(signal, &arrived, left), wait_raw(signal, &arrived, left));
		left = end - milliseconds();
	} while (result < 0 && errno == EINTR && left > 0);
	answer_result(answer, result);
	if (!answer->failed)
		answer->number = (uint32_t) arrived.si_uid;
}
