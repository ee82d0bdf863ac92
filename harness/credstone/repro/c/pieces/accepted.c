// accepted
/* accept(2). */
static const char *accepted(void)
{
	connected = accept(listening, NULL, NULL);
	if (connected >= 0)
		tells_credentials(connected);
	return number(connected < 0 ? -1 : 0);
}
