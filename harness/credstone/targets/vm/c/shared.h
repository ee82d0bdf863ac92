/* Memory that the harness and the guest share. */
#ifndef SHARED_H
#define SHARED_H

#include <stdbool.h>
#include <stddef.h>

/* Finds the memory; without it everything goes over the line. */
void shared_open(void);

/* Puts bytes there, waiting for room; false where there is no such memory. */
bool shared_put(const void *bytes, size_t length);

/* Takes so many bytes, which the other side has told of. */
void shared_take(void *bytes, size_t length);

#endif
