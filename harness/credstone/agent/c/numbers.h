/*
 * The numbers of the system calls under test, in their variant with 32-bit ids.
 *
 * Linux first had 16-bit ids.  Old 32-bit ABIs (i386, arm) keep those calls under the plain names and have the modern
 * ones with a suffix; all others have only the modern ones, under the plain names.
 */
#ifndef CREDSTONE_NUMBERS_H
#define CREDSTONE_NUMBERS_H

#include <sys/syscall.h>

#ifdef SYS_setuid32
#define NR(name) SYS_##name##32
#define SIXTEEN_BIT_CALLS 1
#else
#define NR(name) SYS_##name
#endif

#endif
