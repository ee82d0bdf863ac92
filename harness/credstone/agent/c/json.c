/*
 * The transcript: JSON, written by hand into memory.
 *
 * A list of 65536 groups after every line of every process is half a megabyte each, so numbers are not printed by
 * printf.  Every function checks the room that it may need once.
 */
#include "agent.h"

#include <string.h>

static char *at, *end;

void out_begin(char *start, char *limit)
{
	at = start;
	end = limit;
}

char *out_position(void)
{
	return at;
}

static void room(size_t bytes)
{
	if ((size_t) (end - at) < bytes)
		refuse("agent: ", "the transcript is full", NULL);
}

void out_char(char c)
{
	room(1);
	*at++ = c;
}

/* Text that needs no quotes or escapes, or brings its own. */
void out_plain(const char *text)
{
	size_t length = strlen(text);

	room(length);
	memcpy(at, text, length);
	at += length;
}

/* The length of the UTF-8 character of several bytes that a text begins with; 0 if it begins with no such character. */
static size_t character(const unsigned char *text, size_t length)
{
	size_t count = *text < 0xc2 || *text > 0xf4 ? 0 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3 : 4;

	if (count > length)
		return 0;
	for (size_t i = 1; i < count; i++)
		if (text[i] >> 6 != 2)
			return 0;
	bool too_long = (*text == 0xe0 && text[1] < 0xa0) || (*text == 0xf0 && text[1] < 0x90);
	bool no_character = (*text == 0xed && text[1] >= 0xa0) || (*text == 0xf4 && text[1] >= 0x90);
	return too_long || no_character ? 0 : count;
}

/* A JSON string, in UTF-8.  Bytes that are no UTF-8 become the characters with the same number, so that any can be carried. */
void out_text(const char *text, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	size_t whole;

	room(6 * length + 2);
	*at++ = '"';
	for (size_t i = 0; i < length; i++) {
		unsigned char c = text[i];
		if (c == '"' || c == '\\') {
			*at++ = '\\';
			*at++ = c;
		} else if (c >= 0x20 && c < 0x7f) {
			*at++ = c;
		} else if ((whole = character((const unsigned char *) text + i, length - i))) {
			memcpy(at, text + i, whole);
			at += whole;
			i += whole - 1;
		} else {
			memcpy(at, "\\u00", 4);
			at[4] = digits[c >> 4];
			at[5] = digits[c & 15];
			at += 6;
		}
	}
	*at++ = '"';
}

void out_string(const char *text)
{
	out_text(text, strlen(text));
}

static void digits_out(uint64_t number)
{
	char digits[20];
	int count = 0;

	do
		digits[count++] = '0' + number % 10;
	while (number /= 10);
	while (count)
		*at++ = digits[--count];
}

void out_number(int64_t number)
{
	room(21);
	if (number < 0)
		*at++ = '-';
	digits_out(number < 0 ? -(uint64_t) number : (uint64_t) number);
}

void out_ids(const uint32_t *ids, size_t count)
{
	room(11 * count + 2);
	*at++ = '[';
	for (size_t i = 0; i < count; i++) {
		if (i)
			*at++ = ',';
		digits_out(ids[i]);
	}
	*at++ = ']';
}

void out_numbers(const int64_t *numbers, size_t count)
{
	out_char('[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			out_char(',');
		out_number(numbers[i]);
	}
	out_char(']');
}
