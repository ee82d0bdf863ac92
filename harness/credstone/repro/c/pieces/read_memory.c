// read_memory
static const void *const place = (void *) 0x10000000;

/* All processes have a page at the same place, also those that have executed something. */
__attribute__((constructor)) static void take_place(void)
{
	mmap((void *) place, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/* process_vm_readv(2) of a byte of it. */
static const char *read_memory(pid_t pid)
{
	struct iovec here = { &(char) { 0 }, 1 }, there = { (void *) place, 1 };
	long count = process_vm_readv(pid, &here, 1, &there, 1, 0);

	return number(count == 1 ? 0 : count);
}
