/*
 * What a call finds on its line.
 *
 * A call takes its arguments by position and says what it expects.  An argument of another kind is a mistake of the
 * harness, never a finding about the target: the cell is refused.
 */
#include "agent.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static const struct token *argument(const struct line *line, int index)
{
	if (index >= line->tokens)
		refuse("agent: ", line->call_name ? line->call_name : line->verb, " needs more arguments", NULL);
	return &line->token[index];
}

static _Noreturn void wrong(const struct line *line, const struct token *token, const char *expected)
{
	refuse("agent: ", line->call_name ? line->call_name : line->verb, " cannot take ", token->source, " for ",
	       expected, NULL);
}

bool argument_is(const struct line *line, int index, const char *word)
{
	return index < line->tokens && line->token[index].kind == WORD && strcmp(line->token[index].text, word) == 0;
}

/* The process ID that a name stands for, with a `$` before it or without; 0 if it names no process. */
static pid_t process(const char *name)
{
	if (*name == '$' && strcmp(++name, "pid") == 0)
		return shared->main_pid;
	struct member *child = crew_find(CHILD, name);
	return child ? child->pid : 0;
}

int64_t argument_number(const struct line *line, int index)
{
	const struct token *token = argument(line, index);
	int64_t number;

	if (token->kind == NUMBER)
		return token->number;
	if (token->kind == WORD) {
		if ((number = process(token->text)))
			return number;
		if (word_number(token->text, false, &number))
			return number;
	}
	wrong(line, token, "a number");
}

/* A set of capabilities: a mask, or names. */
uint64_t argument_capabilities(const struct line *line, int index)
{
	const struct token *token = argument(line, index);
	int64_t number;

	if (token->kind == NUMBER)
		return token->number;
	if (token->kind == WORD && word_number(token->text, true, &number))
		return number;
	wrong(line, token, "capabilities");
}

/*
 * The next `$name` of a text: where its `$` stands, or NULL.  Its name is copied and `at` moved behind it; a name that is
 * too long for a process is left empty.  There is room for NAME_SIZE - 1 bytes.
 */
const char *variable_next(const char **at, char *name)
{
	const char *start = strchr(*at, '$');

	if (!start)
		return NULL;
	size_t length = strspn(start + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	*at = start + 1 + length;
	if (length >= NAME_SIZE - 1)
		length = 0;
	memcpy(name, start + 1, length);
	name[length] = 0;
	return start;
}

/* A text, with the process ID of main in the place of `$pid`, and of the child `c` in that of `$c`. */
const char *argument_text(const struct line *line, int index, size_t *length)
{
	const struct token *token = argument(line, index);
	const char *from, *at, *found;
	char name[NAME_SIZE] = "$";
	size_t variables = 0;

	if (token->kind != TEXT)
		wrong(line, token, "a text");
	for (at = token->text; variable_next(&at, name + 1);)
		variables++;
	char *text = arena_take(token->length + variables * 20 + 1), *to = text;
	for (from = at = token->text; variables && (found = variable_next(&at, name + 1));) {
		pid_t pid = process(name);
		memcpy(to, from, found - from);
		to += found - from;
		from = at;
		if (pid)
			to += snprintf(to, 21, "%d", (int) pid);
		else
			to = (char *) memcpy(to, found, at - found) + (at - found);
	}
	size_t rest = token->text + token->length - from;
	memcpy(to, from, rest);
	to += rest;
	*to = 0;
	if (length)
		*length = to - text;
	return text;
}

bool argument_is_path(const struct line *line, int index)
{
	const struct token *token = argument(line, index);

	for (int i = 0; token->kind == WORD && i < plan.first_do; i++)
		if (strcmp(plan.line[i].verb, "file") == 0 && argument_is(&plan.line[i], 0, token->text))
			return true;
	return token->kind == TEXT;
}

/* A path: a text, or a word that names a file of the cell.  The cell's folder is its current directory. */
const char *argument_path(const struct line *line, int index)
{
	if (!argument_is_path(line, index))
		wrong(line, argument(line, index), "a file of the cell");
	if (line->token[index].kind == TEXT)
		return argument_text(line, index, NULL);
	return line->token[index].text;
}

pid_t argument_pid(const struct line *line, int index)
{
	return argument_number(line, index);
}

/* An address of which any use faults.  The page belongs to us, so nothing else can come to lie there. */
static void *bad_pointer(void)
{
	static void *page;

	if (!page)
		page = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page;
}

bool argument_is_pointer(const struct line *line, int index)
{
	return argument_is(line, index, "valid") || argument_is(line, index, "null") ||
	       argument_is(line, index, "bad-pointer");
}

void *argument_pointer(const struct line *line, int index, void *valid)
{
	if (argument_is(line, index, "valid"))
		return valid;
	if (argument_is(line, index, "null"))
		return NULL;
	if (argument_is(line, index, "bad-pointer"))
		return bad_pointer();
	wrong(line, argument(line, index), "a pointer (valid, null or bad-pointer)");
}

/* A list of ids; each is cut to 32 bits as a cast does.  Never NULL, even if empty. */
uint32_t *argument_ids(const struct line *line, int index, size_t *count)
{
	const struct token *token = argument(line, index);

	if (token->kind != LIST)
		wrong(line, token, "a list of ids");
	uint32_t *ids = arena_take(token->count * sizeof *ids + sizeof *ids);
	for (size_t i = 0; i < token->count; i++)
		ids[i] = token->list[i];
	*count = token->count;
	return ids;
}
