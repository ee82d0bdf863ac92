// raw_getresgid
static int raw_getresgid(gid_t *real, gid_t *effective, gid_t *saved)
{
	return syscall(SYS_getresgid, real, effective, saved);
}
