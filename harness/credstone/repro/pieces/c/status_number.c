// status_number
/* /proc/PID/status, a field with one number; the base is that in which it is written. */
static const char *status_number(pid_t pid, const char *field, int base)
{
	char path[64], *found;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	found = status_field(path, field);
	return found ? number(strtoll(found, NULL, base)) : number(-1);
}
