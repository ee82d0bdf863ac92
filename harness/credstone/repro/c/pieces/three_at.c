// three_at, read_ids
static gid_t read_ids[3];

/* getresuid(2), getresgid(2) with addresses that may be wrong. */
static const char *three_at(int (*volatile get)(gid_t *, gid_t *, gid_t *), gid_t *real, gid_t *effective, gid_t *saved)
{
	return get(real, effective, saved) == 0 ? triple(read_ids[0], read_ids[1], read_ids[2]) : number(-1);
}
