// check_within
/* The same for a list that holds none but these ids; there are so many of them. */
static void check_within(const char *call, const char *answer, int count, const gid_t *allowed)
{
	gid_t *ids;
	int length = read_list(answer, &ids);
	bool right = length >= 0;

	for (int i = 0; i < length; i++) {
		bool known = false;
		for (int j = 0; j < count; j++)
			known |= ids[i] == allowed[j];
		right &= known;
	}
	printf("%s = %s", call, answer);
	if (!right) {
		printf("    expected none but");
		for (int j = 0; j < count; j++)
			printf(" %u", allowed[j]);
	}
	putchar('\n');
	faults += !right;
}
#define check_within(call, answer, ...) check_within(call, (begins(call), answer), __VA_ARGS__)
