// three_masks
/* Permitted, effective, inheritable: as many halves of 32 bits as the version knows. */
static const char *three_masks(const struct __user_cap_data_struct *data, int halves)
{
	unsigned long long p = data[0].permitted, e = data[0].effective, i = data[0].inheritable;
	char *text;

	if (halves > 1) {
		p |= (unsigned long long) data[1].permitted << 32;
		e |= (unsigned long long) data[1].effective << 32;
		i |= (unsigned long long) data[1].inheritable << 32;
	}
	must("asprintf", asprintf(&text, "%llu %llu %llu", p, e, i));
	return text;
}
