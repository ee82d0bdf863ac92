// octal
/* The mode of a file. */
static const char *octal(mode_t mode)
{
	return filled("0%03o", (unsigned) mode);
}
