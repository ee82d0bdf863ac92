/*
 * Plumbing: files.  What ids are for, and the files in /proc that rule user namespaces.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MOST = 65536 };

static const long here = AT_FDCWD;

#include "do_faccessat.h"

void call_read(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	char *text = arena_take(TEXT_MOST);

	errno = 0;
	ssize_t length = file_read(path, text, TEXT_MOST);
	if (length < 0) {
		answer_failed(answer, errno);
		return;
	}
	if (length && text[length - 1] == '\n')
		length--;
	answer_text(answer, text, length);
}

static int open_by(const struct line *line, const char *path, long flags, long mode)
{
	return EITHER(line, open(path, flags, mode), raw(__NR_openat, here, path, flags, mode));
}

/* Closes what was opened by the same API; errno stays. */
static void close_by(const struct line *line, int file)
{
	int error = errno;

	if (line->api == LIBC)
		close(file);
	else
		kernel_close(file);
	errno = error;
}

/* One way to write; the files in /proc want a text whole, so each makes one call of it. */
typedef long writing(const struct line *line, int file, const char *text, size_t length, int64_t offset);

static long write_here(const struct line *line, int file, const char *text, size_t length, int64_t offset)
{
	(void) offset;
	return EITHER(line, write(file, text, length), raw(__NR_write, file, text, length));
}

static long write_behind_lseek(const struct line *line, int file, const char *text, size_t length, int64_t offset)
{
	long moved = EITHER(line, lseek(file, offset, SEEK_SET), raw(__NR_lseek, file, offset, SEEK_SET));

	return moved < 0 ? -1 : write_here(line, file, text, length, offset);
}

/* Where a register is too small for an offset, how the raw call takes one depends on the machine. */
static long write_at(const struct line *line, int file, const char *text, size_t length, int64_t offset)
{
#ifdef __LP64__
	return EITHER(line, pwrite(file, text, length, offset),
		      raw(__NR_pwrite64, file, text, length, offset));
#else
	return EITHER(line, pwrite(file, text, length, offset), pwrite(file, text, length, offset));
#endif
}

/* Settings of the machine are not written to: only those that a user namespace of the cell has for itself. */
static void spare_the_machine(const char *path)
{
	if (strncmp(path, "/proc/sys/", 10) == 0 && namespace_of_users() == shared->home)
		refuse("agent: ", path, " belongs to the machine", NULL);
}

/* Into a file that must exist; a failed close(2) counts for nothing. */
static void write_by(const struct line *line, struct answer *answer, writing *way, int64_t offset)
{
	size_t length;
	const char *path = argument_path(line, 0), *text = argument_text(line, 1, &length);

	spare_the_machine(path);
	int file = open_by(line, path, O_WRONLY | O_CLOEXEC, 0);
	if (file < 0) {
		answer_failed(answer, errno);
		return;
	}
	answer_result(answer, way(line, file, text, length, offset));
	close_by(line, file);
}

void call_write(const struct line *line, struct answer *answer)
{
	if (line->tokens > 2)
		write_by(line, answer, write_behind_lseek, argument_number(line, 2));
	else
		write_by(line, answer, write_here, 0);
}

void call_pwrite(const struct line *line, struct answer *answer)
{
	write_by(line, answer, write_at, argument_number(line, 2));
}

void call_open(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	long flags = argument_number(line, 1), mode = line->tokens > 2 ? argument_number(line, 2) : 0600;

	int file = open_by(line, path, flags, mode);
	answer_result(answer, file < 0 ? -1 : 0);
	if (file >= 0)
		close_by(line, file);
}

void call_faccessat(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	long mode = argument_number(line, 1), flags = argument_number(line, 2);

	answer_result(answer, EITHER(line, faccessat(AT_FDCWD, path, mode, flags),
				     raw_faccessat(path, mode, flags)));
}

static long stat_by_libc(const char *path, struct kernel_status *status)
{
	struct stat told;

	if (stat(path, &told) < 0)
		return -1;
	*status = (struct kernel_status) {.uid = told.st_uid, .gid = told.st_gid, .mode = told.st_mode};
	return 0;
}

void call_stat(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	uint32_t *seen = arena_take(3 * sizeof *seen);
	struct kernel_status status;

	if (EITHER(line, stat_by_libc(path, &status), kernel_status(AT_FDCWD, path, &status)) < 0) {
		answer_failed(answer, errno);
		return;
	}
	seen[0] = status.uid;
	seen[1] = status.gid;
	seen[2] = status.mode & 07777;
	answer_ids(answer, seen, 3);
}

void call_truncate(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	int64_t length = argument_number(line, 1);

#ifdef __NR_truncate
	answer_result(answer, EITHER(line, truncate(path, length), raw(__NR_truncate, path, length)));
#else
	answer_result(answer, EITHER(line, truncate(path, length), truncate(path, length)));
#endif
}

/* utimensat PATH: now, for which NULL stands.  utimensat PATH SECONDS: both times. */
void call_utimensat(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	const time_t seconds = line->tokens > 1 ? argument_number(line, 1) : 0;
	const struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}}, *given = line->tokens > 1 ? times : NULL;

	const struct kernel_times words[2] = {{seconds, 0}, {seconds, 0}};
	answer_result(answer, EITHER(line, utimensat(AT_FDCWD, path, given, 0),
				     raw(__NR_utimensat, here, path, given ? words : NULL, 0)));
}

