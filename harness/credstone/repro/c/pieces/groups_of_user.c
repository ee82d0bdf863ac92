// groups_of_user
/*
 * getgrouplist(3) with room for so many groups: the list; where they do not fit what was returned, how many there are,
 * and those that were written.  What lies behind the room belongs to the caller and must stay.
 */
static const char *groups_of_user(const char *user, gid_t gid, int room)
{
	const gid_t untouched = 0xc9a55a36;
	int count = room < 0 ? 0 : room, size = room, result, written = 0;
	gid_t *groups = malloc((count + 1) * sizeof *groups);
	const char *stored;

	for (int i = 0; i <= count; i++)
		groups[i] = untouched;
	result = getgrouplist(user, gid, groups, &size);
	if (groups[count] != untouched)
		return "an entry written that is the caller's";
	if (result >= 0 && result == size)
		return list(groups, result < count ? result : count);
	while (written < count && groups[written] != untouched)
		written++;
	stored = list(groups, result < 0 ? written : result < count ? result : count);
	return filled("[%d, %d%s%s", result, size, stored[1] == ']' ? "" : ", ", stored + 1);
}
