/*
 * /proc/PID/status: one field of one process, and the common answer of all threads.
 *
 * It is plumbing and a second witness; the credentials in a transcript come from system calls (credential.c).
 */
#include "agent.h"
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATUS_MOST = 1 << 20 };

/* The value of a field, without the white space around it; NULL if there is no such field. */
const char *status_field(const char *status, const char *field, size_t *length)
{
	size_t name = strlen(field);

	for (const char *at = status; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, field, name) != 0 || at[name] != ':')
			continue;
		at += name + 1;
		at += strspn(at, " \t");
		*length = strcspn(at, "\n");
		while (*length && (at[*length - 1] == ' ' || at[*length - 1] == '\t'))
			--*length;
		return at;
	}
	return NULL;
}

/* Up to `most` decimal numbers; returns how many there are, or -1 if the text holds anything else. */
static long numbers_read(const char *text, size_t length, int64_t *numbers, size_t most)
{
	size_t count = 0;

	for (const char *at = text, *end = text + length; at < end; at += strspn(at, " \t")) {
		char *rest;
		int64_t number = strtoll(at, &rest, 10);
		if (rest == at || (rest < end && *rest != ' ' && *rest != '\t'))
			return -1;
		if (count < most)
			numbers[count] = number;
		count++;
		at = rest;
	}
	return count;
}

/* A list for Uid, Gid and Groups; one number for a mask or a single number; else the text. */
void answer_status(const char *status, const char *field, struct answer *answer)
{
	size_t length, most = 65536 + 8;
	const char *text = status_field(status, field, &length);

	if (!text) {
		answer_failed(answer, ENOENT);
		return;
	}
	bool list = strcmp(field, "Uid") == 0 || strcmp(field, "Gid") == 0 || strcmp(field, "Groups") == 0;
	bool mask = strncmp(field, "Cap", 3) == 0 || strncmp(field, "Sig", 3) == 0 || strcmp(field, "ShdPnd") == 0;
	if (mask && length == strspn(text, "0123456789abcdef")) {
		answer_result(answer, 0);
		answer->number = strtoull(text, NULL, 16);
		return;
	}
	int64_t *numbers = arena_take(most * sizeof *numbers);
	long count = numbers_read(text, length, numbers, most);
	if (list && count >= 0)
		answer_list(answer, numbers, count);
	else if (count == 1)
		answer->number = numbers[0];
	else
		answer_text(answer, text, length);
}

/* Where a call's answer is in a status: the field, and which of its numbers (all of them for 0). */
static const struct {
	const char *call, *field;
	int first, count;
} columns[] = {
#define IN_STATUS(name, field, first, count) {#name, field, first, count},
#include "rows.h"
	{NULL, NULL, 0, 0},
};

struct seen {
	char text[96]; /* what these threads have; a long list is cut, and then told by its length */
	struct answer answer;
	int threads;
};

static void text_of(const struct answer *answer, char *text, size_t size)
{
	size_t at = snprintf(text, size, "[");

	for (size_t i = 0; i < answer->count && at < size - 30; i++)
		at += snprintf(text + at, size - at, i ? ", %lld" : "%lld", (long long) answer->list[i]);
	snprintf(text + at, size - at, at < size - 30 ? "]" : ", ... %zu ids]", answer->count);
}

static bool same(const struct answer *one, const struct answer *other)
{
	return one->count == other->count && memcmp(one->list, other->list, one->count * sizeof *one->list) == 0;
}

/* Adds one thread's answer to those that were seen; returns how many different ones there are now. */
static int tally(struct seen *seen, int different, int most, const struct answer *answer)
{
	int i = 0;

	while (i < different && !same(&seen[i].answer, answer))
		i++;
	if (i == most)
		i--;
	if (i == different) {
		seen[i].answer = *answer;
		seen[i].threads = 0;
		text_of(answer, seen[i].text, sizeof seen[i].text);
		different++;
	}
	seen[i].threads++;
	return different;
}

static void verdict(const struct seen *seen, int different, bool single, struct answer *answer)
{
	if (different == 1) {
		*answer = seen[0].answer;
		if (single)
			answer_result(answer, answer->list[0]);
		return;
	}
	char *text = arena_take(different * 128 + 1);
	size_t at = 0;
	for (int i = 0; i < different; i++)
		at += snprintf(text + at, 128, "%s%d of the threads have %s", i ? "; " : "", seen[i].threads,
			       seen[i].text);
	answer_text(answer, text, at);
}

/* Every thread of the process, as /proc/self/task shows it.  All that agree: their answer; otherwise a text. */
void threads_perform(const struct line *line, struct answer *answer)
{
	enum { DIFFERENT = 16 };
	struct seen *seen = arena_take(DIFFERENT * sizeof *seen);
	char *status = arena_take(STATUS_MOST), path[64];
	int different = 0, column = 0;

	while (columns[column].call && strcmp(columns[column].call, line->call_name) != 0)
		column++;
	if (!columns[column].call || line->tokens)
		refuse("agent: ", "all threads cannot be asked for ", line->call_name, NULL);
	load_pause();
	struct names tasks;
	if (!names_open(&tasks, AT_FDCWD, "/proc/self/task"))
		refuse_errno("/proc/self/task");
	for (const char *task; (task = names_next(&tasks));) {
		struct answer one = {0};
		snprintf(path, sizeof path, "/proc/self/task/%.16s/status", task);
		ssize_t length = file_read(path, status, STATUS_MOST - 1);
		if (length < 0)
			continue;
		status[length] = 0;
		size_t mark = arena_mark();
		answer_status(status, columns[column].field, &one);
		if (one.kind != A_LIST)
			refuse("agent: ", "/proc/self/task/*/status has no list of ", columns[column].field, NULL);
		one.list += columns[column].first;
		if (columns[column].count)
			one.count = columns[column].count;
		int before = different;
		different = tally(seen, different, DIFFERENT, &one);
		if (different == before)
			arena_release(mark);
	}
	names_close(&tasks);
	load_resume();
	verdict(seen, different, columns[column].count == 1, answer);
}
