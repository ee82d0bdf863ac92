// in_a_folder
/* Goes on in a child, in a new folder.  The parent waits, and removes the folder with these files. */
static void in_a_folder(const char *const *files)
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
	for (; *files; files++)
		unlink(*files);
	rmdir(folder);
	if (WIFSIGNALED(status))
		printf("ended by signal %d\n", WTERMSIG(status));
	exit(WIFSIGNALED(status) ? 1 : WEXITSTATUS(status));
}
