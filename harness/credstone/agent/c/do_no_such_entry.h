// no_such_entry
/*
 * Whether a look-up that returned NULL found nothing.  POSIX wants errno to stay 0 then; getpwnam(3) lists what else is
 * seen.  All others are failures of the look-up itself.
 */
static bool no_such_entry(int error)
{
	return error == 0 || error == ENOENT || error == ESRCH || error == EBADF || error == EPERM;
}
