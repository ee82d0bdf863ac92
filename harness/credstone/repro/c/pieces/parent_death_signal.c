// parent_death_signal
/* PR_GET_PDEATHSIG writes its answer. */
static const char *parent_death_signal(void)
{
	int signal = 0;
	long result = prctl(PR_GET_PDEATHSIG, &signal, 0L, 0L, 0L);

	return number(result < 0 ? result : signal);
}
