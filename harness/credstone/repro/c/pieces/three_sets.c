// three_sets
/* The sets as capset(2) takes them. */
static const void *three_sets(unsigned long long permitted, unsigned long long effective,
			      unsigned long long inheritable)
{
	static struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++) {
		data[i].permitted = permitted >> 32 * i;
		data[i].effective = effective >> 32 * i;
		data[i].inheritable = inheritable >> 32 * i;
	}
	return data;
}
