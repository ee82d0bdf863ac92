// status_number
/* A file /proc/PID/status, a field with one number; the base is that in which it is written. */
static const char *status_number(const char *path, const char *field, int base)
{
	char *found = status_field(path, field);

	return found ? filled("%llu", strtoull(found, NULL, base)) : number(-1);
}
