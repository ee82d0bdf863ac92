// list
/* A list of ids as a text; four and more that follow each other are written 5..8. */
static const char *list(const gid_t *ids, int count)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	putc('[', out);
	for (int i = 0, last; i < count; i = last + 1) {
		for (last = i; last + 1 < count && ids[last + 1] == ids[last] + 1;)
			last++;
		if (last - i < 3)
			last = i;
		fprintf(out, last > i ? "%s%u..%u" : "%s%u", i ? ", " : "", ids[i], ids[last]);
	}
	putc(']', out);
	fclose(out);
	return text;
}
