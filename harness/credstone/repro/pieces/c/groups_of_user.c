// groups_of_user
/* getgrouplist(3) with room for so many groups: the list, or [-1, how many there are]. */
static const char *groups_of_user(const char *user, gid_t gid, int room)
{
	gid_t *groups = malloc((room + 1) * sizeof *groups);
	int size = room, result = getgrouplist(user, gid, groups, &size);
	char *text;

	if (result >= 0)
		return list(groups, result < room ? result : room);
	must("asprintf", asprintf(&text, "[%d, %d]", result, size));
	return text;
}
