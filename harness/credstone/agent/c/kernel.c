/*
 * What the agent asks of the kernel for itself.
 */
#include "agent.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int kernel_open(const char *path, int flags, unsigned mode)
{
	return raw(__NR_openat, AT_FDCWD, path, flags, mode);
}

int kernel_open_in(int folder, const char *path, int flags)
{
	return raw(__NR_openat, folder, path, flags, 0);
}

/* errno stays: what it says is of the call before. */
void kernel_close(int descriptor)
{
	int error = errno;

	if (descriptor >= 0)
		raw(__NR_close, descriptor);
	errno = error;
}

ssize_t kernel_read(int descriptor, char *buffer, size_t size)
{
	return raw(__NR_read, descriptor, buffer, size);
}

pid_t kernel_wait(pid_t which, int *status, int options)
{
	return raw(__NR_wait4, which, status, options, NULL);
}

int kernel_waitid(int type, pid_t which, siginfo_t *ended, int options)
{
	return raw(__NR_waitid, type, which, ended, options, NULL);
}

/* A namespace of this process: the number of its inode, as the link names it (`user:[4026531837]`); 0 if nothing tells. */
uint64_t kernel_namespace(const char *name)
{
	char path[32] = "/proc/self/ns/", target[64];

	strncat(path, name, sizeof path - strlen(path) - 1);
	long length = raw(__NR_readlinkat, AT_FDCWD, path, target, sizeof target - 1);
	target[length < 0 ? 0 : length] = 0;
	const char *number = strchr(target, '[');
	return number ? strtoull(number + 1, NULL, 10) : 0;
}

/* How statx(2) begins; it answers alike on every machine. */
struct extended {
	uint32_t mask, block_size;
	uint64_t attributes;
	uint32_t links, uid, gid;
	uint16_t mode, unused;
	uint64_t inode, size, blocks, attributes_mask, times[8];
	uint32_t of_device[2], device[2];
	uint64_t rest[14];
};

static int status_by_library(int folder, const char *path, struct kernel_status *status)
{
	struct stat told;

	if ((*path || folder == AT_FDCWD ? fstatat(folder, path, &told, 0) : fstat(folder, &told)) < 0)
		return -1;
	*status = (struct kernel_status){
		told.st_dev, told.st_ino, told.st_size, told.st_uid, told.st_gid, told.st_mode,
	};
	return 0;
}

/* Kernels before 4.11, and some filters, have no statx(2): how the older calls answer, the C library knows. */
int kernel_status(int folder, const char *path, struct kernel_status *status)
{
#ifdef __NR_statx
	struct extended told;

	int flags = folder == AT_FDCWD ? 0 : AT_EMPTY_PATH; /* stat("") is ENOENT */

	if (raw(__NR_statx, folder, path, flags, 0x7ff /* STATX_BASIC_STATS */, &told) == 0) {
		uint64_t device = (uint64_t) told.device[0] << 32 | told.device[1];
		*status = (struct kernel_status){device, told.inode, told.size, told.uid, told.gid, told.mode};
		return 0;
	}
	if (errno != ENOSYS && errno != EPERM)
		return -1;
#endif
	return status_by_library(folder, path, status);
}

bool names_open(struct names *names, int folder, const char *path)
{
	names->at = names->length = 0;
	names->folder = kernel_open_in(folder, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return names->folder >= 0;
}

/* An entry as getdents64(2) has it: 64 bits of inode, 64 of offset, 16 of length, 8 of type, the name. */
const char *names_next(struct names *names)
{
	for (;;) {
		if (names->at >= names->length) {
			long got = names->folder < 0
					   ? -1
					   : raw(__NR_getdents64, names->folder, names->entries, sizeof names->entries);
			if (got <= 0)
				return NULL;
			names->at = 0;
			names->length = got;
		}
		uint16_t length;
		const char *entry = names->entries + names->at, *name = entry + 19;
		memcpy(&length, entry + 16, sizeof length);
		names->at += length;
		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			return name;
	}
}

void names_close(struct names *names)
{
	kernel_close(names->folder);
}
