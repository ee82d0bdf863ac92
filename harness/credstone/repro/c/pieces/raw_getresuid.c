// raw_getresuid
static int raw_getresuid(uid_t *real, uid_t *effective, uid_t *saved)
{
	return syscall(SYS_getresuid, real, effective, saved);
}
