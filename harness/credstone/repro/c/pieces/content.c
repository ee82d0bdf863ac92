// content
/* The text of a file, without the last end of line; ends of lines and tabs are shown by a letter. */
static const char *content(const char *path)
{
	FILE *file = fopen(path, "re"), *out;
	char *text;
	size_t size;
	bool failed;

	if (!file)
		return number(-1);
	out = open_memstream(&text, &size);
	putc('"', out);
	for (int c = getc(file), next; c != EOF; c = next) {
		next = getc(file);
		if (c == '\t' || (c == '\n' && next != EOF))
			fputs(c == '\t' ? "\\t" : "\\n", out);
		else if (c != '\n')
			putc(c, out);
	}
	putc('"', out);
	failed = ferror(file);
	fclose(file);
	fclose(out);
	return failed ? number(-1) : text;
}
