// shared, turn, done, finish
/*
 * Everybody goes through the same script.  A part of it is done by the one whose turn it is, after all parts before it.
 */
static struct {
	_Atomic int done, faults;
	pid_t pid[32], task[32];
	int queue;
} *shared;

static _Thread_local int self, line, skipped;

static void script(void);

static bool turn(int who)
{
	line++;
	if (who != self || line <= skipped)
		return false;
	while (shared->done != line - 1)
		usleep(100);
	return true;
}

static void done(void)
{
	shared->done = line;
}

/* The status of the whole: every child gives its own.  Who was killed in the course of the script has nothing to say. */
static int finish(void)
{
	int status;

	while (shared->done != line)
		usleep(100);
	if (self != MAIN)
		return faults != 0;
	while (wait(&status) > 0)
		faults += WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status) != SIGKILL;
	return faults + shared->faults != 0;
}
