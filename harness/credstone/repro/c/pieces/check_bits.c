// check_bits
/* The same for a set of bits that must all be in the answer, or of which none may be. */
static void check_bits(const char *call, const char *answer, unsigned long long bits, bool wanted)
{
	unsigned long long seen = strtoull(answer, NULL, 10);
	bool right = *answer >= '0' && *answer <= '9' && (seen & bits) == (wanted ? bits : 0);

	printf("%s = %s", call, answer);
	if (!right)
		printf("    expected an answer that %s %llu", wanted ? "contains" : "lacks", bits);
	putchar('\n');
	faults += !right;
}
#define check_bits(call, answer, ...) check_bits(call, (begins(call), answer), __VA_ARGS__)
