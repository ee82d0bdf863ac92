/*
 * Who there is in a cell: processes and threads, made when a line first names them.
 *
 * They all stand in the shared mapping, under the names that the scenario gives them.  What they do is lines.c.
 */
#include "agent.h"
#include "library.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MEMBER_STACK = 256 * 1024 }; /* for NSS modules, which are generous with their stack */

static _Thread_local int self;
static pthread_t threads[MEMBERS]; /* of this process, as far as they are members */

static const char a_byte;

int crew_self(void)
{
	return self;
}

/* Says which member this is: a new image does, whose memory lies elsewhere. */
void crew_become(int member)
{
	self = member;
	shared->member[self].place = (uintptr_t) &a_byte;
}

/* How many threads this crew has besides main. */
int crew_threads(void)
{
	int count = 0;

	for (int i = 0; i < shared->members; i++)
		count += shared->member[i].kind == THREAD && !shared->member[i].gone;
	return count;
}

/* An address at which a process of the cell has a byte; all that only forked have what this one has. */
uint64_t crew_place(pid_t pid)
{
	for (int i = 0; i < shared->members; i++)
		if (shared->member[i].pid == pid)
			return shared->member[i].place;
	return shared->member[pid == shared->main_pid ? 0 : self].place;
}

struct member *crew_find(enum kind kind, const char *name)
{
	for (int i = 0; i < shared->members; i++)
		if (shared->member[i].kind == kind && strcmp(shared->member[i].name, name) == 0)
			return &shared->member[i];
	return NULL;
}

int crew_add(enum kind kind, const char *name)
{
	if (shared->members == MEMBERS)
		refuse("agent: ", "the cell has too many processes and threads", NULL);
	struct member *member = &shared->member[shared->members];
	member->turn = 0;
	member->kind = kind;
	member->gone = member->busy = false;
	member->calling = NOT_CALLING;
	member->pid = 0;
	member->place = (uintptr_t) &a_byte;
	member->listening = member->connected = -1;
	strcpy(member->name, name);
	return shared->members++;
}

/* A process that has been waited for cannot be asked any more. */
void crew_reaped(pid_t pid)
{
	for (int i = 1; i < shared->members; i++)
		if (shared->member[i].pid == pid)
			shared->member[i].gone = true;
}

/*
 * Waits until a member that said it would leave is gone: a process stays a zombie, of a thread nothing stays.  Who has
 * joined a thread may still find it in /proc: the kernel tells that it ends before it takes it off the list.
 */
void crew_see_off(int index)
{
	siginfo_t ended;

	if (shared->member[index].kind == THREAD) {
		pthread_join(threads[index], NULL);
		while (raw(__NR_tgkill, raw(__NR_getpid), shared->member[index].task, 0) == 0)
			sched_yield();
	} else
		while (kernel_waitid(P_PID, shared->member[index].pid, &ended, WEXITED | WNOWAIT) < 0 && errno == EINTR)
			;
}

/* Forks a member that lives from now on, and waits for its turn.  A fork loses the alarm of the cell (cell.c). */
pid_t crew_fork(enum kind kind, const char *name)
{
	int index = crew_add(kind, name);
	struct itimerval left;

	shared->crowd = true;
	getitimer(ITIMER_REAL, &left);
	pid_t pid = library_fork();
	if (pid < 0)
		refuse_errno("fork");
	if (pid == 0) {
		self = index;
		setitimer(ITIMER_REAL, &left, NULL);
		member_live();
		_exit(0);
	}
	return shared->member[index].pid = pid;
}

static void *thread_start(void *index)
{
	self = (intptr_t) index;
	shared->member[self].task = raw(__NR_gettid);
	member_live();
	return NULL;
}

static void crew_thread(const char *name)
{
	int index = crew_add(THREAD, name);
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, MEMBER_STACK);
	if ((errno = pthread_create(&threads[index], &attributes, thread_start, (void *) (intptr_t) index)))
		refuse_errno("pthread_create");
	pthread_attr_destroy(&attributes);
}

/* The member that performs this line; it is created if this is the first line that names it. */
int crew_performer(const struct line *line)
{
	if (line->who == MAIN || line->who == VFORKED)
		return 0;
	struct member *member = crew_find(line->who, line->name);
	if (!member && line->who == THREAD)
		crew_thread(line->name);
	else if (!member)
		crew_fork(line->who, line->name);
	return member ? member - shared->member : shared->members - 1;
}

static void summon_child(const char *name)
{
	if (plan_has_child(name) && !crew_find(CHILD, name))
		crew_fork(CHILD, name);
}

/* Forks the children that the arguments of a line name first: as words, or as variables in texts. */
void crew_summon(const struct line *line)
{
	char name[NAME_SIZE];

	if (plan.children && line->then)
		crew_summon(line->then);
	for (int i = 0; plan.children && i < line->tokens; i++) {
		const char *at = line->token[i].text;
		if (line->token[i].kind == WORD)
			summon_child(at + (*at == '$'));
		else if (line->token[i].kind == TEXT)
			while (variable_next(&at, name))
				summon_child(name);
	}
}
