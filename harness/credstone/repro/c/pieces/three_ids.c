// three_ids
/* getresuid(2), getresgid(2): real, effective, saved. */
static const char *three_ids(int (*get)(gid_t *, gid_t *, gid_t *))
{
	gid_t real, effective, saved;

	return get(&real, &effective, &saved) == 0 ? triple(real, effective, saved) : number(-1);
}
