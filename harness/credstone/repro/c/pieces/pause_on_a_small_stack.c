// pause_on_a_small_stack
/*
 * pause(2) so near the end of the stack that the frame of a signal has no room: the page below is taken away.  Handlers
 * that ask for it have another stack.
 */
static __attribute__((noinline)) long pause_on_a_small_stack(void)
{
	const size_t page = sysconf(_SC_PAGESIZE), other = 256 * 1024;
	const stack_t alternate = { .ss_sp = malloc(other), .ss_size = other };
	char *here = alloca(16);
	uintptr_t guard = ((uintptr_t) here - 2 * page) & -page;
	volatile char *filler;

	must("sigaltstack", sigaltstack(&alternate, NULL));
	must("mprotect", mprotect((void *) guard, page, PROT_NONE));
	syscall(SYS_ppoll, NULL, -1L, NULL, NULL, 0L);  /* refused; the dynamic linker has found it now */
	filler = alloca((uintptr_t) here - guard - page - 512);
	filler[0] = 0;
	for (;;)
		syscall(SYS_ppoll, NULL, 0L, NULL, NULL, 0L);
	return 0;
}
