#include "parsers/wire/dissect.h"

#include <stdarg.h>
#include <stdio.h>

void
field_textf(struct field_sink *to, const char *name, const char *fmt, ...)
{
	char text[FIELD_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	field_text(to, name, text);
}
