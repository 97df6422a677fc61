#include "parsers/wire/dissect.h"

#include <stdarg.h>
#include <stdio.h>

void
tell_textf(struct tell *t, const char *name, const char *fmt, ...)
{
	char text[TELL_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tell_text(t, name, text);
}
