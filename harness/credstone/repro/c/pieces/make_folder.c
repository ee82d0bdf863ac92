// make_folder
static void make_folder(const char *name, uid_t owner, gid_t group, mode_t mode)
{
	must(name, mkdir(name, 0700));
	must(name, chown(name, owner, group));
	must(name, chmod(name, mode));
}
