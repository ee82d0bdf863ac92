// status_ids
/* /proc/PID/status, a field with several ids. */
static const char *status_ids(pid_t pid, const char *field)
{
	char path[64], *found;
	gid_t *ids;
	int count;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	found = status_field(path, field);
	if (!found)
		return number(-1);
	count = ids_of(found, &ids);
	return list(ids, count);
}
