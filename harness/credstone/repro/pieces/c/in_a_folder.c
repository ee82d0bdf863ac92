// in_a_folder
static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
	(void) about, (void) kind, (void) place;
	return remove(path);
}

/* Goes on in a child, in a new folder.  The parent waits, and removes the folder with all that is in it. */
static void in_a_folder(void)
{
	char folder[] = "/tmp/repro-XXXXXX";
	int status;
	pid_t pid;

	must("mkdtemp", mkdtemp(folder) ? 0 : -1);
	must(folder, chmod(folder, 0755));
	must(folder, chdir(folder));
	pid = fork();
	must("fork", pid);
	if (pid == 0)
		return;
	waitpid(pid, &status, 0);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	if (WIFSIGNALED(status))
		printf("ended by signal %d\n", WTERMSIG(status));
	exit(WIFSIGNALED(status) ? 1 : WEXITSTATUS(status));
}
