// send_byte
/* sendmsg(2) of one byte, with credentials if there are any. */
static const char *send_byte(const struct ucred *claimed)
{
	union credentials_room control;
	struct iovec byte = { "x", 1 };
	struct msghdr message = { .msg_iov = &byte, .msg_iovlen = 1 };

	if (claimed)
		credentials_claim(&message, &control, claimed);
	return number(sendmsg(talking(), &message, MSG_NOSIGNAL));
}
