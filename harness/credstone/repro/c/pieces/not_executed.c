// not_executed, executed
/* execve(2) that must fail: a new image is a copy of this program, and says that it runs. */
static const char *not_executed(const char *path, const char *call)
{
	execl(path, path, call, "executed", NULL);
	return number(-1);
}

static void executed(const char *call)
{
	check(call, "0", "an error");
	exit(1);
}
