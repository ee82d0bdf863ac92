/*
 * The C library itself, where the agent needs it and it is not what is asked for.
 */
#ifndef CREDSTONE_LIBRARY_H
#define CREDSTONE_LIBRARY_H

#include <sys/types.h>

/* Which library the headers are of, as far as something depends on it: libc.c. */
#if defined __GLIBC__ && !defined __UCLIBC__
#define LIBRARY_IS_GLIBC 1
#elif defined __DEFINED_ssize_t
#define LIBRARY_IS_MUSL 1
#endif

pid_t library_fork(void);
int library_clone(int (*function)(void *), void *stack, int flags, void *argument);

#endif
