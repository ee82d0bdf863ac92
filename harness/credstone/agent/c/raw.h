/*
 * The raw door to the kernel: system calls by number, in the instructions of this machine.
 *
 * syscall(3) is a function of the C library, and a library that is preloaded may put another one in its place
 * (uid_wrapper does): then what looks like the kernel's answer is that library's.  So no function stands between the
 * agent and the kernel here, and the name of that one is poisoned.
 *
 * `raw(number, ...)` takes up to six arguments, numbers or pointers, and answers as syscall(3) does: a result, or -1
 * with errno.  To add a machine, write its `raw_enter`: what it returns is the result, or -errno.
 */
#ifndef CREDSTONE_RAW_H
#define CREDSTONE_RAW_H

#include "numbers.h"

#include <errno.h>
#include <unistd.h>

enum { ERRNO_MOST = 4095 }; /* the kernel answers -4095 ... -1 for a failure, on every machine */

#define RAW_INLINE static inline __attribute__((always_inline))

#if defined __x86_64__

RAW_INLINE long raw_enter(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined __i386__

/* The sixth argument is in ebp, which may hold the frame; it goes over the stack. */
RAW_INLINE long raw_enter(long number, long a, long b, long c, long d, long e, long f)
{
	long result;

	__asm__ volatile("pushl %7\n\t"
			 "pushl %%ebp\n\t"
			 "movl 4(%%esp), %%ebp\n\t"
			 "int $0x80\n\t"
			 "popl %%ebp\n\t"
			 "addl $4, %%esp"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e), "g"(f)
			 : "memory", "cc");
	return result;
}

#elif defined __aarch64__

RAW_INLINE long raw_enter(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
	return x0;
}

#elif defined __arm__

/* r7 has the number, and in Thumb code may hold the frame: it is kept aside. */
RAW_INLINE long raw_enter(long number, long a, long b, long c, long d, long e, long f)
{
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	register long r3 __asm__("r3") = d;
	register long r4 __asm__("r4") = e;
	register long r5 __asm__("r5") = f;
	long kept;

	__asm__ volatile("mov %1, r7\n\t"
			 "mov r7, %2\n\t"
			 "svc 0\n\t"
			 "mov r7, %1"
			 : "+r"(r0), "=&r"(kept)
			 : "r"(number), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
			 : "memory", "cc");
	return r0;
}

#elif defined __powerpc__

/* A failure is a bit of the condition register, and errno itself the result. */
RAW_INLINE long raw_enter(long number, long a, long b, long c, long d, long e, long f)
{
	register long r0 __asm__("r0") = number;
	register long r3 __asm__("r3") = a;
	register long r4 __asm__("r4") = b;
	register long r5 __asm__("r5") = c;
	register long r6 __asm__("r6") = d;
	register long r7 __asm__("r7") = e;
	register long r8 __asm__("r8") = f;

	__asm__ volatile("sc\n\t"
			 "bns+ 1f\n\t"
			 "neg %1, %1\n"
			 "1:"
			 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
			 :
			 : "memory", "cr0", "ctr", "r9", "r10", "r11", "r12");
	return r3;
}

#elif defined __riscv

RAW_INLINE long raw_enter(long number, long a, long b, long c, long d, long e, long f)
{
	register long a7 __asm__("a7") = number;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory");
	return a0;
}

#elif defined __s390x__

RAW_INLINE long raw_enter(long number, long a, long b, long c, long d, long e, long f)
{
	register long r1 __asm__("r1") = number;
	register long r2 __asm__("r2") = a;
	register long r3 __asm__("r3") = b;
	register long r4 __asm__("r4") = c;
	register long r5 __asm__("r5") = d;
	register long r6 __asm__("r6") = e;
	register long r7 __asm__("r7") = f;

	__asm__ volatile("svc 0" : "+r"(r2) : "r"(r1), "r"(r3), "r"(r4), "r"(r5), "r"(r6), "r"(r7) : "memory", "cc");
	return r2;
}

#elif defined __loongarch64

RAW_INLINE long raw_enter(long number, long a, long b, long c, long d, long e, long f)
{
	register long a7 __asm__("$a7") = number;
	register long a0 __asm__("$a0") = a;
	register long a1 __asm__("$a1") = b;
	register long a2 __asm__("$a2") = c;
	register long a3 __asm__("$a3") = d;
	register long a4 __asm__("$a4") = e;
	register long a5 __asm__("$a5") = f;

	__asm__ volatile("syscall 0"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
			 : "memory", "$t0", "$t1", "$t2", "$t3", "$t4", "$t5", "$t6", "$t7", "$t8");
	return a0;
}

#else
#error "the agent does not know how a program of this machine enters the kernel: raw.h has no raw_enter for it"
#endif

/* The kernel's answer as the C library would give it. */
RAW_INLINE long raw_result(long answer)
{
	if (answer >= -(long) ERRNO_MOST && answer < 0) {
		errno = -answer;
		return -1;
	}
	return answer;
}

#define RAW_PADDED(number, a, b, c, d, e, f, ...) \
	raw_result(raw_enter((number), (long) (a), (long) (b), (long) (c), (long) (d), (long) (e), (long) (f)))
#define raw(...) RAW_PADDED(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

/*
 * vfork(2): the child goes on here, on its parent's stack, while the parent waits in the call.  So nothing may go over the
 * stack on the way, as it does above on i386.
 */
RAW_INLINE long raw_vfork(void)
{
#if defined __i386__
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(__NR_vfork) : "memory", "cc");
	return raw_result(result);
#elif defined __NR_vfork
	return raw(__NR_vfork);
#else
	return raw(__NR_clone, 0x4000 | 0x100 | 17, 0); /* CLONE_VFORK | CLONE_VM | SIGCHLD */
#endif
}

#pragma GCC poison syscall

#endif
