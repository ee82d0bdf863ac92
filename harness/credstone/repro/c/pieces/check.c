// check
/* One line for each call, in the style of strace, and what was expected where that is something else. */
static void check(const char *call, const char *answer, const char *expected)
{
	bool right = strcmp(answer, expected) == 0;

	printf("%s = %s%s%s\n", call, answer, right ? "" : "    expected ", right ? "" : expected);
	faults += !right;
}
#define check(call, answer, ...) check(call, (begins(call), answer), __VA_ARGS__)
