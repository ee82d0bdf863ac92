// connected, pair, talking, tells_credentials
static int connected = -1, pair[2] = { -1, -1 };

/* The connection over which somebody talks: the own one, or an end of the pair, of which main has the first. */
static int talking(void)
{
	return connected >= 0 ? connected : pair[self != MAIN];
}

/* Whoever receives over it is told the credentials of the sender. */
static int tells_credentials(int file)
{
	must("SO_PASSCRED", setsockopt(file, SOL_SOCKET, SO_PASSCRED, &(int) { 1 }, sizeof(int)));
	return file;
}
