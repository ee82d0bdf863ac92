// all_threads
/* /proc/self/task/TID/status: so many ids of a field; 0 stands for the whole list. */
static const char *of_thread(const char *thread, const char *field, int first, int some)
{
	char path[300], *found;
	gid_t *ids;
	int count;

	snprintf(path, sizeof path, "/proc/self/task/%s/status", thread);
	found = status_field(path, field);
	if (!found)
		return NULL;
	count = ids_of(found, &ids);
	return some == 0 ? list(ids, count) : some == 1 ? number(ids[first]) : triple(ids[0], ids[1], ids[2]);
}

/* What all threads of the process have, or one that has something else. */
static const char *all_threads(const char *field, int first, int some)
{
	const char *common = NULL, *one;
	DIR *folder = opendir("/proc/self/task");
	char *text;

	for (struct dirent *task; (task = readdir(folder));) {
		one = task->d_name[0] == '.' ? NULL : of_thread(task->d_name, field, first, some);
		if (!common)
			common = one;
		if (!one || strcmp(common, one) == 0)
			continue;
		must("asprintf", asprintf(&text, "%s, but %s in thread %s", common, one, task->d_name));
		common = text;
		break;
	}
	closedir(folder);
	return common;
}
