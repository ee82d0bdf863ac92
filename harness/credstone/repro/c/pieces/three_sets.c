// three_sets
/* The sets as capset(2) takes them. */
static const void *three_sets(unsigned long long permitted, unsigned long long effective,
			      unsigned long long inheritable)
{
	static struct __user_cap_data_struct data[2];

	capability_data(data, permitted, effective, inheritable);
	return data;
}
