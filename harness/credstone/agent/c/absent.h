/*
 * What small C libraries leave out.  It is included behind their headers.
 */
#ifndef CREDSTONE_ABSENT_H
#define CREDSTONE_ABSENT_H

#ifndef PTRACE_SEIZE
#define PTRACE_SEIZE 0x4206
#define PTRACE_INTERRUPT 0x4207
#endif
#ifndef SCHED_BATCH
#define SCHED_BATCH 3
#endif
#ifndef PTHREAD_STACK_MIN
#define PTHREAD_STACK_MIN 16384
#endif
#ifndef EOWNERDEAD
#define EOWNERDEAD 130
#define ENOTRECOVERABLE 131
#endif
#ifndef ERFKILL
#define ERFKILL 132
#endif
#ifndef EHWPOISON
#define EHWPOISON 133
#endif

/* dietlibc has no such functions: the raw calls stand in, as they do for young functions of other libraries. */
#ifdef __dietlibc__
#define waitid(type, which, ended, options) kernel_waitid(type, which, ended, options)
#define prlimit(pid, resource, new, old) raw(__NR_prlimit64, pid, resource, new, old)
#define process_vm_readv(...) raw(__NR_process_vm_readv, __VA_ARGS__)
#define sigqueue(pid, signal, value) raw(__NR_rt_sigqueueinfo, pid, signal, &queued)
#endif

#endif
