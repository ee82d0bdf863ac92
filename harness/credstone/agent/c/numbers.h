/*
 * The numbers of the system calls: those of the headers, of the calls under test in their variant with 32-bit ids, and of
 * calls that are younger than some headers.
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

/* Since Linux 5.1 a new call has the same number everywhere. */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif

/* 32-bit ABIs that never had a 32-bit time know these calls in their new variant alone. */
#ifdef SYS_futex
typedef long kernel_time;
#else
typedef long long kernel_time;
#define SYS_futex SYS_futex_time64
#define SYS_ppoll SYS_ppoll_time64
#define SYS_rt_sigtimedwait SYS_rt_sigtimedwait_time64
#define SYS_utimensat SYS_utimensat_time64
#endif

/* A time as these calls take it. */
struct kernel_times {
	kernel_time seconds, nanoseconds;
};

#endif
