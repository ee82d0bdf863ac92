// groups_within
/* getgroups(2) with a list of this size.  What lies behind the groups belongs to the caller and must stay. */
static const char *groups_within(int (*get)(int, gid_t *), int size)
{
	const gid_t untouched = 0xc9a55a36;
	int room = size < 0 ? 65536 : size + 1, count, written;
	gid_t *groups = malloc(room * sizeof *groups);
	const char *answer;
	char *text;

	for (int i = 0; i < room; i++)
		groups[i] = untouched;
	count = get(size, groups);
	answer = count < 0 || size == 0 ? number(count) : list(groups, count < room ? count : room);
	for (int i = written = 0; i < room; i++)
		written += groups[i] != untouched && (size == 0 || i >= count);
	if (!written)
		return answer;
	must("asprintf", asprintf(&text, "%s and %d entries written that are the caller's", answer, written));
	return text;
}
