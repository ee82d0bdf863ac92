// credential
/* Whether the ids (real, effective, saved, filesystem) and the groups are now what they must be. */
static void credential(const char *expected)
{
	uid_t u[3];
	gid_t g[3];
	char *now;

	syscall(SYS_getresuid, &u[0], &u[1], &u[2]);
	syscall(SYS_getresgid, &g[0], &g[1], &g[2]);
	must("asprintf", asprintf(&now, "uid %u %u %u %u, gid %u %u %u %u, groups %s",
				  u[0], u[1], u[2], (uid_t) syscall(SYS_setfsuid, -1),
				  g[0], g[1], g[2], (gid_t) syscall(SYS_setfsgid, -1), all_groups(raw_getgroups)));
	if (strcmp(now, expected) == 0)
		return;
	printf("    now       %s\n    expected  %s\n", now, expected);
	faults++;
}
