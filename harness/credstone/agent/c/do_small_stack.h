// on_a_small_stack
/*
 * Calls a function so near the end of the stack that the frame of a signal has no room: the page below is taken away.
 * Handlers that ask for it have another stack.  Returns the name of the call that failed on the way; otherwise what the
 * function does is all.
 */
static __attribute__((noinline, no_sanitize_address)) const char *on_a_small_stack(void (*act)(void), void *other,
										   size_t size)
{
	const size_t page = sysconf(_SC_PAGESIZE), left = 512;
	const stack_t alternate = {.ss_sp = other, .ss_size = size};
	char *here = alloca(16);
	uintptr_t guard = ((uintptr_t) here - 2 * page) & -page;
	volatile char *filler;

	if (sigaltstack(&alternate, NULL) < 0)
		return "sigaltstack";
	if (mprotect((void *) guard, page, PROT_NONE) < 0)
		return "mprotect";
	filler = alloca((uintptr_t) here - guard - page - left);
	filler[0] = 0;
	act();
	return NULL;
}
