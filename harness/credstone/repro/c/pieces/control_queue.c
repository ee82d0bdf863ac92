// control_queue
/* msgctl(2); IPC_STAT: owner and maker. */
static const char *control_queue(int command)
{
	struct msqid_ds data;

	if (msgctl(shared->queue, command, &data) < 0)
		return number(-1);
	if (command != IPC_STAT)
		return "0";
	return filled("%u %u %u %u", data.msg_perm.uid, data.msg_perm.gid, data.msg_perm.cuid, data.msg_perm.cgid);
}
