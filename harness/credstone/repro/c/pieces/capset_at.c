// capset_at
/* capset(2) with this header and this address for the data; what it answered, or the version that it wrote. */
static const char *capset_at(void *header, const void *data, int wanted)
{
	const struct __user_cap_header_struct *head = header;
	long result = syscall(SYS_capset, header, data);

	return number(wanted == VERSION ? (long long) head->version : result);
}
