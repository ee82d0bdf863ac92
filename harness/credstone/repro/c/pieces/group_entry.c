// group_entry
/* An entry of group(5): its gid. */
static const char *group_entry(const struct group *entry)
{
	if (!entry)
		return no_such_entry(errno) ? "NULL" : number(-1);
	return number(entry->gr_gid);
}
