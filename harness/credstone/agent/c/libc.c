/*
 * The C library that the agent runs on: its name and version, its file, and whether the agent brought it along.
 *
 * A library that has a macro of its own is known by that; uClibc defines __GLIBC__ as well, and so comes first.  musl has
 * no macro, and that no other is there does not make a library musl.  What does is this: its loader, which is the library
 * itself, says "musl libc" and its version when it is executed without a program.  A static program has no loader; its
 * name for the version, __libc_version, is in musl's libc.a and, as far as is known, in no other library: build.py tries
 * whether that can be linked, and defines CREDSTONE_LIBC_VERSION if so.  musl's headers must be there besides, by their
 * way to define types (bits/alltypes.h: library.h).  What is neither is unknown.
 */
#include "agent.h"
#include "library.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#ifdef LIBRARY_IS_GLIBC
#include <gnu/libc-version.h>
#endif

#if UINTPTR_MAX > UINT32_MAX
typedef Elf64_Phdr program_header;
#else
typedef Elf32_Phdr program_header;
#endif

/* The program that the kernel started to load this one; NULL where nobody had to. */
static const char *loader(void)
{
	const program_header *header = (const void *) getauxval(AT_PHDR);
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

#ifdef LIBRARY_IS_MUSL

#ifdef CREDSTONE_LIBC_VERSION
extern const char __libc_version[];
#endif

/* What a program says on its standard error when it is executed without arguments. */
static void said_by(const char *program, char *text, size_t size)
{
	size_t length = 0;
	ssize_t more = 0;
	int ends[2];

	if (raw(__NR_pipe2, ends, 0) < 0)
		return;
	pid_t child = library_fork();
	if (child == 0) {
		raw(__NR_dup3, ends[1], 2, 0);
		raw(__NR_execve, program, ((char *[]){(char *) program, NULL}), environ);
		_exit(1);
	}
	kernel_close(ends[1]);
	while (child > 0 && length < size - 1 && (more = kernel_read(ends[0], text + length, size - 1 - length)) > 0)
		length += more;
	text[length] = 0;
	kernel_close(ends[0]);
	if (child > 0)
		kernel_wait(child, NULL, 0);
}

static bool name_musl(char *name, size_t size)
{
	char said[512] = "", version[64] = "";

#ifdef CREDSTONE_LIBC_VERSION
	snprintf(version, sizeof version, "%s", __libc_version);
#else
	if (loader())
		said_by(loader(), said, sizeof said);
	const char *place = strstr(said, "Version ");
	if (!strstr(said, "musl libc") || !place || sscanf(place, "Version %63[!-~]", version) != 1)
		return false;
#endif
	snprintf(name, size, "musl %s", version);
	return true;
}

#endif

static void name_library(char *name, size_t size)
{
#if defined __UCLIBC__
	snprintf(name, size, "uClibc %d.%d.%d", __UCLIBC_MAJOR__, __UCLIBC_MINOR__, __UCLIBC_SUBLEVEL__);
#elif defined __dietlibc__
	snprintf(name, size, "dietlibc");
#elif defined __BIONIC__
	snprintf(name, size, "bionic");
#elif defined __KLIBC__
	snprintf(name, size, "klibc %d.%d", __KLIBC__, __KLIBC_MINOR__);
#elif defined __LLVM_LIBC__
	snprintf(name, size, "LLVM libc");
#elif defined LIBRARY_IS_GLIBC
	snprintf(name, size, "glibc %s", gnu_get_libc_version());
#elif defined LIBRARY_IS_MUSL
	if (!name_musl(name, size))
		snprintf(name, size, "unknown libc");
#else
	snprintf(name, size, "unknown libc");
#endif
}

const char *libc_name(void)
{
	static char name[80];
	const char *first = libc_is_static() ? "static " : "";

	strcpy(name, first);
	name_library(name + strlen(first), sizeof name - strlen(first));
	return name;
}

/* The file that is mapped at an address: proc(5), /proc/PID/maps.  Empty if none is, or nothing tells. */
static void file_at(uintptr_t address, char *path, size_t size)
{
	static char maps[65536];
	char *rest = NULL;
	ssize_t length = file_read("/proc/self/maps", maps, sizeof maps - 1);

	*path = 0;
	maps[length < 0 ? 0 : length] = 0;
	for (char *line = strtok_r(maps, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		unsigned long from, to;
		const char *file = strchr(line, '/');
		if (file && sscanf(line, "%lx-%lx", &from, &to) == 2 && from <= address && address < to)
			snprintf(path, size, "%s", file);
	}
}

/*
 * A place in the C library, that no library before it can move: the text of glibc's version; of musl, which is its own
 * loader, where the kernel put that.  Of others it is where they have the name of a signal.
 */
static uintptr_t place_in_library(void)
{
#ifdef LIBRARY_IS_GLIBC
	return (uintptr_t) gnu_get_libc_version();
#elif defined LIBRARY_IS_MUSL
	return getauxval(AT_BASE);
#else
	return (uintptr_t) strerror(0);
#endif
}

const char *libc_file(void)
{
	static char path[4096];

	if (!libc_is_static())
		file_at(place_in_library(), path, sizeof path);
	return path;
}
