// make_queue
/* A message queue of a namespace of its own, which goes with the program. */
static const char *make_queue(int mode)
{
	int queue = msgget(IPC_PRIVATE, mode | IPC_CREAT);

	if (queue >= 0)
		shared->queue = queue;
	return number(queue < 0 ? -1 : 0);
}
