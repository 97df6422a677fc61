#include "cli/explain.h"

#include <stdarg.h>
#include <stdio.h>

enum { VALUE_MAX = 2048, HEX_MAX = 512 };

void
explain_begin(struct explain *x, struct sbuf *out, bool json)
{
	*x = (struct explain){ .json = json, .out = out, .jw = jw_to(out) };
	if (json)
		jw_object(&x->jw, NULL);
}

void
explain_end(struct explain *x)
{
	if (x->json)
		jw_end_object(&x->jw);
	sbuf_putc(x->out, '\n');
}

static void
indent(struct explain *x)
{
	for (unsigned i = 0; i <= x->depth; i++)
		sbuf_puts(x->out, "  ");
}

void
explain_open(struct explain *x, const char *name)
{
	if (x->json) {
		jw_object(&x->jw, name);
	} else if (name != NULL) {
		indent(x);
		sbuf_printf(x->out, "%s\n", name);
	}
	x->depth++;
}

void
explain_close(struct explain *x)
{
	x->depth--;
	if (x->json)
		jw_end_object(&x->jw);
}

void
explain_list(struct explain *x, const char *name)
{
	if (x->json) {
		jw_array(&x->jw, name);
	} else {
		indent(x);
		sbuf_printf(x->out, "%s\n", name);
	}
	x->depth++;
}

void
explain_list_end(struct explain *x)
{
	x->depth--;
	if (x->json)
		jw_end_array(&x->jw);
}

void
explain_text(struct explain *x, const char *name, const char *fmt, ...)
{
	char text[VALUE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (x->json) {
		jw_string(&x->jw, name, text);
		return;
	}
	indent(x);
	sbuf_printf(x->out, "%-22s %s\n", name, text);
}

void
explain_number(struct explain *x, const char *name, uint64_t value)
{
	if (x->json)
		jw_uint(&x->jw, name, value);
	else
		explain_text(x, name, "%llu", (unsigned long long)value);
}

void
explain_hex(struct explain *x, const char *name, struct rd r)
{
	char text[2 * HEX_MAX + 16];
	size_t n = rd_left(&r), at = 0;

	for (size_t i = 0; i < n && i < HEX_MAX; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%02x", r.pos[i]);
	if (n > HEX_MAX)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "... (%zu)", n);
	text[at] = '\0';
	explain_text(x, name, "%s", text);
}

void
explain_item(struct explain *x, const char *fmt, ...)
{
	char text[VALUE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (x->json) {
		jw_string(&x->jw, NULL, text);
		return;
	}
	indent(x);
	sbuf_printf(x->out, "%s\n", text);
}
