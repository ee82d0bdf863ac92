// raw_getgroups
static int raw_getgroups(int size, gid_t *groups)
{
	return syscall(SYS_getgroups, size, groups);
}
