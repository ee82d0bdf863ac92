// groups_at
/* getgroups(2) with an address that may be wrong. */
static const char *groups_at(int (*volatile get)(int, gid_t *), int size, gid_t *groups)
{
	return number(get(size, groups));
}
