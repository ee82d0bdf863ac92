// get_capabilities
/* capget(2) for a process, 0 for the caller: permitted, effective, inheritable. */
static const char *get_capabilities(pid_t pid)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, pid };
	struct __user_cap_data_struct data[2];

	return syscall(SYS_capget, &head, data) == 0 ? three_masks(data, 2) : number(-1);
}
