// keep_capabilities
/* Keeps these capabilities, permitted and effective, and gives up all others. */
static void keep_capabilities(unsigned long long mask)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	must("capget", syscall(SYS_capget, &head, data));
	for (int i = 0; i < 2; i++) {
		data[i].permitted &= mask >> 32 * i;
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	must("capset", syscall(SYS_capset, &head, data));
}
