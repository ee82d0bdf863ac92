// read_list
/* The ids of such a text, or those that stand side by side; -1 if it is the name of an error. */
static int read_list(const char *text, gid_t **ids)
{
	int count = 0;
	char *end;

	if (*text != '[' && (*text < '0' || *text > '9'))
		return -1;
	*ids = malloc(1 << 20);
	for (const char *at = text + (*text == '['); *at && *at != ']'; at = end + strspn(end, ", ")) {
		unsigned long first = strtoul(at, &end, 10), last = first;
		if (*end == '.')
			last = strtoul(end + 2, &end, 10);
		for (unsigned long id = first; id <= last && count < 1 << 18; id++)
			(*ids)[count++] = id;
	}
	return count;
}
