// set_capabilities
/* capset(2) for the caller, with one mask for each set. */
static const char *set_capabilities(unsigned long long permitted, unsigned long long effective,
				    unsigned long long inheritable)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = {
		{ effective, permitted, inheritable },
		{ effective >> 32, permitted >> 32, inheritable >> 32 },
	};

	return number(syscall(SYS_capset, &head, data));
}
