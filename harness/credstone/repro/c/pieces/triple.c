// triple
/* Three ids side by side. */
static const char *triple(gid_t real, gid_t effective, gid_t saved)
{
	char *text;

	must("asprintf", asprintf(&text, "%u %u %u", real, effective, saved));
	return text;
}
