/*
 * The memory that all processes of a cell see: the text of the cell, the state of its crew, and its transcript.
 *
 * A cell's processes write their transcript straight into this mapping, so nothing is copied and nothing is lost when
 * one of them is killed.  It lies in an anonymous file because it must outlive an exec: the new image inherits the
 * descriptor and maps the file again, perhaps at another address.  Hence offsets, never pointers, live in it.
 *
 * The file is sparse: 64 MiB hold several lists of 65536 groups in one transcript, and only what is used is paid for.
 */
#include "agent.h"

#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEBIBYTE ((size_t) 1 << 20)

enum { PREFIX_SIZE = 4096 }; /* room before the body of a transcript, for what is known only at the end */

static const size_t whole = 64 * MEBIBYTE, input_start = 64 * 1024, input_end = 16 * MEBIBYTE;
static const size_t kept = 17 * MEBIBYTE; /* what lies beyond is given back after a cell that used it */

struct shared *shared;
static int descriptor = -1;

static int anonymous_file(void)
{
#ifdef __NR_memfd_create
	int memory = raw(__NR_memfd_create, "credstone", 1 /* MFD_CLOEXEC */);
	if (memory >= 0)
		return memory;
#endif
	/* Kernels before 3.17 and some sandboxes have no memfd_create: take a file that has lost its name. */
	int file = kernel_open("shared", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file >= 0)
		raw(__NR_unlinkat, AT_FDCWD, "shared", 0);
	return file;
}

static bool map(void)
{
	void *memory = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
	shared = memory == MAP_FAILED ? NULL : memory;
	return shared != NULL;
}

void shared_create(void)
{
	static const char failed[] = "agent: no shared memory to be had, neither by memfd_create nor in this folder\n";

	descriptor = anonymous_file();
	/* Mode 0600: nobody else may open it through /proc. */
	if (descriptor < 0 || fchmod(descriptor, 0600) < 0 || ftruncate(descriptor, whole) < 0 || !map()) {
		write_all(2, failed, sizeof failed - 1);
		_exit(1);
	}
}

/*
 * A set-user-ID copy of the agent does what the mapping says, with rights that its caller does not have.  So it obeys
 * one mapping only: the agent writes its identity into each copy that it makes.  Owners would not do for that: inside
 * of a user namespace many ids look the same.
 */
static volatile struct {
	char mark[16];
	uint64_t device, inode;
} seal = {"credstone  seal", 0, 0};

/* Seals a copy of the agent's file, in memory, before it is written. */
void shared_seal(char *image, size_t length)
{
	struct stat mapping;
	char *place = memmem(image, length, (const char *) seal.mark, sizeof seal.mark);

	if (!place || fstat(descriptor, &mapping) < 0)
		return;
	const uint64_t identity[2] = {mapping.st_dev, mapping.st_ino};
	memcpy(place + offsetof(__typeof__(seal), device), identity, sizeof identity);
}

static bool is_sealed_to(const struct stat *mapping)
{
	return mapping->st_dev == seal.device && mapping->st_ino == seal.inode;
}

/* Maps what another image left.  False if the descriptor is no mapping of an agent, or not to be trusted. */
bool shared_adopt(int inherited)
{
	struct stat mapping;

	descriptor = inherited;
	if (fstat(descriptor, &mapping) < 0 || (size_t) mapping.st_size != whole)
		return false;
	if ((getauxval(AT_SECURE) && !is_sealed_to(&mapping)) || !map())
		return false;
	shared_inherit(false);
	return true;
}

/* Whether an exec keeps the descriptor: only the exec of a copy of the agent may. */
void shared_inherit(bool inherited)
{
	fcntl(descriptor, F_SETFD, inherited ? 0 : FD_CLOEXEC);
}

int shared_descriptor(void)
{
	return descriptor;
}

/* Forgets the last cell. */
void shared_reset(void)
{
	if (shared->written > kept)
		madvise((char *) shared + kept, whole - kept, MADV_REMOVE);
	shared->ending = RUNNING;
	shared->note[0] = 0;
	shared->folder = shared->crowd = false;
	shared->traced = false;
	shared->held = shared->proc = shared->pipe[0] = shared->pipe[1] = shared->pair[0] = shared->pair[1] = -1;
	shared->steps = shared->members = shared->queues = 0;
	shared->line = -1;
	shared->written = shared->committed = transcript_body() - (char *) shared;
}

/* Standard input is read into the mapping too: the pages of a shared mapping cost nothing at a fork. */
char *shared_input(size_t *size)
{
	*size = input_end - input_start;
	return (char *) shared + input_start;
}

/* Where `start` and `steps` of the answer are written. */
char *transcript_body(void)
{
	return (char *) shared + input_end + PREFIX_SIZE;
}

char *transcript_end(void)
{
	return (char *) shared + whole - 64; /* what the agent itself appends fits behind it */
}
