// status_ids
/* A file /proc/PID/status, a field with several ids. */
static const char *status_ids(const char *path, const char *field)
{
	char *found = status_field(path, field);
	gid_t *ids;
	int count;

	if (!found)
		return number(-1);
	count = ids_of(found, &ids);
	return list(ids, count);
}
