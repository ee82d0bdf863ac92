// counting_up
/* The groups 0, 1, 2, and so on: enough of them that the size alone can be wrong. */
static gid_t *counting_up(int count)
{
	gid_t *groups = malloc((count + 1) * sizeof *groups);

	for (int i = 0; i <= count; i++)
		groups[i] = i;
	return groups;
}
