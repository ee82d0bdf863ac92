// hold
/* A file that stays open. */
static const char *hold(const char *path)
{
	held_file = open(path, O_RDONLY);
	return number(held_file < 0 ? -1 : 0);
}
