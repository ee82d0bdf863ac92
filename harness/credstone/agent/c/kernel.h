/*
 * What the agent asks of the kernel for itself: files, folders, the ends of processes.
 *
 * The functions of the C library that do the same may be a preloaded library's, which tells another story.  These make
 * the calls themselves (raw.h), and answer like their namesakes: a result, or -1 with errno.
 */
#ifndef CREDSTONE_KERNEL_H
#define CREDSTONE_KERNEL_H

#include "raw.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

extern char **environ;

int kernel_open(const char *path, int flags, unsigned mode);
int kernel_open_in(int folder, const char *path, int flags);
void kernel_close(int descriptor);
ssize_t kernel_read(int descriptor, char *buffer, size_t size);
pid_t kernel_wait(pid_t which, int *status, int options);
int kernel_waitid(int type, pid_t which, siginfo_t *ended, int options);
uint64_t kernel_namespace(const char *name);

/* What there is to know of a file here. */
struct kernel_status {
	uint64_t device, inode, size;
	uint32_t uid, gid, mode;
};

/* Of the folder itself, if path is empty. */
int kernel_status(int folder, const char *path, struct kernel_status *status);

/* The names in a folder, without those of itself and its parent. */
struct names {
	int folder; /* a descriptor; -1 where it could not be opened */
	size_t at, length;
	_Alignas(8) char entries[2048];
};

bool names_open(struct names *names, int folder, const char *path);
const char *names_next(struct names *names);
void names_close(struct names *names);

#endif
