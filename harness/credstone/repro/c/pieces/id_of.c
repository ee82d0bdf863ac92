// id_of
/* A call that gives an id and never fails: what looks like an error is one of the highest ids. */
static uid_t id_of(long result)
{
	return result == -1 ? -errno : result;
}
