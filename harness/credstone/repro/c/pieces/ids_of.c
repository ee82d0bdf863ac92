// ids_of
/* The numbers of such a field. */
static int ids_of(const char *text, gid_t **ids)
{
	int count = 0;
	char *end;

	*ids = malloc((strlen(text) + 1) * sizeof **ids);
	for (const char *at = text; *at; at = end + strspn(end, " \t")) {
		(*ids)[count++] = strtoul(at, &end, 10);
		if (end == at)
			break;
	}
	return count;
}
