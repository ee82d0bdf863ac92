// give_queue
/* IPC_SET, of the owner alone. */
static const char *give_queue(uid_t uid, gid_t gid)
{
	struct msqid_ds data = { 0 };

	msgctl(shared->queue, IPC_STAT, &data);
	data.msg_perm.uid = uid;
	data.msg_perm.gid = gid;
	return number(msgctl(shared->queue, IPC_SET, &data));
}
