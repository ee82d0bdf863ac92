/*
 * A buffer of ids that shows who wrote where nothing may be written.
 *
 * It stands between guard words, and the whole of it is filled with one value.  A write of that very value would not
 * be seen; so it is one that no scenario uses as an id.
 */
#include "guarded.h"

enum { GUARD = 64 }; /* words on either side */

static const uint32_t untouched = 0xc9a55a36;

struct guarded guarded_take(size_t count)
{
	uint32_t *words = arena_take((count + 2 * GUARD) * sizeof *words);

	for (size_t i = 0; i < count + 2 * GUARD; i++)
		words[i] = untouched;
	return (struct guarded){words + GUARD, count};
}

static size_t changed(const uint32_t *from, const uint32_t *to)
{
	size_t count = 0;

	for (; from < to; from++)
		for (uint32_t difference = *from ^ untouched; difference; difference >>= 8)
			count += (difference & 255) != 0;
	return count;
}

/* How many entries from the first on were written. */
size_t guarded_written(const struct guarded *buffer)
{
	size_t count = 0;

	while (count < buffer->count && buffer->entries[count] != untouched)
		count++;
	return count;
}

/* The bytes that were changed outside of the first `written` entries; a failure (-1) may not write at all. */
size_t guarded_stray(const struct guarded *buffer, long written)
{
	size_t lawful = written < 0 ? 0 : (size_t) written < buffer->count ? (size_t) written : buffer->count;

	return changed(buffer->entries - GUARD, buffer->entries) +
	       changed(buffer->entries + lawful, buffer->entries + buffer->count + GUARD);
}
