/*
 * One token of a line: a number, a "text, a [list], or a word.
 *
 * A token is parsed once, in the cell's own process: if it is so strange that the parser falls over it, the cell
 * crashes and not the agent.
 */
#include "agent.h"

#include <string.h>

/* Reads a signed decimal number and says where it ends; NULL if there is none or it has more than 64 bits. */
static const char *number_read(const char *at, int64_t *number)
{
	bool negative = *at == '-';
	int64_t value = 0;

	at += negative;
	if (*at < '0' || *at > '9')
		return NULL;
	for (; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, negative ? '0' - *at : *at - '0', &value))
			return NULL;
	*number = value;
	return at;
}

static int hexadecimal(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return -1;
}

/* Undoes %XX.  The decoded text is never longer than the token, so it stays where it stands. */
static bool text_read(char *at, struct token *token)
{
	char *to = at;

	token->text = at;
	for (; *at; at++) {
		if (*at != '%') {
			*to++ = *at;
			continue;
		}
		int high = hexadecimal(at[1]), low = high < 0 ? -1 : hexadecimal(at[2]);
		if (low < 0)
			return false;
		*to++ = high << 4 | low;
		at += 2;
	}
	token->length = to - token->text;
	*to = 0;
	return true;
}

/* One pass counts the elements of a list, a second one stores them: `store` is NULL in the first. */
static bool list_read(const char *at, int64_t *store, size_t *count)
{
	const int64_t most = 4 << 20; /* far more than any list of groups */

	*count = 0;
	if (strcmp(at, "]") == 0)
		return true;
	for (;;) {
		int64_t first, last;
		if (!(at = number_read(at, &first)))
			return false;
		last = first;
		if (at[0] == '.' && at[1] == '.' && !(at = number_read(at + 2, &last)))
			return false;
		if (last < first || last - first >= most || (int64_t) *count + last - first >= most)
			return false;
		for (int64_t value = first; store && value <= last; value++)
			store[*count + (value - first)] = value;
		*count += last - first + 1;
		if (*at == ']')
			return at[1] == 0;
		if (*at++ != ',')
			return false;
	}
}

/* Parses the token that stands alone in `source`.  False if it is none that a C agent can read. */
bool token_read(char *source, struct token *token)
{
	const char *rest;

	memset(token, 0, sizeof *token);
	token->source = source;
	if (*source == '"') {
		token->kind = TEXT;
		return text_read(source + 1, token);
	}
	if (*source == '[') {
		token->kind = LIST;
		if (!list_read(source + 1, NULL, &token->count))
			return false;
		int64_t *list = arena_take(token->count * sizeof *list + sizeof *list);
		token->list = list;
		return list_read(source + 1, list, &token->count);
	}
	if ((rest = number_read(source, &token->number)) && *rest == 0) {
		token->kind = NUMBER;
		return true;
	}
	token->kind = WORD;
	token->text = source;
	token->length = strlen(source);
	return *source != 0;
}
