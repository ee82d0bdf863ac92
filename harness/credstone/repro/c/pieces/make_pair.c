// make_pair
/* socketpair(2). */
static const char *make_pair(void)
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return number(-1);
	tells_credentials(pair[0]);
	tells_credentials(pair[1]);
	return "0";
}
