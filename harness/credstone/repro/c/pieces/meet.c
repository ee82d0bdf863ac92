// meet
/* bind(2) and listen(2), or connect(2), with a name of the abstract namespace. */
static const char *meet(const char *name, bool listens)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t size = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);
	int file = tells_credentials(socket(AF_UNIX, SOCK_STREAM, 0));
	long result;

	strncpy(address.sun_path + 1, name, sizeof address.sun_path - 2);
	if (listens)
		result = bind(listening = file, (struct sockaddr *) &address, size) < 0 ? -1 : listen(file, 8);
	else
		result = connect(connected = file, (struct sockaddr *) &address, size);
	return number(result);
}
