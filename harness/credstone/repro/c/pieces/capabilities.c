// capabilities
/* Whether the capabilities are now these, but for those that the bounding set keeps away. */
static void capabilities(unsigned long long permitted, unsigned long long effective)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];
	unsigned long long bounding = 0, p, e;

	for (int bit = 0; prctl(PR_CAPBSET_READ, (long) bit) >= 0; bit++)
		bounding |= (unsigned long long) prctl(PR_CAPBSET_READ, (long) bit) << bit;
	syscall(SYS_capget, &head, data);
	p = data[0].permitted | (unsigned long long) data[1].permitted << 32;
	e = data[0].effective | (unsigned long long) data[1].effective << 32;
	permitted &= bounding | p;
	effective &= bounding | e;
	if (p == permitted && e == effective)
		return;
	printf("    now       permitted %#llx, effective %#llx\n", p, e);
	printf("    expected  permitted %#llx, effective %#llx\n", permitted, effective);
	faults++;
}
