// start_thread
static void *thread(void *who)
{
	self = (intptr_t) who;
	script();
	for (;;)
		pause();
	return NULL;
}

static void start_thread(int who)
{
	pthread_t id;

	if ((errno = pthread_create(&id, NULL, thread, (void *) (intptr_t) who)))
		must("pthread_create", -1);
}
