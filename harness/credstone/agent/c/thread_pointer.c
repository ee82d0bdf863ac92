/*
 * What the threads of this C library are: whether the kernel takes them for threads of one process, as nptl(7) has it, with
 * variables of their own; and whether one still has its own thread pointer when the handler of a signal has returned.
 *
 * dietlibc makes processes that share their memory.  The agent cannot tell such members apart, nor the kernel their process.
 *
 * Programs that translate those of another machine have got this wrong: QEMU up to 7.2 keeps one table of segments for all
 * threads of an i386 program, and the return from a signal loads the segment that was made for the newest of them.
 */
#include "probes.h"
#include "library.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

enum { PATIENCE = 5 }; /* seconds, for a thread that has lost its way */

static void *waiting(void *nothing)
{
	for (;;)
		pause();
	return nothing;
}

static void handled(int number)
{
	(void) number;
}

/* The one that has the signal is not the newest: that is the other one, which waits meanwhile. */
static bool kept(void)
{
	pthread_t (*volatile own)(void) = pthread_self; /* asked anew each time */
	pthread_t newest, before = own();

	signal(SIGUSR1, handled);
	if (pthread_create(&newest, NULL, waiting, NULL) != 0)
		return true;
	raw(__NR_tgkill, raw(__NR_getpid), raw(__NR_gettid), SIGUSR1);
	return pthread_equal(before, own());
}

static _Thread_local volatile int local;
static _Atomic long process;

static void *writing(void *nothing)
{
	local = 2;
	process = raw(__NR_getpid);
	return waiting(nothing);
}

/* Another thread belongs to this process, and what it writes into a variable of its own is not to be seen here. */
static bool real(void)
{
	pthread_t other;

	local = 1;
	if (pthread_create(&other, NULL, writing, NULL) != 0)
		return true;
	while (!process)
		sched_yield();
	return local == 1 && process == raw(__NR_getpid);
}

/* Tried in a child; one that does not end in time does not have it. */
static bool tried(bool (*property)(void))
{
	int status = 0;

	pid_t child = library_fork();
	if (child == 0) {
		raw(__NR_setpgid, 0, 0);
		alarm(PATIENCE);
		_exit(!property());
	}
	bool known = child > 0 && kernel_wait(child, &status, 0) == child;
	if (known)
		sweep(child, -1, NULL); /* threads that are processes of their own (dietlibc) outlive it */
	return !known || status == 0;
}

bool probe_thread_pointer(void)
{
	return tried(kept);
}

bool probe_real_threads(void)
{
	return tried(real);
}
