// filled
/* A text with numbers put in. */
__attribute__((format(printf, 1, 2))) static const char *filled(const char *format, ...)
{
	va_list numbers;
	char *text;

	va_start(numbers, format);
	must("vasprintf", vasprintf(&text, format, numbers));
	va_end(numbers);
	return text;
}
