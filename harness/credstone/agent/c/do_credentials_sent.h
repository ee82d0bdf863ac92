// credentials_sent
/* The credentials that came with a message; false if none did. */
static bool credentials_sent(struct msghdr *message, struct ucred *sender)
{
	const struct cmsghdr *head = CMSG_FIRSTHDR(message);

	if (!head || head->cmsg_type != SCM_CREDENTIALS)
		return false;
	memcpy(sender, CMSG_DATA(head), sizeof *sender);
	return true;
}
