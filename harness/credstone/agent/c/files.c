/*
 * The files of a cell: its folder, the copies of the agent in it, and a private /etc.
 *
 * Everything lies below the session's folder, or in a mount namespace that dies with the cell.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* One read of a whole file, as far as the buffer goes.  -1 with errno. */
ssize_t file_read(const char *path, char *buffer, size_t size)
{
	size_t length = 0;
	ssize_t count;
	int file = kernel_open(path, O_RDONLY | O_CLOEXEC, 0);

	if (file < 0)
		return -1;
	while ((count = kernel_read(file, buffer + length, size - length)) > 0)
		length += count;
	kernel_close(file);
	return count < 0 ? -1 : (ssize_t) length;
}

/* One write(2), as the files in /proc want it.  -1 with errno; a failed close(2) counts for nothing. */
ssize_t file_write(const char *path, const char *text, size_t length)
{
	int file = kernel_open(path, O_WRONLY | O_CLOEXEC, 0);

	if (file < 0)
		return -1;
	ssize_t count = raw(__NR_write, file, text, length);
	kernel_close(file);
	return count;
}

static const char *folder_name(int64_t number)
{
	static char name[32];

	snprintf(name, sizeof name, "cell-%lld", (long long) number);
	return name;
}

static void folder_enter(void)
{
	const char *name = folder_name(shared->number);

	if (shared->folder)
		return;
	if (raw(__NR_mkdirat, AT_FDCWD, name, 0755) < 0)
		refuse_errno("mkdir");
	shared->folder = true;
	if (raw(__NR_fchmodat, AT_FDCWD, name, 0755) < 0 || raw(__NR_chdir, name) < 0)
		refuse_errno("chdir");
}

/* All mounts that this process makes from now on are its own. */
static void mounts_leave(void)
{
	if (raw(__NR_unshare, CLONE_NEWNS) < 0)
		refuse_errno("unshare");
	if (raw(__NR_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		refuse_errno("mount");
}

/* nosuid: a mount over the cell's folder in which set-ID bits and capabilities of files have no effect. */
void folder_seal_off(void)
{
	char path[40];

	folder_enter();
	mounts_leave();
	if (raw(__NR_mount, "credstone", ".", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") < 0)
		refuse_errno("mount");
	snprintf(path, sizeof path, "../%s", folder_name(shared->number));
	if (raw(__NR_chdir, path) < 0) /* from what lies below the mount */
		refuse_errno("chdir");
}

static void remove_below(int parent, const char *name)
{
	struct names names;
	bool open = names_open(&names, parent, name);

	if (!open && errno == EACCES && raw(__NR_fchmodat, parent, name, 0700) == 0)
		open = names_open(&names, parent, name);
	for (const char *entry; open && (entry = names_next(&names));)
		if (raw(__NR_unlinkat, names.folder, entry, 0) < 0 && (errno == EISDIR || errno == EPERM))
			remove_below(names.folder, entry);
	names_close(&names);
	raw(__NR_unlinkat, parent, name, AT_REMOVEDIR);
}

void folder_remove(int64_t number)
{
	remove_below(AT_FDCWD, folder_name(number));
}

static void write_or_refuse(int file, const char *text, size_t length)
{
	if (!write_all(file, text, length))
		refuse_errno("write");
}

/*
 * Writes a copy of the program that runs, sealed to this session (shared.c).  False with errno.  Its size is asked of the
 * open file: to an emulator the link leads elsewhere than to the program that it runs.
 */
bool file_copy_agent(int file)
{
	struct kernel_status status;
	int program = kernel_open("/proc/self/exe", O_RDONLY | O_CLOEXEC, 0);

	if (program < 0 || kernel_status(program, "", &status) < 0)
		return false;
	char *image = arena_take(status.size);
	bool whole = kernel_read(program, image, status.size) == (ssize_t) status.size;
	kernel_close(program);
	shared_seal(image, status.size);
	return whole && write_all(file, image, status.size);
}

/* The mode as it is written, in octal: `0705` is a number like any other to the parser. */
static mode_t octal(const struct line *line, int index)
{
	mode_t mode = 0;

	argument_number(line, index);
	for (const char *digit = line->token[index].source; *digit; digit++)
		mode = mode * 8 + (*digit - '0');
	return mode & 07777;
}

/*
 * Gives a file capabilities, as the kernel keeps them (capabilities(7)): in version 3 if there is a root for whom alone
 * they count.  Five or six words, the least significant byte of each first.  -1 with errno.
 */
long capabilities_attach(const char *name, uint64_t permitted, uint64_t inheritable, bool effective, int64_t root)
{
	const uint32_t version = root == -1 ? 0x02000000 : 0x03000000, count = root == -1 ? 5 : 6;
	const uint32_t words[6] = {
		version | (effective ? 1 : 0), permitted, inheritable, permitted >> 32, inheritable >> 32, root,
	};
	unsigned char attribute[sizeof words];

	for (size_t byte = 0; byte < sizeof attribute; byte++)
		attribute[byte] = words[byte / 4] >> byte % 4 * 8;
	return raw(__NR_setxattr, name, "security.capability", attribute, 4L * count, 0);
}

/* Of a line: [permitted,inheritable,effective,rootid] */
static void capabilities_give(const char *name, const struct line *line)
{
	const struct token *token = &line->token[5];
	const int64_t *list = token->list;

	if (token->kind != LIST || token->count != 4)
		refuse("agent: ", "cannot read the capabilities of a file: ", token->source, NULL);
	if (capabilities_attach(name, list[0], list[1], list[2], list[3]) < 0)
		refuse_errno("setxattr");
}

/* A file of the cell, or a folder; its owner and mode are its maker's still. */
static void content_make(const char *name, const struct line *line)
{
	size_t length;

	if (argument_is(line, 1, "folder")) {
		if (raw(__NR_mkdirat, AT_FDCWD, name, 0700) < 0)
			refuse_errno("mkdir");
		return;
	}
	int file = kernel_open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		refuse_errno("open");
	if (argument_is(line, 1, "agent")) {
		if (!file_copy_agent(file))
			refuse_errno("a copy of the agent");
	} else {
		const char *text = argument_text(line, 1, &length);
		write_or_refuse(file, text, length);
	}
	kernel_close(file);
}

/*
 * file NAME CONTENT OWNER GROUP MODE [CAPABILITIES].  A change of owner takes the set-ID bits and the capabilities away,
 * so they come last.
 */
void file_make(const struct line *line)
{
	const char *name = line->tokens < 5 || line->token[0].kind != WORD ? NULL : line->token[0].text;

	if (!name || *name == '/' || strstr(name, ".."))
		refuse("agent: ", "cannot read a line 'file'", NULL);
	folder_enter();
	content_make(name, line);
	if (raw(__NR_fchownat, AT_FDCWD, name, (uint32_t) argument_number(line, 2), (uint32_t) argument_number(line, 3),
		0) < 0)
		refuse_errno("chown");
	if (raw(__NR_fchmodat, AT_FDCWD, name, octal(line, 4)) < 0)
		refuse_errno("chmod");
	if (line->tokens > 5)
		capabilities_give(name, line);
}

static void database_file(const char *path, const char *text, size_t length)
{
	int file = kernel_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (file < 0)
		refuse_errno(path);
	write_or_refuse(file, text, length);
	if (raw(__NR_fchmod, file, 0644) < 0)
		refuse_errno("chmod");
	kernel_close(file);
}

static void empty_folder_over(const char *path)
{
	if (raw(__NR_mount, "credstone", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755,size=4m") < 0)
		refuse_errno("mount");
}

/* etc PASSWD GROUP: each a text, or the word `missing`.  nscd would answer from the real database, so it is hidden. */
void database_mount(const struct line *line)
{
	static const char services[] = "passwd: files\ngroup: files\n";
	static const char *const nscd[] = {"/run/nscd", "/var/run/nscd"};
	const char *const paths[] = {"/etc/passwd", "/etc/group"};
	size_t length;

	mounts_leave();
	empty_folder_over("/etc");
	database_file("/etc/nsswitch.conf", services, sizeof services - 1);
	for (int i = 0; i < 2; i++)
		if (!argument_is(line, i, "missing")) {
			const char *text = argument_text(line, i, &length);
			database_file(paths[i], text, length);
		}
	for (int i = 0; i < 2; i++)
		if (raw(__NR_faccessat, AT_FDCWD, nscd[i], F_OK) == 0)
			empty_folder_over(nscd[i]);
}
