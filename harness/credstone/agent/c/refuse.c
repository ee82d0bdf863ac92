/*
 * The end of a cell that cannot go on: its set-up was refused, or the agent does not understand it.
 *
 * That is no finding about a call under test, so the note must tell the two apart: it starts with the call that was
 * refused, or with `agent: `.
 */
#include "agent.h"

#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

/* Ends the cell.  The texts make up the note; NULL ends them. */
_Noreturn void refuse(const char *first, ...)
{
	va_list rest;
	size_t length = 0;

	va_start(rest, first);
	for (const char *text = first; text; text = va_arg(rest, const char *))
		for (; *text && length < NOTE_SIZE - 1; text++)
			shared->note[length++] = *text;
	va_end(rest);
	shared->note[length] = 0;
	shared->ending = REFUSED;
	_exit(1);
}

/* Ends the cell because a set-up call failed, with errno. */
_Noreturn void refuse_errno(const char *what)
{
	const char *symbol = errno_name(errno);

	refuse(what, ": ", symbol ? symbol : "unknown error", NULL);
}
