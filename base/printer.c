#include "base/printer.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/utf8.h"

void
printer_init(struct printer *p, struct sbuf *out, enum printer_format format)
{
	p->format = format;
	p->out = out;
	p->columns = NULL;
	p->colour = NULL;
	p->line = false;
	p->json = jw_to(out);
}

/* Octets of the first characters of a text, `most` of them or all; *count gets how many. */
static size_t
span(const char *text, int most, int *count)
{
	size_t at = 0, left = strlen(text);

	for (*count = 0; left > 0 && *count < most; ++*count) {
		size_t n = utf8_len(text + at, left);

		n = n > 0 ? n : 1;
		at += n;
		left -= n;
	}
	return at;
}

static void
put_spaces(struct sbuf *out, int n)
{
	while (n-- > 0)
		sbuf_putc(out, ' ');
}

static void
put_cell(struct sbuf *out, const struct column *c, bool first, const char *text)
{
	int width = c->width < 0 ? -c->width : c->width, count;
	size_t n = span(text, c->flags & COLUMN_CUT ? width : INT_MAX, &count);

	if (!first)
		sbuf_puts(out, c->flags & COLUMN_APART ? "  " : " ");
	if (c->width > 0)
		put_spaces(out, width - count);
	sbuf_add(out, text, n);
	if (c->width < 0)
		put_spaces(out, width - count);
}

void
printer_heading(struct printer *p, const struct column *columns)
{
	if (p->format == PRINTER_JSON)
		return;
	for (const struct column *c = columns; c->name != NULL; c++)
		put_cell(p->out, c, c == columns, c->heading);
	sbuf_putc(p->out, '\n');
}

/* --- rows */

void
printer_row(struct printer *p, const struct column *columns, const char *colour)
{
	if (p->format == PRINTER_JSON) {
		p->json = jw_to(p->out);
		jw_object(&p->json, NULL);
		return;
	}
	p->columns = columns;
	p->colour = p->format == PRINTER_COLOUR ? colour : NULL;
	p->line = columns != NULL;
	p->text_at = SIZE_MAX;
	for (unsigned i = 0; columns != NULL && columns[i].name != NULL; i++) {
		assert(i < PRINTER_COLUMNS_MAX);
		p->cell[i][0] = '\0';
	}
}

static void
put_cells(struct printer *p)
{
	const struct column *columns = p->columns;

	if (columns == NULL)
		return;
	p->columns = NULL;
	if (p->colour != NULL)
		sbuf_puts(p->out, p->colour);
	for (unsigned i = 0; columns[i].name != NULL; i++) {
		utf8_make_visible(p->cell[i]);
		put_cell(p->out, &columns[i], i == 0, p->cell[i]);
	}
}

struct sbuf *
printer_text(struct printer *p)
{
	if (p->format == PRINTER_JSON)
		return NULL;
	put_cells(p);
	p->line = true;
	p->text_at = p->out->len;
	return p->out;
}

struct jw *
printer_json(struct printer *p)
{
	return p->format == PRINTER_JSON ? &p->json : NULL;
}

/* Free text is shown as cells are, but for its ends of lines. */
static void
clean_text(struct printer *p)
{
	char *line, *end;

	if (p->text_at >= p->out->len)
		return;
	line = p->out->data + p->text_at;
	for (char *to = line; line != NULL; line = end) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		utf8_make_visible(line);
		memmove(to, line, strlen(line) + 1);
		to += strlen(to);
		if (end != NULL)
			*to++ = '\n';
		p->out->len = (size_t)(to - p->out->data);
	}
	p->out->data[p->out->len] = '\0';
}

void
printer_end(struct printer *p)
{
	if (p->format == PRINTER_JSON) {
		jw_end_object(&p->json);
		sbuf_putc(p->out, '\n');
		return;
	}
	put_cells(p);
	clean_text(p);
	if (p->line)
		sbuf_puts(p->out, p->colour != NULL ? "\033[0m\n" : "\n");
}

/* --- values */

/* The cell with this name, NULL when no column has it. */
static char *
cell_of(struct printer *p, const char *name)
{
	for (unsigned i = 0; p->columns != NULL && p->columns[i].name != NULL; i++)
		if (strcmp(p->columns[i].name, name) == 0)
			return p->cell[i];
	return NULL;
}

void
printer_cell(struct printer *p, const char *name, const char *fmt, ...)
{
	char *cell = p->format == PRINTER_JSON ? NULL : cell_of(p, name);
	va_list ap;

	if (cell == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(cell, PRINTER_CELL_MAX, fmt, ap);
	va_end(ap);
}

void
printer_string(struct printer *p, const char *name, const char *value)
{
	if (p->format == PRINTER_JSON)
		jw_string(&p->json, name, value);
	else
		printer_cell(p, name, "%s", value);
}

void
printer_uint(struct printer *p, const char *name, uint64_t value)
{
	if (p->format == PRINTER_JSON)
		jw_uint(&p->json, name, value);
	else
		printer_cell(p, name, "%llu", (unsigned long long)value);
}

void
printer_bool(struct printer *p, const char *name, bool value)
{
	if (p->format == PRINTER_JSON)
		jw_bool(&p->json, name, value);
	else
		printer_cell(p, name, "%s", value ? name : "");
}

void
printer_time(struct printer *p, const char *name, int64_t us)
{
	char text[CLOCK_TEXT_MAX];

	if (p->format == PRINTER_JSON)
		jw_time_us(&p->json, name, us);
	else
		printer_cell(p, name, "%s", clock_format_us(us, 0, text));
}

void
printer_figure(struct printer *p, const char *name, uint64_t value)
{
	if (p->format == PRINTER_JSON)
		jw_uint(&p->json, name, value);
	else
		sbuf_printf(p->out, "%-28s %14llu\n", name, (unsigned long long)value);
}
