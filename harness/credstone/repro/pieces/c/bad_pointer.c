// bad_pointer
/* An address at which nothing can be read or written. */
static gid_t *bad_pointer(void)
{
	return mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
