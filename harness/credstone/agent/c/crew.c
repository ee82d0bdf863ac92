/*
 * Who performs which line, and when.
 *
 * `main` leads.  It walks through the lines, performs its own, and hands the baton to the member that another line
 * names; afterwards it asks every member in turn for its credential.  Members are created when a line first names
 * them.  A cell with nobody but main never touches a futex.
 *
 * An exec replaces one member's image.  All that must outlive it stands in the shared mapping: the new image parses
 * the cell again and goes on where the old one stopped (crew_continue).
 */
#include "agent.h"
#include "baton.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MEMBER_STACK = 256 * 1024 };     /* for NSS modules, which are generous with their stack */

static _Thread_local int self;
static _Thread_local bool leaving;      /* the call that was just performed is the member's last one */
static _Thread_local int leaving_status;
static pthread_t threads[MEMBERS];      /* of this process, as far as they are members */

static const char a_byte;

int crew_self(void)
{
	return self;
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

static int crew_add(enum kind kind, const char *name)
{
	if (shared->members == MEMBERS)
		refuse("agent: ", "the cell has too many processes and threads", NULL);
	struct member *member = &shared->member[shared->members];
	member->turn = 0;
	member->kind = kind;
	member->gone = false;
	member->pid = 0;
	member->place = (uintptr_t) &a_byte;
	member->listening = member->connected = -1;
	strcpy(member->name, name);
	return shared->members++;
}

/* A process of the cell has ended with this status over its own line: so ends the cell, in the same way. */
_Noreturn void crew_end(int status)
{
	if (shared->ending == RUNNING) {
		shared->status = status;
		shared->ending = DIED;
	}
	_exit(1);
}

/* A member has ended while it was needed. */
static _Noreturn void end_like(const struct member *member)
{
	int status = 0;

	if (shared->ending == RUNNING)
		waitpid(member->pid, &status, 0);
	crew_end(status);
}

static void report_out(void)
{
	static const char *const prefixes[] = {"main", "outside", "thread ", "child "};
	const struct member *member = &shared->member[self];
	struct credential seen;
	char key[NAME_SIZE + 16];

	const char *failed = credential_observe(&seen);
	if (failed)
		refuse_errno(failed);
	strcat(strcpy(key, prefixes[member->kind]), member->name);
	out_string(key);
	out_char(':');
	credential_out(&seen);
}

/* Does what is ordered, in the member that has the baton. */
static void obey(void)
{
	if (shared->order == PERFORM)
		call_perform(&plan.line[shared->line]);
	else if (shared->order == REPORT)
		report_out();
	else if (shared->order == WRITE_MAPS)
		namespace_write_maps(&plan.line[shared->line]);
	else
		_exit(0);
}

static void take_transcript(void)
{
	out_begin((char *) shared + shared->written, transcript_end());
}

static void leave_transcript(void)
{
	shared->written = out_position() - (char *) shared;
}

/* Ends the member as soon as it has given the answer of its line. */
void crew_leave(int status)
{
	if (shared->member[self].kind != THREAD && shared->member[self].kind != CHILD)
		refuse("agent: ", "only threads and children can exit", NULL);
	leaving = true;
	leaving_status = status;
	shared->member[self].gone = true;
}

/* A process that has been waited for cannot be asked any more. */
void crew_reaped(pid_t pid)
{
	for (int i = 1; i < shared->members; i++)
		if (shared->member[i].pid == pid)
			shared->member[i].gone = true;
}

/* The life of every member but main. */
static void serve(void)
{
	while (!leaving) {
		baton_await(&shared->member[self]);
		take_transcript();
		obey();
		leave_transcript();
		baton_give(&shared->member[0]);
	}
	if (shared->member[self].kind != THREAD)
		_exit(leaving_status);
}

/* Waits until a member that said it would leave is gone: a process stays a zombie, of a thread nothing stays. */
static void see_off(int index)
{
	siginfo_t ended;

	if (shared->member[index].kind == THREAD)
		pthread_join(threads[index], NULL);
	else
		while (waitid(P_PID, shared->member[index].pid, &ended, WEXITED | WNOWAIT) < 0 && errno == EINTR)
			;
}

/* Whether the member did as ordered.  False if it has ended, which it may only before it is asked. */
static bool ask(int index, enum order order)
{
	struct member *member = &shared->member[index];

	if (member->gone)
		return false;
	shared->order = order;
	if (index == self) {
		obey();
		return true;
	}
	leave_transcript();
	baton_give(member);
	if (!baton_await_while_alive(&shared->member[self], member)) {
		if (member->turn && shared->ending == RUNNING) {        /* it never took the baton */
			member->gone = true;
			return false;
		}
		end_like(member);
	}
	take_transcript();
	if (member->gone)
		see_off(index);
	return true;
}

/* As ask, for what must be done. */
void crew_ask(int index, enum order order)
{
	if (!ask(index, order))
		refuse("agent: ", "a process of the cell that is still needed has ended", NULL);
}

/* Forks a member that lives from now on, and waits for its turn.  A fork loses the alarm of the cell (cell.c). */
pid_t crew_fork(enum kind kind, const char *name)
{
	int index = crew_add(kind, name);
	struct itimerval left;

	shared->crowd = true;
	getitimer(ITIMER_REAL, &left);
	pid_t pid = fork();
	if (pid < 0)
		refuse_errno("fork");
	if (pid == 0) {
		self = index;
		setitimer(ITIMER_REAL, &left, NULL);
		serve();
		_exit(0);
	}
	return shared->member[index].pid = pid;
}

static void *thread_start(void *index)
{
	self = (intptr_t) index;
	serve();
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
static int performer(const struct line *line)
{
	if (line->who == MAIN)
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
static void summon(const struct line *line)
{
	char name[NAME_SIZE];

	if (plan.children && line->then)
		summon(line->then);
	for (int i = 0; plan.children && i < line->tokens; i++) {
		const char *at = line->token[i].text;
		if (line->token[i].kind == WORD)
			summon_child(at + (*at == '$'));
		else if (line->token[i].kind == TEXT)
			while (variable_next(&at, name))
				summon_child(name);
	}
}

/* Every member reports.  The comma goes before a member that may turn out to have ended, and is taken back then. */
static void report_all(void)
{
	out_char('{');
	for (int i = 0, reported = 0; i < shared->members; i++) {
		if (shared->member[i].gone || shared->member[i].kind == MAPPER)
			continue;
		char *before = out_position();
		if (reported)
			out_char(',');
		if (ask(i, REPORT))
			reported++;
		else
			out_begin(before, transcript_end());
	}
	out_char('}');
}

static void commit(void)
{
	leave_transcript();
	shared->committed = shared->written;
}

static void line_finish(void)
{
	out_char(',');
	report_all();
	out_char(']');
	shared->steps++;
	commit();
}

/* Whoever is traced stays a zombie until its tracer is gone.  A traced main asks all to go before it. */
static void dismiss(void)
{
	shared->order = LEAVE;
	for (int i = 1; i < shared->members; i++)
		if (shared->member[i].pid && !shared->member[i].gone)
			baton_give(&shared->member[i]);
}

static _Noreturn void lines_run(int first)
{
	if (plan.load)
		load_start(plan.load);
	for (int i = first; i < plan.lines; i++) {
		int who = performer(&plan.line[i]);
		summon(&plan.line[i]);
		out_plain(shared->steps ? ",[" : "[");
		shared->line = i;
		crew_ask(who, PERFORM);
		line_finish();
	}
	shared->ending = DONE;
	if (shared->traced)
		dismiss();
	_exit(0);
}

/* The process of a cell, from its first instruction to its last. */
_Noreturn void crew_run(void)
{
	shared->main_pid = syscall(SYS_getpid);
	plan_make();
	self = crew_add(MAIN, "");
	take_transcript();
	setup_run();
	report_all();
	out_plain(",[");
	commit();
	lines_run(plan.first_do);
}

/* The new image after an exec: the line that called it has succeeded. */
_Noreturn void crew_continue(int member)
{
	struct answer success = {0};

	plan_make();
	self = member;
	shared->member[self].place = (uintptr_t) &a_byte;
	take_transcript();
	answer_out(&success);
	if (self != 0) {
		leave_transcript();
		baton_give(&shared->member[0]);
		serve();
		_exit(0);
	}
	for (int i = 0; i < shared->members; i++)       /* an exec ends all other threads */
		if (shared->member[i].kind == THREAD)
			shared->member[i].gone = true;
	line_finish();
	lines_run(shared->line + 1);
}
