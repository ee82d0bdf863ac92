/*
 * The lines of a cell, one after the other, and what everybody does about them.
 *
 * `main` leads.  It walks through the lines, performs its own, and hands the baton to the member that another line
 * names; afterwards it asks every member in turn for its credential.  A cell with nobody but main never touches a futex.
 *
 * An exec replaces one member's image.  All that must outlive it stands in the shared mapping: the new image parses
 * the cell again and goes on where the old one stopped (crew_continue).
 */
#include "agent.h"
#include "baton.h"
#include "load.h"

#include <string.h>
#include <unistd.h>

static _Thread_local bool leaving; /* the call that was just performed is the member's last one */
static _Thread_local int leaving_status;

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
_Noreturn void crew_end_like(const struct member *member)
{
	int status = 0;

	if (shared->ending == RUNNING)
		kernel_wait(member->pid, &status, 0);
	crew_end(status);
}

static void report_out(void)
{
	static const char *const prefixes[] = {"main", "outside", "thread ", "child "};
	const struct member *member = &shared->member[crew_self()];
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
	else if (shared->order == ANSWER)
		unfinished_answer();
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
	if (shared->member[crew_self()].kind != THREAD && shared->member[crew_self()].kind != CHILD)
		refuse("agent: ", "only threads and children can exit", NULL);
	leaving = true;
	leaving_status = status;
	shared->member[crew_self()].gone = true;
}

/* The life of every member but main. */
void member_live(void)
{
	while (!leaving) {
		baton_await(&shared->member[crew_self()]);
		if (shared->order == BEGIN) {
			unfinished_perform();
			continue;
		}
		take_transcript();
		obey();
		leave_transcript();
		baton_give(&shared->member[0]);
	}
	if (shared->member[crew_self()].kind != THREAD)
		_exit(leaving_status);
}

/* Whether the member did as ordered.  False if it has ended, which it may only before it is asked. */
static bool ask(int index, enum order order)
{
	struct member *member = &shared->member[index];

	if (member->gone)
		return false;
	shared->order = order;
	if (index == crew_self()) {
		obey();
		return true;
	}
	leave_transcript();
	baton_give(member);
	if (!baton_await_while_alive(&shared->member[crew_self()], member)) {
		if (member->turn && shared->ending == RUNNING) { /* it never took the baton */
			member->gone = true;
			return false;
		}
		crew_end_like(member);
	}
	take_transcript();
	if (member->gone)
		crew_see_off(index);
	return true;
}

/* As ask, for what must be done. */
void crew_ask(int index, enum order order)
{
	if (!ask(index, order))
		refuse("agent: ", "a process of the cell that is still needed has ended", NULL);
}

/* Every member reports.  The comma goes before a member that may turn out to have ended, and is taken back then. */
static void report_all(void)
{
	out_char('{');
	for (int i = 0, reported = 0; i < shared->members; i++) {
		const struct member *member = &shared->member[i];
		if (member->gone || member->busy || member->kind == MAPPER)
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

/*
 * All who can go by themselves do, before main: whoever traces main has to, or main stays a zombie; and an agent that has
 * no right to kill would wait for their alarms.
 */
static void dismiss(void)
{
	shared->order = LEAVE;
	for (int i = 1; i < shared->members; i++)
		if (shared->member[i].pid && !shared->member[i].gone)
			baton_give(&shared->member[i]);
}

/* Begins a call that may not return: what can be said of it now is that it is under way. */
static void begin(struct member *member)
{
	shared->order = BEGIN;
	baton_give(member);
	unfinished_begin(member);
	out_plain("[\"\",null]");
}

static void line_run(const struct line *line)
{
	int who = crew_performer(line);
	struct member *member = &shared->member[who];

	crew_summon(line);
	out_plain(shared->steps ? ",[" : "[");
	shared->line = line - plan.line;
	if (line->extent == AWAITED)
		unfinished_await(member);
	if (member->busy || (member->gone && line->extent == BEGUN))
		refuse("agent: ", "who shall perform ", line->call_name, " has ended, or is in a call", NULL);
	if (line->extent == BEGUN)
		begin(member);
	else
		crew_ask(who, line->extent == AWAITED ? ANSWER : PERFORM);
	line_finish();
}

static _Noreturn void lines_run(int first)
{
	if (plan.load)
		load_start(plan.load);
	if (plan.watch)
		watch_start(plan.watch);
	for (int i = first; i < plan.lines; i++)
		line_run(&plan.line[i]);
	shared->ending = DONE;
	if (shared->crowd)
		dismiss();
	_exit(0);
}

/* The process of a cell, from its first instruction to its last. */
_Noreturn void crew_run(void)
{
	shared->main_pid = raw(__NR_getpid);
	plan_make();
	crew_become(crew_add(MAIN, ""));
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
	crew_become(member);
	take_transcript();
	answer_out(&success);
	if (crew_self() != 0) {
		leave_transcript();
		baton_give(&shared->member[0]);
		member_live();
		_exit(0);
	}
	for (int i = 0; i < shared->members; i++) /* an exec ends all other threads */
		if (shared->member[i].kind == THREAD) {
			shared->member[i].gone = true;
			shared->member[i].busy = false;
		}
	line_finish();
	lines_run(shared->line + 1);
}
