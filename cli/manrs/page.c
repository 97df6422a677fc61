/* How the page looks: text for a terminal, or HTML that needs nothing else, runs no script, and is
 * printed on A4; on a screen it is dark where that is asked for, and wide tables scroll. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"
#include "cli/fields.h"
#include "cli/manrs/manrs_private.h"

enum { LINE_WIDTH = 110, CELL_MAX = 512, BAR_WIDTH = 20, BAR_HEIGHT = 60 };

static const char style[] =
    "@page{size:A4;margin:14mm}"
    "body{font:10.5pt/1.4 system-ui,sans-serif;color:#1a1a1a;max-width:190mm;margin:8mm auto;"
    "padding:0 4mm}"
    "h1{font-size:17pt;margin:0}h2{font-size:12pt;margin:7mm 0 2mm;border-bottom:1px solid #999}"
    ".sub{color:#555;margin:0 0 4mm}"
    "table{border-collapse:collapse;width:100%;font-size:9pt}"
    "th{text-align:left;border-bottom:1px solid #999;font-weight:600}"
    "th,td{padding:1mm 2mm 1mm 0;vertical-align:top}"
    "td.r,th.r{text-align:right;font-variant-numeric:tabular-nums}"
    "tr{break-inside:avoid}tr:nth-child(even) td{background:#f6f6f6}"
    "code{font:8pt ui-monospace,monospace;overflow-wrap:anywhere;color:#333}"
    ".light{white-space:nowrap}.light i{display:inline-block;width:3.2mm;height:3.2mm;"
    "border-radius:50%;margin-right:1.5mm;vertical-align:-.4mm;border:1px solid #555;"
    "-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    ".green i{background:#2e9e44}.yellow i{background:#f2c230}.red i{background:#d23b2f}"
    ".grey i{background:#ddd}"
    "svg{display:block;width:100%;height:18mm;margin:1mm 0}svg text{font:9px sans-serif}"
    "@media screen{.wide{overflow-x:auto}}"
    "@media screen and (prefers-color-scheme:dark){html{background:#15181b;color-scheme:dark}"
    "body{color:#dde1e4}h2,th{border-color:#555}.sub{color:#a4abb1}code{color:#c3c9ce}"
    "tr:nth-child(even) td{background:#1e2226}.grey i{background:#777}"
    "rect[fill=\"#eee\"]{fill:#2b3035}rect[fill=\"#47709b\"]{fill:#7fa6cf}}";

/* Text that somebody else may have written. */
static void
put_text(struct page *p, const char *text)
{
	if (!p->html) {
		fields_visible(p->out, text);
		return;
	}
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			sbuf_puts(p->out, "&amp;");
			break;
		case '<':
			sbuf_puts(p->out, "&lt;");
			break;
		case '>':
			sbuf_puts(p->out, "&gt;");
			break;
		case '"':
			sbuf_puts(p->out, "&quot;");
			break;
		default:
			sbuf_putc(p->out, *text);
		}
}

void
page_begin(struct page *p, const char *title, const char *subtitle)
{
	if (!p->html) {
		put_text(p, title);
		sbuf_putc(p->out, '\n');
		put_text(p, subtitle);
		sbuf_putc(p->out, '\n');
		return;
	}
	sbuf_puts(
	    p->out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
	put_text(p, title);
	sbuf_printf(p->out,
	    "</title><meta name=\"viewport\" content=\"width=device-width\"><style>%s</style>"
	    "</head>\n<body>\n<h1>",
	    style);
	put_text(p, title);
	sbuf_puts(p->out, "</h1>\n<p class=\"sub\">");
	put_text(p, subtitle);
	sbuf_puts(p->out, "</p>\n");
}

void
page_end(struct page *p)
{
	if (p->html)
		sbuf_puts(p->out, "</body></html>\n");
}

void
page_heading(struct page *p, const char *text)
{
	sbuf_puts(p->out, p->html ? "<h2>" : "\n");
	put_text(p, text);
	sbuf_puts(p->out, p->html ? "</h2>\n" : "\n");
}

/* Lines of a paragraph end where a blank was. */
static void
fold(char *text)
{
	char *begin = text, *blank = NULL;

	for (char *at = text; *at != '\0'; at++) {
		if (*at == ' ')
			blank = at;
		if (at - begin < LINE_WIDTH || blank == NULL)
			continue;
		*blank = '\n';
		begin = blank + 1;
		blank = NULL;
	}
}

void
page_say(struct page *p, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!p->html)
		fold(text);
	sbuf_puts(p->out, p->html ? "<p>" : "");
	for (char *line = text, *next; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		put_text(p, line);
		sbuf_puts(p->out, next != NULL ? "\n" : "");
	}
	sbuf_puts(p->out, p->html ? "</p>\n" : "\n");
}

/* --- tables */

/* Characters, not octets. */
static int
width_of(const char *text)
{
	int n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static void
put_plain(struct page *p, const struct page_column *c, const char *text)
{
	int pad = c->width - width_of(text);

	if (c->align == CELL_RIGHT)
		sbuf_printf(p->out, "%*s", pad > 0 ? pad : 0, "");
	put_text(p, text);
	if (p->cell + 1 < p->columns_n)
		sbuf_printf(p->out, "%*s  ", c->align != CELL_RIGHT && pad > 0 ? pad : 0, "");
}

static void
next_cell(struct page *p)
{
	if (++p->cell < p->columns_n)
		return;
	p->cell = 0;
	sbuf_puts(p->out, p->html ? "</tr>\n" : "\n");
}

void
page_table(struct page *p, const struct page_column *columns, unsigned n)
{
	p->columns = columns;
	p->columns_n = n;
	p->cell = 0;
	sbuf_puts(p->out, p->html ? "<div class=\"wide\"><table><thead><tr>" : "");
	for (unsigned k = 0; k < n; k++) {
		if (p->html) {
			sbuf_puts(
			    p->out, columns[k].align == CELL_RIGHT ? "<th class=\"r\">" : "<th>");
			put_text(p, columns[k].heading);
			sbuf_puts(p->out, "</th>");
		} else {
			put_plain(p, &columns[k], columns[k].heading);
		}
		next_cell(p);
	}
	sbuf_puts(p->out, p->html ? "</thead><tbody>\n" : "");
}

void
page_cell(struct page *p, const char *fmt, ...)
{
	const struct page_column *c = &p->columns[p->cell];
	char text[CELL_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (p->html) {
		sbuf_puts(p->out, p->cell == 0 ? "<tr>" : "");
		sbuf_puts(p->out, c->align == CELL_RIGHT  ? "<td class=\"r\">"
				  : c->align == CELL_CODE ? "<td><code>"
							  : "<td>");
		put_text(p, text);
		sbuf_puts(p->out, c->align == CELL_CODE ? "</code></td>" : "</td>");
	} else {
		put_plain(p, c, text);
	}
	next_cell(p);
}

void
page_light(struct page *p, const char *light)
{
	if (!p->html) {
		page_cell(p, "%s", light);
		return;
	}
	sbuf_printf(p->out, "%s<td><span class=\"light ", p->cell == 0 ? "<tr>" : "");
	put_text(p, light);
	sbuf_puts(p->out, "\"><i></i>");
	put_text(p, light);
	sbuf_puts(p->out, "</span></td>");
	next_cell(p);
}

void
page_table_end(struct page *p)
{
	sbuf_puts(p->out, p->html ? "</tbody></table></div>\n" : "");
}

void
page_bars(struct page *p, const double *v, unsigned n, const char *what)
{
	double most = 0;

	if (!p->html || n == 0)
		return;
	for (unsigned k = 0; k < n; k++)
		most = v[k] > most ? v[k] : most;
	sbuf_printf(p->out,
	    "<svg viewBox=\"0 0 %u %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"",
	    n * BAR_WIDTH, BAR_HEIGHT);
	put_text(p, what);
	sbuf_puts(p->out, "\"><title>");
	put_text(p, what);
	sbuf_puts(p->out, "</title>");
	for (unsigned k = 0; k < n; k++) {
		double high = most > 0 && v[k] > 0 ? 2 + v[k] / most * (BAR_HEIGHT - 4) : 1;

		if (v[k] < 0)
			sbuf_printf(p->out,
			    "<rect x=\"%u\" y=\"0\" width=\"%d\" height=\"%d\" fill=\"#eee\"/>",
			    k * BAR_WIDTH + 2, BAR_WIDTH - 4, BAR_HEIGHT);
		else
			sbuf_printf(p->out,
			    "<rect x=\"%u\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" "
			    "fill=\"#47709b\"/>",
			    k * BAR_WIDTH + 2, BAR_HEIGHT - high, BAR_WIDTH - 4, high);
	}
	sbuf_puts(p->out, "</svg>\n");
}
