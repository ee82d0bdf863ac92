// write_maps
/* The maps of a user namespace; what is NULL is not written. */
static void write_maps(pid_t pid, const char *setgroups, const char *uid_map, const char *gid_map)
{
	const char *const name[] = { "setgroups", "uid_map", "gid_map" };
	const char *const text[] = { setgroups, uid_map, gid_map };
	char path[64];

	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "/proc/%d/%s", pid, name[i]);
		if (text[i])
			must(path, write_once(path, text[i]));
	}
}
