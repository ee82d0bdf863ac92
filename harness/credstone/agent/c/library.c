/*
 * The C library itself, where the agent needs it and it is not what is asked for: to make processes.
 *
 * A raw fork would leave the C library of the child in a state that its threads and its changes of ids do not expect, so
 * the library makes it.  A library that is preloaded may have functions of the same names: they are passed over.
 */
#include "agent.h"
#include "library.h"

#include <dlfcn.h>
#include <sched.h>

/* Before glibc 2.34 not there without libdl: then the functions are those that the dynamic linker finds. */
extern void *dlopen(const char *, int) __attribute__((weak));
extern void *dlsym(void *restrict, const char *restrict) __attribute__((weak));

/* A function of the C library, whichever stands before it; NULL where it cannot be told apart. */
static void *function_of_library(const char *name)
{
	void *library = NULL;

#ifdef RTLD_NOLOAD
	static const char *const names[] = {"libc.so.6", "libc.so", "libc.so.1", "libc.so.0"};
	if (libc_is_static() || !dlopen || !dlsym)
		return NULL;
	for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++)
		library = dlopen(names[i], RTLD_LAZY | RTLD_NOLOAD);
#endif
	return library ? dlsym(library, name) : NULL;
}

pid_t library_fork(void)
{
	static pid_t (*function)(void);

	if (!function)
		function = (pid_t(*)(void)) function_of_library("fork");
	if (!function)
		function = fork;
	return function();
}

int library_clone(int (*body)(void *), void *stack, int flags, void *argument)
{
	static int (*function)(int (*)(void *), void *, int, void *, ...);

	if (!function)
		function = (int (*)(int (*)(void *), void *, int, void *, ...)) function_of_library("clone");
	if (!function)
		function = clone;
	return function(body, stack, flags, argument);
}
