/*
 * A buffer of ids that shows who wrote where nothing may be written.
 */
#ifndef CREDSTONE_GUARDED_H
#define CREDSTONE_GUARDED_H

#include "agent.h"

struct guarded {
	uint32_t *entries;
	size_t count;
};

struct guarded guarded_take(size_t count);
size_t guarded_written(const struct guarded *buffer);
size_t guarded_stray(const struct guarded *buffer, long written);

#endif
