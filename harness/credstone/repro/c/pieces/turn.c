// shared, turn, done, finish
/*
 * Everybody goes through the same script.  A part of it is done by the one whose turn it is, after all parts before it.
 */
static struct {
	_Atomic int done, faults, part, performer;
	pid_t pid[32], task[32];
	int queue;
} *shared;

static _Thread_local int self, line, skipped;

static void script(void);

/* What main does while it waits: a child that ended in the middle of its part will never be done, and main ends like it. */
static void look_after(void)
{
	pid_t child = shared->pid[shared->performer];
	siginfo_t seen;

	if (self != MAIN || shared->performer == MAIN || child == 0)
		return;
	seen = has_ended(P_PID, child);
	if (!seen.si_pid || shared->done >= shared->part)
		return;
	if (seen.si_code == CLD_EXITED)
		exit(seen.si_status);
	signal(seen.si_status, SIG_DFL);
	raise(seen.si_status);
	exit(1);
}

static void wait_for(int part)
{
	while (shared->done != part) {
		if (meanwhile)
			meanwhile();
		look_after();
		usleep(100);
	}
}

static bool turn(int who)
{
	line++;
	if (who != self || line <= skipped)
		return false;
	wait_for(line - 1);
	shared->performer = self;
	shared->part = line;
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

	wait_for(line);
	if (self != MAIN)
		return faults != 0;
	for (siginfo_t seen; (seen = has_ended(P_ALL, 0)).si_errno != ECHILD;) {
		if (meanwhile)
			meanwhile();
		if (seen.si_pid && waitpid(seen.si_pid, &status, __WALL) > 0)
			faults += WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status) != SIGKILL;
		else
			usleep(100);
	}
	return faults + shared->faults != 0;
}
