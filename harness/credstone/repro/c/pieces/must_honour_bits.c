// must_honour_bits
/* Whether programs can be started here, and set-ID bits count. */
static void must_honour_bits(void)
{
	struct statvfs system;

	must("statvfs", statvfs(".", &system));
	if (system.f_flag & (ST_NOSUID | ST_NOEXEC)) {
		fputs("no set-up: /tmp is mounted nosuid or noexec\n", stderr);
		exit(2);
	}
}
