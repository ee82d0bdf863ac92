/*
 * The C library that the agent runs on: its name and version, and whether the agent brought it along.
 *
 * glibc tells its version.  musl tells it neither to programs nor in its headers; its loader, which is the library itself,
 * does where it is executed without a program: "Version 1.2.3", on standard error.
 */
#include "agent.h"

#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

/* The program that the kernel started to load this one; NULL where nobody had to. */
static const char *loader(void)
{
	const ElfW(Phdr) *header = (const void *) getauxval(AT_PHDR);
	const unsigned long count = header ? getauxval(AT_PHNUM) : 0;
	uintptr_t moved = 0;

	for (unsigned long i = 0; i < count; i++)
		if (header[i].p_type == PT_PHDR)
			moved = (uintptr_t) header - header[i].p_vaddr;
	for (unsigned long i = 0; i < count; i++)
		if (header[i].p_type == PT_INTERP)
			return (const char *) (moved + header[i].p_vaddr);
	return NULL;
}

bool libc_is_static(void)
{
	return !loader();
}

#ifndef __GLIBC__
/* What a program says on its standard error when it is executed without arguments. */
static void said_by(const char *program, char *text, size_t size)
{
	size_t length = 0;
	ssize_t more = 0;
	int ends[2];

	if (pipe(ends) < 0)
		return;
	pid_t child = fork();
	if (child == 0) {
		dup2(ends[1], 2);
		execv(program, (char *[]) {(char *) program, NULL});
		_exit(1);
	}
	close(ends[1]);
	while (child > 0 && length < size - 1 && (more = read(ends[0], text + length, size - 1 - length)) > 0)
		length += more;
	text[length] = 0;
	close(ends[0]);
	if (child > 0)
		waitpid(child, NULL, 0);
}
#endif

const char *libc_name(void)
{
	static char name[64];
	const char *first = libc_is_static() ? "static " : "";

#ifdef __GLIBC__
	snprintf(name, sizeof name, "%sglibc %s", first, gnu_get_libc_version());
#else
	char said[512] = "", version[32] = "";
	const char *place;

	if (loader())
		said_by(loader(), said, sizeof said);
	if ((place = strstr(said, "Version ")))
		sscanf(place, "Version %31[0-9.]", version);
	snprintf(name, sizeof name, "%smusl%s%s", first, *version ? " " : "", version);
#endif
	return name;
}
