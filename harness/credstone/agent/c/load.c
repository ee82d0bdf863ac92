/*
 * Load: many threads that come and go while the lines of a cell run.
 *
 * Every thread of the ring lives for a moment, creates its successor, and ends.  A C library that changes the ids of
 * all threads must not miss one that is just being created or just ending.  A successor inherits the credential of its
 * creator: so a thread that was missed leaves a trace that does not vanish with it.  Every second one blocks all the
 * signals that it can until its end: a library that waits for it to handle one waits for ever.
 */
#include "agent.h"
#include "baton.h"
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "absent.h"

enum { STACK = 64 * 1024 };                                                    /* bytes */
enum { LIFE = 200 * 1000, WORK = 7 * 1000 * 1000, PERIOD = 10 * 1000 * 1000 }; /* nanoseconds */

static _Atomic uint32_t paused, parked;
static int ring_size, strangers;
static pthread_attr_t attributes;

static void moment(void)
{
	nanosleep(&(struct timespec){0, LIFE}, NULL);
}

/*
 * The whole ring creates threads for 7 ms and rests for 3 ms.  A C library keeps its threads in a list behind a lock
 * that is not fair: a call that needs the lock could wait for minutes if the ring never let go of it.
 */
static void rest(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	long phase = now.tv_nsec % PERIOD;
	if (phase >= WORK)
		nanosleep(&(struct timespec){0, PERIOD - phase}, NULL);
}

/* Waits until the thread is gone that made this one; for a while only, as another may have its number by now. */
static void see_off(pid_t predecessor)
{
	for (int tries = 0; tries < 1000 && raw(__NR_tgkill, raw(__NR_getpid), predecessor, 0) == 0; tries++)
		moment();
}

/*
 * ``given`` is the number of the thread that made this one, doubled, and 1 more if this one blocks all signals.
 *
 * A thread creates its successor when its predecessor is gone.  Otherwise those that are still ending pile up, until a
 * limit on processes makes pthread_create(3) fail: that is another test, and glibc 2.36 hangs in it (a change of ids
 * waits for a thread that is never cloned, while its maker waits for the lock that the change holds).
 */
static void *slot(void *given)
{
	bool blocks = (uintptr_t) given & 1;
	void *next = (void *) ((uintptr_t) raw(__NR_gettid) << 1 | !blocks);
	pthread_t successor;
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(blocks ? SIG_BLOCK : SIG_UNBLOCK, &all, NULL);
	moment();
	see_off((uintptr_t) given >> 1);
	rest();
	if (paused) {
		parked++;
		while (paused)
			futex_wait(&paused, 1, 0);
		parked--;
	}
	while (pthread_create(&successor, &attributes, slot, next) != 0)
		moment();
	return NULL;
}

/* A stack no smaller than this C library demands: it grows with the signal frame of the machine. */
static size_t stack_size(void)
{
	long least = PTHREAD_STACK_MIN;

#ifdef _SC_THREAD_STACK_MIN
	if (sysconf(_SC_THREAD_STACK_MIN) > least)
		least = sysconf(_SC_THREAD_STACK_MIN);
#endif
	return least + 16 * 1024 > STACK ? (size_t) least + 16 * 1024 : STACK;
}

static int tasks(void)
{
	struct names names;
	int count = 0;

	if (!names_open(&names, AT_FDCWD, "/proc/self/task"))
		return -1;
	while (names_next(&names))
		count++;
	names_close(&names);
	return count;
}

/* Called by a process that has made no thread yet: whatever there is besides its own is an emulator's. */
void load_start(int threads)
{
	pthread_t thread;

	ring_size = threads;
	strangers = tasks() - 1;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, stack_size());
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < threads; i++)
		if ((errno = pthread_create(&thread, &attributes, slot, NULL)))
			refuse_errno("pthread_create");
}

/*
 * Stops the coming and going, so that the threads can be counted.  A predecessor that is just ending may lawfully have
 * been left out of a change of ids, because it runs no code any more: so wait until only the living are left.  If that
 * takes longer than any ending can, count what is there.
 */
void load_pause(void)
{
	if (!ring_size)
		return;
	paused = 1;
	for (int tries = 0; tries < 2000; tries++) {
		int living = 1 + crew_threads() + watch_threads() + ring_size + strangers;
		if (parked == (uint32_t) ring_size && tasks() == living)
			return;
		nanosleep(&(struct timespec){0, 1000 * 1000}, NULL);
	}
}

void load_resume(void)
{
	paused = 0;
	if (ring_size)
		futex_wake(&paused);
}
