// capget_at, read_sets
static struct __user_cap_data_struct read_sets[2];

/* capget(2) with this header and this address for the data; what it wrote of either. */
static const char *capget_at(void *header, void *data, int wanted)
{
	const struct __user_cap_header_struct *head = header;
	bool old = head && header != bad_pointer() && head->version == _LINUX_CAPABILITY_VERSION_1;
	long result = syscall(SYS_capget, header, data);

	if (wanted == VERSION)
		return number(head->version);
	return result == 0 && data == read_sets ? three_masks(read_sets, old ? 1 : 2) : number(result);
}
