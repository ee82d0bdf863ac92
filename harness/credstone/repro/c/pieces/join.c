// join
/* setns(2) with a descriptor of a namespace or a process. */
static const char *join(int file, int flags)
{
	long result = file < 0 ? -1 : setns(file, flags);

	let_go(file);
	return number(result);
}
