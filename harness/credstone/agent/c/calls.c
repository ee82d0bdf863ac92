/*
 * The calls: how a name becomes a function, and how its result becomes an answer.
 *
 * The rows are in rows.h, which is generated from the table of calls.  A regular call needs nothing else; of any other
 * a function call_NAME is in calls_*.c.
 */
#include "agent.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct call *call_find(const char *name, enum api api)
{
	for (const struct call *call = calls; call->name; call++)
		if ((call->apis & api) && strcmp(call->name, name) == 0)
			return call;
	return NULL;
}

/* Performs a line and writes its answer.  What the call took from the arena ends with it. */
void call_perform(const struct line *line)
{
	struct answer answer = {0};
	size_t mark = arena_mark();

	if (line->all_threads)
		threads_perform(line, &answer);
	else if (line->who == VFORKED)
		vforked_perform(line, &answer);
	else
		line->call->perform(line, &answer);
	answer_out(&answer);
	arena_release(mark);
}

void answer_failed(struct answer *answer, int error)
{
	answer->failed = true;
	answer->error = error;
	answer->kind = A_NUMBER;
	answer->number = -1;
}

/* The convention of the C library: -1 is a failure and errno says why.  The caller has set errno to 0 before. */
void answer_result(struct answer *answer, int64_t result)
{
	answer->kind = A_NUMBER;
	answer->number = result;
	if (result == -1)
		answer_failed(answer, errno);
}

/*
 * A raw call that returns an id and cannot fail.  Where long has 32 bits, raw() takes the highest ids for error
 * numbers; that is undone, except for the errors that a filter or a young kernel gives.
 */
void answer_id(struct answer *answer, long result)
{
	if (result == -1 && (sizeof result > 4 || errno == EPERM || errno == ENOSYS))
		answer_failed(answer, errno);
	else
		answer_result(answer, result == -1 ? (uint32_t) -errno : (uint32_t) result);
}

void answer_ids(struct answer *answer, const uint32_t *ids, size_t count)
{
	answer->kind = A_LIST_OF_IDS;
	answer->ids = ids;
	answer->count = count;
}

void answer_list(struct answer *answer, const int64_t *list, size_t count)
{
	answer->kind = A_LIST;
	answer->list = list;
	answer->count = count;
}

void answer_text(struct answer *answer, const char *text, size_t length)
{
	answer->kind = A_TEXT;
	answer->text = text;
	answer->count = length;
}

static void value_out(const struct answer *answer)
{
	switch (answer->kind) {
	case A_NUMBER:
		out_number(answer->number);
		break;
	case A_TEXT:
		out_text(answer->text, answer->count);
		break;
	case A_LIST_OF_IDS:
		out_ids(answer->ids, answer->count);
		break;
	case A_LIST:
		out_numbers(answer->list, answer->count);
		break;
	case NOTHING:
	case WRITTEN:
		out_plain("null");
	}
}

static void error_out(const struct answer *answer)
{
	const char *symbol = errno_name(answer->error);
	char unnamed[24];

	if (answer->failed && !symbol)
		snprintf(unnamed, sizeof unnamed, "errno %d", answer->error);
	out_string(!answer->failed ? "" : symbol ? symbol : unnamed);
}

/* [errno, value, exception, stray], cut off after the last element that is not the default. */
void answer_out(const struct answer *answer)
{
	bool zero = answer->kind == A_NUMBER && answer->number == 0;

	if (answer->kind == WRITTEN) /* by another process */
		return;
	out_char('[');
	if (answer->failed || answer->stray || !zero) {
		error_out(answer);
		out_char(',');
		value_out(answer);
	}
	if (answer->stray) {
		out_plain(",\"\",");
		out_number(answer->stray);
	}
	out_char(']');
}
