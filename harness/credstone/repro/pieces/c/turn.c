// share, turn, done, finish
/*
 * Everybody goes through the same script.  A part of it is done by the one whose turn it is, after all parts before it.
 */
static struct {
	_Atomic int done;
	pid_t pid[8];
} *shared;

static _Thread_local int self, line;

static void script(void);

static void share(void)
{
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must("mmap", shared == MAP_FAILED ? -1 : 0);
}

static bool turn(int who)
{
	line++;
	if (who != self)
		return false;
	while (shared->done != line - 1)
		usleep(100);
	return true;
}

static void done(void)
{
	shared->done = line;
}

/* The status of the whole: every child gives its own. */
static int finish(void)
{
	int status;

	while (shared->done != line)
		usleep(100);
	if (self == MAIN)
		while (wait(&status) > 0)
			faults += status != 0;
	return faults != 0;
}
