// check_holds
/* The same for one id that the list must hold, or must not hold. */
static void check_holds(const char *call, const char *answer, gid_t id, bool wanted)
{
	gid_t *ids;
	int count = read_list(answer, &ids);
	bool right = count >= 0, held = false;

	for (int i = 0; i < count; i++)
		held |= ids[i] == id;
	right &= held == wanted;
	printf("%s = %s", call, answer);
	if (!right)
		printf("    expected a list that %s %u", wanted ? "contains" : "lacks", id);
	putchar('\n');
	faults += !right;
}
#define check_holds(call, answer, ...) check_holds(call, (begins(call), answer), __VA_ARGS__)
