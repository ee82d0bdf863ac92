// receive_byte
/* recvmsg(2): the uid and gid that come with a byte. */
static const char *receive_byte(void)
{
	union credentials_room control;
	struct iovec byte = { &(char) { 0 }, 1 };
	struct msghdr message = { NULL, 0, &byte, 1, &control, sizeof control, 0 };
	struct ucred sender;

	if (recvmsg(talking(), &message, 0) < 0)
		return number(-1);
	if (!credentials_sent(&message, &sender))
		return "no credentials";
	return filled("%u %u", sender.uid, sender.gid);
}
