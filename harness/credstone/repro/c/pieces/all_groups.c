// all_groups
/* getgroups(2) as it is usually called: first for the size, then for the list. */
static const char *all_groups(int (*get)(int, gid_t *))
{
	int size = get(0, NULL), count = 0;
	gid_t *groups;

	if (size < 0)
		return number(-1);
	groups = malloc((size + 1) * sizeof *groups);
	if (size > 0)
		count = get(size, groups);
	return count < 0 ? number(-1) : list(groups, count);
}
