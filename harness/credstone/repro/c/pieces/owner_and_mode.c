// owner_and_mode
/* stat(2): owner, group, and the twelve bits of the mode. */
static const char *owner_and_mode(const char *path)
{
	struct stat found;

	if (stat(path, &found) < 0)
		return number(-1);
	return filled("%u %u 0%03o", found.st_uid, found.st_gid, (unsigned) found.st_mode & 07777);
}
