// capability_data
/* The sets as capset(2) takes them: each in two halves of 32 bits. */
static void capability_data(struct __user_cap_data_struct data[2], unsigned long long permitted,
			    unsigned long long effective, unsigned long long inheritable)
{
	for (int half = 0; half < 2; half++) {
		data[half].permitted = permitted >> 32 * half;
		data[half].effective = effective >> 32 * half;
		data[half].inheritable = inheritable >> 32 * half;
	}
}
