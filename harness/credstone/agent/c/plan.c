/*
 * The text of a cell, parsed.
 *
 * It is parsed in the process of the cell, all of it before anything is done: a cell that the agent cannot perform is
 * refused before it has changed anything.  The text itself stays as it is, in the shared mapping, because the image
 * after an exec parses it once more.
 */
#include "agent.h"

#include <stdio.h>
#include <string.h>

struct plan plan;

/* Splits a copy of the line at its spaces; returns the number of words. */
static int split(char *line, char **words)
{
	int count = 0;

	for (char *at = line; at; count++) {
		char *space = strchr(at, ' ');
		if (space)
			*space++ = 0;
		words[count] = at;
		at = space;
	}
	return count;
}

static int spaces(const char *line, size_t length)
{
	int count = 0;

	for (size_t i = 0; i < length; i++)
		count += line[i] == ' ';
	return count;
}

static void tokens_read(char **words, int count, struct line *line)
{
	line->tokens = count;
	line->token = arena_take((count + 1) * sizeof *line->token);
	for (int i = 0; i < count; i++)
		if (!token_read(words[i], &line->token[i]))
			refuse("agent: ", "cannot read ", words[i], NULL);
}

/* `main`, `outside`, `threads`, `thread:t`, `child:c` */
static bool who_read(const char *word, struct line *line)
{
	line->name = "";
	if (strcmp(word, "main") == 0) {
		line->who = MAIN;
	} else if (strcmp(word, "threads") == 0) {
		line->who = MAIN;
		line->all_threads = true;
	} else if (strcmp(word, "outside") == 0) {
		line->who = OUTSIDE;
	} else if (strcmp(word, "vforked") == 0) {
		line->who = VFORKED;
	} else if (strncmp(word, "thread:", 7) == 0) {
		line->who = THREAD;
		line->name = word + 7;
	} else if (strncmp(word, "child:", 6) == 0) {
		line->who = CHILD;
		line->name = word + 6;
	} else {
		return false;
	}
	return strlen(line->name) < NAME_SIZE && (*line->name != 0) == (line->who == THREAD || line->who == CHILD);
}

static void call_name_read(const char *name, struct line *line)
{
	line->call_name = name;
	line->call = call_find(name, line->api);
	if (!line->call)
		refuse("agent: ", "there is no call ", name, " by ", line->api == LIBC ? "libc" : "syscall",
		       " in this C agent", NULL);
}

/* A surplus argument would be a test of nothing. */
static void check_count(const struct line *line)
{
	char count[24];

	if (line->tokens < 32 && line->call->takes >> line->tokens & 1)
		return;
	snprintf(count, sizeof count, "%d argument%s", line->tokens, line->tokens == 1 ? "" : "s");
	refuse("agent: ", line->call_name, " does not take ", count, NULL);
}

/* The head of a `do` line: who, API, call.  The rest of it are the arguments. */
static void do_read(char **words, int count, struct line *line)
{
	if (count < 4 || !who_read(words[1], line))
		refuse("agent: ", "cannot read who does what in a line 'do'", NULL);
	line->api = strcmp(words[2], "syscall") == 0 ? SYSCALL : strcmp(words[2], "libc") == 0 ? LIBC : 0;
	if (!line->api)
		refuse("agent: ", "there is no API ", words[2], " in the C agent", NULL);
	call_name_read(words[3], line);
}

/* The call that follows the word `then`, if there is one: by whom and by which API as the line to which it belongs. */
static void then_read(char **words, int count, struct line *line)
{
	int at = 0;

	while (at < count && strcmp(words[at], "then") != 0)
		at++;
	tokens_read(words, at, line);
	check_count(line);
	if (at == count)
		return;
	if (strcmp(line->call_name, "clone") != 0)
		refuse("agent: ", "no new process can do what stands behind ", line->call_name, NULL);
	struct line *then = arena_take(sizeof *then);
	*then = *line;
	line->then = then;
	if (at + 1 == count)
		refuse("agent: ", "no call follows the word 'then'", NULL);
	call_name_read(words[at + 1], then);
	tokens_read(words + at + 2, count - at - 2, then);
	check_count(then);
}

static enum extent extent_of(const char *verb)
{
	return strcmp(verb, "do") == 0      ? WHOLE
	       : strcmp(verb, "begin") == 0 ? BEGUN
	       : strcmp(verb, "await") == 0 ? AWAITED
					    : SETUP;
}

static void await_read(char **words, int count, struct line *line)
{
	if (count != 2 || !who_read(words[1], line))
		refuse("agent: ", "cannot read who is awaited in a line 'await'", NULL);
	line->call_name = words[0];
}

/* Main leads, so it cannot be left in a call; a new image cannot be begun, nor be that of a process of vfork(2). */
static void check_extent(const struct line *line)
{
	bool image = strcmp(line->call_name, "exec") == 0 || line->then;

	if (line->extent == BEGUN && (line->who == MAIN || line->who == VFORKED || image))
		refuse("agent: ", line->call_name, " cannot be left unfinished here", NULL);
	if (line->who == VFORKED && image)
		refuse("agent: ", line->call_name, " is not for a process of vfork(2)", NULL);
}

static void line_read(const char *text, size_t length, struct line *line)
{
	char *copy = arena_take(length + 1);
	char **words = arena_take((spaces(text, length) + 1) * sizeof *words);

	memcpy(copy, text, length);
	copy[length] = 0;
	int count = split(copy, words);
	line->verb = words[0];
	line->extent = extent_of(line->verb);
	if (line->extent == AWAITED) {
		await_read(words, count, line);
	} else if (line->extent != SETUP) {
		do_read(words, count, line);
		then_read(words + 4, count - 4, line);
		check_extent(line);
	} else {
		tokens_read(words + 1, count - 1, line);
	}
}

/* What the cell needs as a whole, and whether its lines stand in an order that makes sense. */
static void survey(void)
{
	plan.first_do = plan.lines;
	for (int i = 0; i < plan.lines; i++) {
		struct line *line = &plan.line[i];
		if (line->extent != SETUP) {
			if (i < plan.first_do)
				plan.first_do = i;
			plan.begins |= line->extent == BEGUN;
			plan.outside |= line->who == OUTSIDE;
			plan.children |= line->who == CHILD;
			plan.pipe |=
				strcmp(line->call_name, "read_pipe") == 0 || strcmp(line->call_name, "write_pipe") == 0;
		} else if (i > plan.first_do) {
			refuse("agent: ", "a set-up line stands after the first line 'do': ", line->verb, NULL);
		} else if (strcmp(line->verb, "load") == 0) {
			plan.load = argument_number(line, 0);
		} else if (strcmp(line->verb, "watch") == 0) {
			plan.watch = argument_number(line, 0);
		} else if (strcmp(line->verb, "namespace") == 0) {
			plan.mapper |= argument_is(line, 0, "outside");
		}
	}
}

/* Whether a child of this name performs any line: then the name stands for it wherever it is an argument. */
bool plan_has_child(const char *name)
{
	for (int i = plan.first_do; plan.children && i < plan.lines; i++)
		if (plan.line[i].who == CHILD && strcmp(plan.line[i].name, name) == 0)
			return true;
	return false;
}

/* Parses the cell that lies in the shared mapping. */
void plan_make(void)
{
	const char *text = (const char *) shared + shared->text, *end = text + shared->text_length;
	int lines = 0;

	for (const char *at = text; at < end; at++)
		lines += *at == '\n';
	plan.line = arena_take(lines * sizeof *plan.line);
	memset(plan.line, 0, lines * sizeof *plan.line);
	for (const char *at = text, *newline; at < end && (newline = memchr(at, '\n', end - at)); at = newline + 1)
		if (strncmp(at, "cell ", 5) != 0)
			line_read(at, newline - at, &plan.line[plan.lines++]);
	survey();
}
