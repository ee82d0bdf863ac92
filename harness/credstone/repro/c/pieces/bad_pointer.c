// bad_pointer
/* An address at which nothing can be read or written. */
static void *bad_pointer(void)
{
	static void *page;

	if (!page)
		page = mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page;
}
