// three_old_ids, old_ids
static unsigned short old_ids[3];

/* The old getresuid(2), getresgid(2), with 16 bits for each id. */
static const char *three_old_ids(long result)
{
	return result == 0 ? list((gid_t[]) { old_ids[0], old_ids[1], old_ids[2] }, 3) : number(-1);
}
