// signals, signals_add
/* A set of signals as the kernel has it: 64 bits, in words of the machine. */
struct signals {
	unsigned long word[64 / (8 * sizeof(unsigned long))];
};

static void signals_add(struct signals *set, int signal)
{
	const int bits = 8 * sizeof *set->word;

	if (signal > 0 && signal <= 64)
		set->word[(signal - 1) / bits] |= 1UL << (signal - 1) % bits;
}
