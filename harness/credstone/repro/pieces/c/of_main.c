// of_main
/* A text with the process ID of main in it. */
static const char *of_main(const char *format)
{
	char *text;

	must("asprintf", asprintf(&text, format, main_pid));
	return text;
}
