// content
/* The first line of a file. */
static const char *content(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL, *text;
	size_t size = 0;

	if (!file || getline(&line, &size, file) < 0)
		return number(-1);
	fclose(file);
	line[strcspn(line, "\n")] = 0;
	must("asprintf", asprintf(&text, "\"%s\"", line));
	return text;
}
