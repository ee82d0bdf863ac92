// check_any
/* The same where more than one answer is allowed; the last of them is followed by NULL. */
static void check_any(const char *call, const char *answer, const char *const *allowed)
{
	const char *const *at = allowed;

	while (at[1] && strcmp(answer, *at) != 0)
		at++;
	check(call, answer, *at);
}
#define check_any(call, answer, ...) check_any(call, (begins(call), answer), __VA_ARGS__)
