/*
 * Plumbing: files.  What ids are for, and the files in /proc that rule user namespaces.
 */
#include "agent.h"
#include "numbers.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MOST = 65536 };

static void call_read(const struct line *line, struct answer *answer)
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

static void call_write(const struct line *line, struct answer *answer)
{
	size_t length;
	const char *path = argument_path(line, 0), *text = argument_text(line, 1, &length);

	errno = 0;
	answer_result(answer, file_write(path, text, length));
}

static void call_open(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	int flags = argument_number(line, 1);

	errno = 0;
	int file = syscall(SYS_openat, (long) AT_FDCWD, path, (long) flags, 0600L);
	answer_result(answer, file < 0 ? -1 : 0);
	if (file >= 0)
		close(file);
}

static void call_access(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	int mode = argument_number(line, 1);

	errno = 0;
	answer_result(answer, syscall(SYS_faccessat, (long) AT_FDCWD, path, (long) mode));
}

static void call_stat(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	uint32_t *seen = arena_take(3 * sizeof *seen);
	struct stat status;

	errno = 0;
	if (stat(path, &status) < 0) {
		answer_failed(answer, errno);
		return;
	}
	seen[0] = status.st_uid;
	seen[1] = status.st_gid;
	seen[2] = status.st_mode & 07777;
	answer_ids(answer, seen, 3);
}

static void call_chown(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	uint32_t owner = argument_number(line, 1), group = argument_number(line, 2);

	errno = 0;
	answer_result(answer, syscall(SYS_fchownat, (long) AT_FDCWD, path, owner, group, 0L));
}

static void call_chmod(const struct line *line, struct answer *answer)
{
	const char *path = argument_path(line, 0);
	uint32_t mode = argument_number(line, 1);

	errno = 0;
	answer_result(answer, syscall(SYS_fchmodat, (long) AT_FDCWD, path, mode));
}

const struct call calls_of_files[] = {
	{"read", PLUMBING, call_read}, {"write", PLUMBING, call_write}, {"open", PLUMBING, call_open},
	{"access", PLUMBING, call_access}, {"stat", PLUMBING, call_stat}, {"chown", PLUMBING, call_chown},
	{"chmod", PLUMBING, call_chmod},
	{0},
};
