// prepare
/* A line that only prepares the next ones: where it fails there is nothing to see. */
static void prepare(const char *call, const char *answer)
{
	printf("%s = %s\n", call, answer);
	if (answer[0] == 'E' || answer[0] == 'e')
		exit(2);
}
#define prepare(call, answer) prepare(call, (begins(call), answer))
