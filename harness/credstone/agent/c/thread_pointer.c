/*
 * Whether a thread still has its own thread pointer when the handler of a signal has returned.
 *
 * Programs that translate those of another machine have got this wrong: QEMU up to 7.2 keeps one table of segments for all
 * threads of an i386 program, and the return from a signal loads the segment that was made for the newest of them.
 */
#include "probes.h"
#include "library.h"

#include <pthread.h>
#include <signal.h>

enum { PATIENCE = 5 };  /* seconds, for a thread that has lost its way */

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
	pthread_t (*volatile own)(void) = pthread_self;         /* asked anew each time */
	pthread_t newest, before = own();

	signal(SIGUSR1, handled);
	if (pthread_create(&newest, NULL, waiting, NULL) != 0)
		return true;
	raw(SYS_tgkill, raw(SYS_getpid), raw(SYS_gettid), SIGUSR1);
	return pthread_equal(before, own());
}

bool probe_thread_pointer(void)
{
	int status = 0;

	pid_t child = library_fork();
	if (child == 0) {
		alarm(PATIENCE);
		_exit(!kept());
	}
	return child < 0 || kernel_wait(child, &status, 0) != child || status == 0;
}
