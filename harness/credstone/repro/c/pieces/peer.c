// peer
/* SO_PEERCRED: uid and gid of whoever is at the other end; SO_PEERGROUPS: the groups. */
static const char *peer(int option)
{
	static gid_t groups[65536];
	struct ucred one;
	socklen_t size = option == SO_PEERCRED ? sizeof one : sizeof groups;

	if (getsockopt(talking(), SOL_SOCKET, option, option == SO_PEERCRED ? (void *) &one : groups, &size) < 0)
		return number(-1);
	return option == SO_PEERCRED ? filled("%u %u", one.uid, one.gid) : list(groups, size / sizeof *groups);
}
