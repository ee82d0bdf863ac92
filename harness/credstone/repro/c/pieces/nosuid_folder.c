// nosuid_folder
/* Mounts the folder anew, for this program alone, so that set-ID bits and capabilities of files do nothing. */
static void nosuid_folder(void)
{
	char *here = getcwd(NULL, 0);

	must("unshare", unshare(CLONE_NEWNS));
	must("mount", mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	must("mount", mount("repro", here, "tmpfs", MS_NOSUID, "mode=0755"));
	must(here, chdir(here));
}
