// user_entry
/* An entry of passwd(5): uid and gid. */
static const char *user_entry(const struct passwd *entry)
{
	char *text;

	if (!entry)
		return no_such_entry(errno) ? "NULL" : number(-1);
	must("asprintf", asprintf(&text, "%u %u", entry->pw_uid, entry->pw_gid));
	return text;
}
