/*
 * Watch: threads that look at each other while the lines of a cell run.
 *
 * A C library that changes the ids of all threads does so one by one, the caller last: where the caller has the new ids
 * nobody has the old ones.  Whether that holds can only be seen from within, while the call is under way.  Each watcher
 * sleeps until it is moved; a library that moves it by a signal wakes it by that.  As soon as its ids are new it reads
 * those of main, then those of the other watchers, until none is left with the old ones.
 *
 * The status files are opened at the beginning, so that no change of ids can take them away.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WATCHERS = 64, STATUS_PART = 2048, NAP = 10 * 1000 * 1000 }; /* NAP in nanoseconds */

struct ids {
	char text[512];
}; /* as the status shows them; a long list of groups is cut */

static int watchers, status_of[1 + WATCHERS]; /* descriptors; that of main stands first */
static _Atomic int ready, failed, behind;

static int status_open(void)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/task/%ld/status", raw(__NR_gettid));
	return kernel_open(path, O_RDONLY | O_CLOEXEC, 0);
}

static bool ids_read(int task, struct ids *ids)
{
	static const char *const fields[] = {"Uid", "Gid", "Groups"};
	char status[STATUS_PART];
	/* the offset is 0, in whatever registers it is passed */
	ssize_t length = raw(__NR_pread64, status_of[task], status, sizeof status - 1, 0, 0, 0);
	size_t at = 0;

	if (length <= 0)
		return false;
	status[length] = 0;
	for (int i = 0; i < 3; i++) {
		size_t size;
		const char *value = status_field(status, fields[i], &size);
		if (!value)
			return false;
		at += snprintf(ids->text + at, sizeof ids->text - at, "%.*s;", size < 160 ? (int) size : 160, value);
	}
	return true;
}

static bool same_ids(const struct ids *one, const struct ids *other)
{
	return strcmp(one->text, other->text) == 0;
}

/* Whether nobody has the old ids any more.  Main is read before the others: what they have then is not older. */
static bool all_moved(const struct ids *old, const struct ids *new)
{
	struct ids caller, other;
	bool caller_moved = ids_read(0, &caller) && same_ids(&caller, new);

	for (int i = 1; i <= watchers; i++)
		if (ids_read(i, &other) && same_ids(&other, old)) {
			if (caller_moved)
				behind = 1;
			return false;
		}
	return true;
}

static void *watch(void *place)
{
	int self = (int *) place - status_of;
	struct ids old, new;

	status_of[self] = status_open();
	if (status_of[self] < 0 || !ids_read(self, &old))
		failed = errno ? errno : ENOENT;
	ready++;
	while (!failed) {
		nanosleep(&(struct timespec){0, NAP}, NULL);
		if (behind || !ids_read(self, &new) || same_ids(&old, &new))
			continue;
		while (!behind && !all_moved(&old, &new))
			sched_yield();
		old = new;
	}
	return NULL;
}

void watch_start(int threads)
{
	pthread_t thread;

	if (threads > WATCHERS)
		refuse("agent: ", "more threads watch than there is room for", NULL);
	if ((status_of[0] = status_open()) < 0)
		refuse_errno("/proc/self/task");
	watchers = threads;
	for (int i = 1; i <= threads; i++)
		if ((errno = pthread_create(&thread, NULL, watch, &status_of[i])))
			refuse_errno("pthread_create");
	while (ready < threads)
		nanosleep(&(struct timespec){0, 100 * 1000}, NULL);
	if ((errno = failed))
		refuse_errno("/proc/self/task");
}

int watch_threads(void)
{
	return watchers;
}

void call_left_behind(const struct line *line, struct answer *answer)
{
	(void) line;
	if (!watchers)
		refuse("agent: ", "nobody watches in this cell", NULL);
	answer->number = behind;
}
