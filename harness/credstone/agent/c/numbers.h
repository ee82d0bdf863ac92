/*
 * The numbers of the system calls, and of what goes with them: those of the kernel's headers, which every C library leaves
 * alone; of the calls under test in their variant with 32-bit ids; and what is younger than some headers.
 *
 * Linux first had 16-bit ids.  Old 32-bit ABIs (i386, arm) keep those calls under the plain names and have the modern
 * ones with a suffix; all others have only the modern ones, under the plain names.
 */
#ifndef CREDSTONE_NUMBERS_H
#define CREDSTONE_NUMBERS_H

#include <asm/unistd.h>

#ifdef __NR_setuid32
#define NR(name) __NR_##name##32
#define SIXTEEN_BIT_CALLS 1
#else
#define NR(name) __NR_##name
#endif

/* Since Linux 5.1 a new call has the same number everywhere. */
#ifndef __NR_pidfd_send_signal
#define __NR_pidfd_send_signal 424
#endif
#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif
#ifndef __NR_faccessat2
#define __NR_faccessat2 439
#endif

/* Young machines have renameat2(2) alone, which without flags is the older call. */
#ifndef __NR_renameat
#define __NR_renameat __NR_renameat2
#endif

/* 32-bit ABIs that never had a 32-bit time know these calls in their new variant alone. */
#ifdef __NR_futex
typedef long kernel_time;
#else
typedef long long kernel_time;
#define __NR_futex __NR_futex_time64
#define __NR_ppoll __NR_ppoll_time64
#define __NR_rt_sigtimedwait __NR_rt_sigtimedwait_time64
#define __NR_utimensat __NR_utimensat_time64
#endif

/* A time as these calls take it. */
struct kernel_times {
	kernel_time seconds, nanoseconds;
};

#endif
