// status_field
/* A field of a file /proc/PID/status, without the white space around it; NULL if there is none. */
static char *status_field(const char *path, const char *field)
{
	FILE *file = fopen(path, "re");
	char *line = NULL, *found = NULL;
	size_t size = 0, length = strlen(field);

	while (file && !found && getline(&line, &size, file) >= 0)
		if (strncmp(line, field, length) == 0 && line[length] == ':')
			found = line + length + 1 + strspn(line + length + 1, " \t");
	if (file)
		fclose(file);
	for (char *end = found ? strchr(found, 0) : NULL; found && end > found && strchr(" \t\n", end[-1]);)
		*--end = 0;
	return found;
}
