// pause_on_a_small_stack
static void pause_by_ppoll(void)
{
	for (;;)
		syscall(SYS_ppoll, NULL, 0L, NULL, NULL, 0L);
}

/* pause(2) where the frame of a signal has no room. */
static long pause_on_a_small_stack(void)
{
	const size_t size = 256 * 1024;

	syscall(SYS_ppoll, NULL, -1L, NULL, NULL, 0L);  /* refused; the dynamic linker has found it now */
	must(on_a_small_stack(pause_by_ppoll, malloc(size), size), -1);
	return 0;
}
