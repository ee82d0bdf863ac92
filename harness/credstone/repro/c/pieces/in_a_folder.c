// in_a_folder
static char folder[] = "/tmp/repro-XXXXXX";
static pid_t owner_of_folder;

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
	(void) about, (void) kind, (void) place;
	return remove(path);
}

static void remove_folder(void)
{
	if (getpid() == owner_of_folder)
		nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* A new folder, which is removed at the end of this process with all that is in it. */
static void in_a_folder(void)
{
	must("mkdtemp", mkdtemp(folder) ? 0 : -1);
	owner_of_folder = getpid();
	atexit(remove_folder);
	must(folder, chmod(folder, 0755));
	must(folder, chdir(folder));
}
