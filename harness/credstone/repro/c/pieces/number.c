// number
/* What a call returned, as a text: a number, or the name of the error. */
static const char *number(long long result)
{
	static const struct {
		int number;
		const char *name;
	} errors[] = {
		{ EPERM, "EPERM" }, { ENOENT, "ENOENT" }, { ESRCH, "ESRCH" }, { EAGAIN, "EAGAIN" },
		{ ENOMEM, "ENOMEM" }, { EACCES, "EACCES" }, { EFAULT, "EFAULT" }, { EINVAL, "EINVAL" },
		{ EROFS, "EROFS" }, { ERANGE, "ERANGE" }, { ENOSYS, "ENOSYS" }, { EOVERFLOW, "EOVERFLOW" },
		{ ENOSPC, "ENOSPC" }, { ENOEXEC, "ENOEXEC" }, { ENOTTY, "ENOTTY" }, { ESPIPE, "ESPIPE" },
		{ EUSERS, "EUSERS" }, { ELOOP, "ELOOP" }, { ENOTDIR, "ENOTDIR" }, { EBUSY, "EBUSY" },
	};
	char *text;
	int error = errno;

	errno = 0;
	for (size_t i = 0; result == -1 && i < sizeof errors / sizeof *errors; i++)
		if (errors[i].number == error)
			return errors[i].name;
	must("asprintf", asprintf(&text, result == -1 ? "errno %lld" : "%lld", result == -1 ? error : result));
	return text;
}
