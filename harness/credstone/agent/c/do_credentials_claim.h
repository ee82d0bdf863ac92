// credentials_claim
/* Lets a message claim these credentials. */
static void credentials_claim(struct msghdr *message, union credentials_room *control, const struct ucred *claimed)
{
	memset(control, 0, sizeof *control);
	control->head.cmsg_level = SOL_SOCKET;
	control->head.cmsg_type = SCM_CREDENTIALS;
	control->head.cmsg_len = CMSG_LEN(sizeof *claimed);
	memcpy(CMSG_DATA(&control->head), claimed, sizeof *claimed);
	message->msg_control = control;
	message->msg_controllen = sizeof control->room;
}
