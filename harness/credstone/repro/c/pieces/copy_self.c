// copy_self
/* A copy of this program.  The mode comes after the owner: a change of owner clears the set-ID bits. */
static void copy_self(const char *name, uid_t owner, gid_t group, mode_t mode)
{
	int self = open("/proc/self/exe", O_RDONLY), file = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	must(name, file);
	while (sendfile(file, self, NULL, 1 << 20) > 0)
		;
	must(name, fchown(file, owner, group));
	must(name, fchmod(file, mode));
	close(self);
	close(file);
}
