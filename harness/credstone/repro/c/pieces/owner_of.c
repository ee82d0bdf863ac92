// owner_of
/* ioctl_ns(2): the owner of a user namespace. */
static const char *owner_of(int file)
{
	uid_t uid = -1;
	long result = file < 0 ? -1 : ioctl(file, NS_GET_OWNER_UID, &uid);

	let_go(file);
	return number(result < 0 ? result : uid);
}
