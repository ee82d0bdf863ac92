// sorted
static int compare(const void *one, const void *other)
{
	gid_t a = *(const gid_t *) one, b = *(const gid_t *) other;

	return (a > b) - (a < b);
}

/* The same list in ascending order, where the order that was answered does not matter. */
static const char *sorted(const char *text)
{
	gid_t *ids;
	int count = read_list(text, &ids);

	if (count < 0)
		return text;
	qsort(ids, count, sizeof *ids, compare);
	return list(ids, count);
}
