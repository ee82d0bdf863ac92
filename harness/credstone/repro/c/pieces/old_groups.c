// old_groups
/* The old getgroups(2), with 16 bits for each id; -1 for a list that is long enough. */
static const char *old_groups(int size)
{
	static unsigned short old[65536];
	static gid_t groups[65536];
	int count = syscall(SYS16_getgroups, size < 0 ? 65536 : size, old);

	if (count < 0 || size == 0)
		return number(count);
	for (int i = 0; i < count; i++)
		groups[i] = old[i];
	return list(groups, count);
}
