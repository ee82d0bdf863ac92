/*
 * Standard input, cut into cells.
 *
 * The harness may send many cells ahead.  They are read in large pieces, straight into the shared mapping, where the
 * processes of a cell find its text without a copy.
 */
#include "agent.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

static size_t start, end; /* what has been read and not yet handed out */

/* Reads more.  False at the end of input, or when the buffer has no room for more. */
static bool read_more(int descriptor)
{
	size_t size;
	char *buffer = shared_input(&size);
	ssize_t count;

	if (start == end)
		start = end = 0;
	if (end + PIECE > size && start > 0) {
		memmove(buffer, buffer + start, end - start);
		end -= start;
		start = 0;
	}
	if (end == size)
		return false;
	do
		count = kernel_read(descriptor, buffer + end, size - end < PIECE ? size - end : PIECE);
	while (count < 0 && errno == EINTR);
	if (count <= 0)
		return false;
	end += count;
	return true;
}

/* Finds the line that starts at `from` past `start`; without its newline.  NULL: the input, or the room, has ended. */
static const char *line_at(int descriptor, size_t from, size_t *length)
{
	size_t size, searched = from;

	for (;;) {
		const char *buffer = shared_input(&size) + start;
		const char *newline = memchr(buffer + searched, '\n', end - start - searched);
		if (newline) {
			*length = newline - (buffer + from);
			return buffer + from;
		}
		searched = end - start;
		if (!read_more(descriptor))
			return NULL;
	}
}

static bool is(const char *line, size_t length, const char *word)
{
	return length == strlen(word) && memcmp(line, word, length) == 0;
}

static bool buffer_is_full(void)
{
	size_t size;

	shared_input(&size);
	return end - start == size;
}

/* The next cell.  A line that stands between cells is handed out alone, so that it can be complained of. */
enum found input_next(int descriptor, struct cell_text *cell)
{
	const char *line;
	size_t length = 0, at = 0;

	do {
		start += at;
		at = 0;
		line = line_at(descriptor, 0, &length);
		at = length + 1;
	} while (line && length == 0);
	if (line && (length < 5 || memcmp(line, "cell ", 5) != 0)) {
		cell->start = line;
		cell->length = length;
		start += at;
		return STRAY_LINE;
	}
	while (line && (line = line_at(descriptor, at, &length)) && !is(line, length, "end"))
		at += length + 1;

	size_t size;
	cell->start = shared_input(&size) + start;
	cell->length = at;
	if (line) {
		start += at + length + 1;
		return CELL;
	}
	if (!buffer_is_full())
		return END_OF_INPUT;
	cell->length = 64; /* the first line holds its number */
	return TOO_LONG;
}

/* Throws away the cell for which input_next answered TOO_LONG, as it goes through the buffer in pieces. */
void input_skip(int descriptor)
{
	const char *line;
	size_t length;

	for (;;) {
		while ((line = line_at(descriptor, 0, &length))) {
			bool last = is(line, length, "end");
			start += length + 1;
			if (last)
				return;
		}
		if (!buffer_is_full())
			return;
		start = end; /* one single line fills the buffer: throw that away too */
	}
}
