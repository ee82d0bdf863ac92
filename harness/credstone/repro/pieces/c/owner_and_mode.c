// owner_and_mode
/* stat(2): owner, group, and the twelve bits of the mode. */
static const char *owner_and_mode(const char *path)
{
	struct stat found;
	char *text;

	if (stat(path, &found) < 0)
		return number(-1);
	must("asprintf", asprintf(&text, "%u %u %u", found.st_uid, found.st_gid, found.st_mode & 07777));
	return text;
}
