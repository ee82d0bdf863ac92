// make_file
static void make_file(const char *name, const char *text, uid_t owner, gid_t group, mode_t mode)
{
	int file = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	must(name, file);
	must(name, write(file, text, strlen(text)));
	must(name, fchown(file, owner, group));
	must(name, fchmod(file, mode));
	close(file);
}
