#include "base/printer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

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

static void
put_cell(struct sbuf *out, const struct column *c, bool first, const char *text)
{
	int width = c->width < 0 ? -c->width : c->width;
	int cut = c->flags & COLUMN_CUT ? width : -1; /* a negative precision is none */

	if (!first)
		sbuf_puts(out, c->flags & COLUMN_APART ? "  " : " ");
	if (c->width < 0)
		sbuf_printf(out, "%-*.*s", width, cut, text);
	else
		sbuf_printf(out, "%*.*s", width, cut, text);
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
	for (unsigned i = 0; columns[i].name != NULL; i++)
		put_cell(p->out, &columns[i], i == 0, p->cell[i]);
}

struct sbuf *
printer_text(struct printer *p)
{
	if (p->format == PRINTER_JSON)
		return NULL;
	put_cells(p);
	p->line = true;
	return p->out;
}

struct jw *
printer_json(struct printer *p)
{
	return p->format == PRINTER_JSON ? &p->json : NULL;
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
