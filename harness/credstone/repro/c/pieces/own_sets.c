// own_sets
/* The sets that the caller has. */
static const void *own_sets(void)
{
	static struct __user_cap_data_struct data[2];
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };

	must("capget", syscall(SYS_capget, &head, data));
	return data;
}
