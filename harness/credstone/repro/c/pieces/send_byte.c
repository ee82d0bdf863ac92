// send_byte
/* sendmsg(2) of one byte, with credentials if there are any. */
static const char *send_byte(const struct ucred *claimed)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof *claimed)];
	} control = { .head = { CMSG_LEN(sizeof *claimed), SOL_SOCKET, SCM_CREDENTIALS } };
	struct iovec byte = { "x", 1 };
	struct msghdr message = { .msg_iov = &byte, .msg_iovlen = 1 };

	if (claimed) {
		memcpy(CMSG_DATA(&control.head), claimed, sizeof *claimed);
		message.msg_control = &control;
		message.msg_controllen = sizeof control;
	}
	return number(sendmsg(talking(), &message, MSG_NOSIGNAL));
}
