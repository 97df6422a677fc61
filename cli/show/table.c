#include "cli/show/table.h"

#include <langinfo.h>
#include <libsmartcols/libsmartcols.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "base/sbuf.h"
#include "cli/cli.h"
#include "cli/fields.h"

enum { COLUMNS_MAX = 48, CELL_MAX = 4096, GAP = 2 };

struct layout {
	const struct table_column *column[COLUMNS_MAX];
	unsigned width[COLUMNS_MAX];
	unsigned n;
	char **cell; /* n of each row */
	size_t rows;
};

/* --- values */

const json_t *
table_value(const json_t *row, const char *key)
{
	const char *dot = strchr(key, '.');
	char name[64];

	if (dot == NULL)
		return json_object_get(row, key);
	snprintf(name, sizeof(name), "%.*s", (int)(dot - key), key);
	return table_value(json_object_get(row, name), dot + 1);
}

void
table_text(const json_t *value, struct txt *t)
{
	const json_t *item;
	size_t i;

	if (json_is_string(value))
		txt_puts(t, json_string_value(value));
	else if (json_is_integer(value))
		txt_putf(t, "%lld", (long long)json_integer_value(value));
	else if (json_is_boolean(value))
		txt_puts(t, json_is_true(value) ? "yes" : "no");
	else if (json_is_array(value))
		json_array_foreach(value, i, item) {
			txt_puts(t, i > 0 ? "," : "");
			table_text(item, t);
		}
}

void
table_age(double seconds, struct txt *t)
{
	unsigned long s = seconds > 0 ? (unsigned long)seconds : 0;

	if (seconds < 0)
		txt_puts(t, "-");
	else if (s < 100)
		txt_putf(t, "%lus", s);
	else if (s < 600)
		txt_putf(t, "%lum%02lus", s / 60, s % 60);
	else if (s < 100UL * 60)
		txt_putf(t, "%lum", s / 60);
	else if (s < 86400)
		txt_putf(t, "%luh%02lum", s / 3600, s / 60 % 60);
	else
		txt_putf(t, "%lud%luh", s / 86400, s / 3600 % 24);
}

double
table_since(const char *time_text)
{
	struct tm tm = { 0 };
	struct timespec now;

	if (time_text == NULL || strptime(time_text, "%Y-%m-%dT%H:%M:%S", &tm) == NULL)
		return -1;
	clock_gettime(CLOCK_REALTIME, &now);
	return (double)(now.tv_sec - timegm(&tm));
}

/* --- sorting */

static int (*sort_cmp)(const json_t *, const json_t *);

static int
cmp_at(const void *x, const void *y)
{
	return sort_cmp(*(json_t *const *)x, *(json_t *const *)y);
}

/* Merge sort of glibc, so stable; it is by libc's promise not, so the place breaks ties. */
void
table_sort_by(json_t *rows, int (*cmp)(const json_t *, const json_t *))
{
	size_t n = json_array_size(rows);
	json_t **v = calloc(n + 1, sizeof(*v));

	if (v == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		v[i] = json_incref(json_array_get(rows, i));
	sort_cmp = cmp;
	qsort(v, n, sizeof(*v), cmp_at);
	json_array_clear(rows);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows, v[i]);
	free(v);
}

/* The first with this key; NULL for none. */
static const struct table_column *
column_of(const struct table_column *columns, const char *key)
{
	for (; columns->heading != NULL; columns++)
		if (strcasecmp(columns->key, key) == 0)
			return columns;
	return NULL;
}

static const struct table_column *sort_column;
static bool sort_down;

static void
cell_text(const struct table_column *c, const json_t *row, struct txt *t)
{
	if (c->cell != NULL)
		c->cell(row, t);
	else
		table_text(table_value(row, c->key), t);
}

/* What scripts take: the value that the key names, whatever people are shown of it. */
static void
cell_value(const struct table_column *c, const json_t *row, struct txt *t)
{
	if (c->flags & TABLE_MADE)
		c->cell(row, t);
	else
		table_text(table_value(row, c->key), t);
}

static int
cmp_column(const json_t *a, const json_t *b)
{
	const json_t *x = table_value(a, sort_column->key), *y = table_value(b, sort_column->key);
	char s[256], t[256];
	struct txt st = txt_of(s, sizeof(s)), tt = txt_of(t, sizeof(t));
	int rc;

	if (json_is_number(x) && json_is_number(y)) {
		double p = json_number_value(x), q = json_number_value(y);

		rc = (p > q) - (p < q);
	} else {
		cell_value(sort_column, a, &st);
		cell_value(sort_column, b, &tt);
		rc = strverscmp(s, t);
	}
	return sort_down ? -rc : rc;
}

bool
table_sort(const struct table_column *columns, json_t *rows, const char *by)
{
	sort_down = *by == '-';
	by += *by == '-';
	sort_column = column_of(columns, by);
	for (const struct table_column *c = columns; c->heading != NULL && sort_column == NULL; c++)
		if (strcasecmp(c->heading, by) == 0)
			sort_column = c;
	if (sort_column == NULL)
		return false;
	table_sort_by(rows, cmp_column);
	return true;
}

/* --- widths */

/* Cells of a terminal that the text takes. */
static unsigned
width_of(const char *text)
{
	mbstate_t state = { 0 };
	unsigned width = 0;
	wchar_t c;
	size_t n;

	for (; *text != '\0'; text += n) {
		int w;

		n = mbrtowc(&c, text, strlen(text), &state);
		if (n == (size_t)-1 || n == (size_t)-2) {
			n = 1;
			memset(&state, 0, sizeof(state));
		}
		w = wcwidth(c);
		width += w > 0 ? (unsigned)w : 0;
	}
	return width;
}

/* Octets of the longest beginning, or, from_end, end, that takes no more than so many cells. */
static size_t
fitting(const char *text, unsigned width, bool from_end)
{
	size_t n = strlen(text), at = from_end ? n : 0;

	for (;;) {
		size_t next = at;

		if (from_end ? at == 0 : at == n)
			return from_end ? n - at : at;
		do
			next = from_end ? next - 1 : next + 1;
		while (next > 0 && next < n && ((unsigned char)text[next] & 0xc0) == 0x80);
		{
			char part[CELL_MAX];

			snprintf(part, sizeof(part), "%.*s", (int)(from_end ? n - next : next),
			    from_end ? text + next : text);
			if (width_of(part) > width)
				return from_end ? n - at : at;
		}
		at = next;
	}
}

void
table_cut_middle(char **text, unsigned width)
{
	char out[CELL_MAX];
	size_t head, tail, n = strlen(*text);

	if (width_of(*text) <= width || width < 3)
		return;
	head = fitting(*text, width / 2, false);
	tail = fitting(*text, width - 1 - width / 2, true);
	snprintf(out, sizeof(out), "%.*s…%s", (int)head, *text, *text + n - tail);
	free(*text);
	*text = strdup(out);
}

void
table_cut_end(char **text, unsigned width)
{
	char out[CELL_MAX];

	if (width_of(*text) <= width || width < 2)
		return;
	snprintf(out, sizeof(out), "%.*s…", (int)fitting(*text, width - 1, false), *text);
	free(*text);
	*text = strdup(out);
}

/* Octets of the end that all cells of the column have in common, from a dot on: the domain of a
 * fleet. 0 for none. */
static size_t
common_domain(const struct layout *l, unsigned column)
{
	const char *first = l->rows > 1 ? l->cell[column] : "";
	const char *dot = strchr(first, '.');

	for (; dot != NULL && dot > first; dot = strchr(dot + 1, '.')) {
		size_t n = strlen(dot), r = 1;

		for (; r < l->rows; r++) {
			const char *cell = l->cell[r * COLUMNS_MAX + column];

			if (strlen(cell) <= n || strcmp(cell + strlen(cell) - n, dot) != 0)
				break;
		}
		if (r == l->rows && dot[1] > '9')
			return n;
	}
	return 0;
}

/* Names that have their end in common lose it first: it does not tell them apart. */
static void
strip_domains(struct layout *l, unsigned column)
{
	size_t n = common_domain(l, column);

	if (n < 4)
		return;
	l->width[column] = width_of(l->column[column]->heading);
	for (size_t r = 0; r < l->rows; r++) {
		char **cell = &l->cell[r * COLUMNS_MAX + column], out[CELL_MAX];

		snprintf(out, sizeof(out), "%.*s…", (int)(strlen(*cell) - n), *cell);
		free(*cell);
		*cell = strdup(out);
		if (width_of(out) > l->width[column])
			l->width[column] = width_of(out);
	}
}

static unsigned
sum_of(const struct layout *l)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < l->n; i++)
		sum += l->width[i] + (i > 0 ? GAP : 0);
	return sum;
}

static unsigned
least_of(const struct layout *l, unsigned i)
{
	const struct table_column *c = l->column[i];
	unsigned heading = width_of(c->heading);
	unsigned least = c->least > heading ? c->least : heading;

	return c->flags & (TABLE_CUT | TABLE_WRAP) && l->width[i] > least ? least : l->width[i];
}

static void
leave_out(struct layout *l, unsigned at)
{
	for (size_t r = 0; r < l->rows; r++) {
		char **row = l->cell + r * COLUMNS_MAX;

		free(row[at]);
		memmove(row + at, row + at + 1, (l->n - at - 1) * sizeof(*row));
		row[l->n - 1] = NULL;
	}
	l->n--;
	memmove(l->column + at, l->column + at + 1, (l->n - at) * sizeof(l->column[0]));
	memmove(l->width + at, l->width + at + 1, (l->n - at) * sizeof(l->width[0]));
}

/* Leave out what has no room, then shorten what may be shorter, the widest first. */
static void
fit(struct layout *l, unsigned terminal)
{
	unsigned sum, first, widest;

	for (unsigned i = 0; i < l->n && sum_of(l) > terminal; i++)
		if (l->column[i]->flags & TABLE_DOMAIN)
			strip_domains(l, i);
	for (;;) {
		sum = 0;
		first = l->n;
		for (unsigned i = 0; i < l->n; i++) {
			sum += least_of(l, i) + (i > 0 ? GAP : 0);
			if (l->column[i]->drop > 0 &&
			    (first == l->n || l->column[i]->drop >= l->column[first]->drop))
				first = i;
		}
		if (sum <= terminal || first == l->n)
			break;
		leave_out(l, first);
	}
	for (;;) {
		widest = l->n;
		for (unsigned i = 0; i < l->n; i++) {
			if (l->width[i] > least_of(l, i) &&
			    (widest == l->n || l->width[i] > l->width[widest]))
				widest = i;
		}
		if (sum_of(l) <= terminal || widest == l->n)
			return;
		l->width[widest]--;
	}
}

/* --- text */

static void
take_cells(struct layout *l, const struct table_column *columns, enum table_format format,
    const json_t *rows)
{
	bool csv = format == TABLE_CSV;
	char buf[CELL_MAX];
	const json_t *row;
	size_t r;

	for (const struct table_column *c = columns; c->heading != NULL && l->n < COLUMNS_MAX; c++)
		if (csv ? column_of(columns, c->key) == c
			: format == TABLE_ALL || !(c->flags & TABLE_WIDE))
			l->column[l->n++] = c;
	for (unsigned i = 0; i < l->n; i++)
		l->width[i] = width_of(l->column[i]->heading);
	json_array_foreach(rows, r, row)
		for (unsigned i = 0; i < l->n; i++) {
			struct txt t = txt_of(buf, sizeof(buf));
			struct sbuf visible = sbuf_of(2 * CELL_MAX);

			(csv ? cell_value : cell_text)(l->column[i], row, &t);
			fields_visible(&visible, buf);
			l->cell[r * COLUMNS_MAX + i] = strdup(sbuf_text(&visible));
			if (width_of(sbuf_text(&visible)) > l->width[i])
				l->width[i] = width_of(sbuf_text(&visible));
			sbuf_free(&visible);
		}
}

/* A column that nobody has anything to say in tells nothing. */
static void
leave_out_empty(struct layout *l)
{
	for (unsigned i = 0; i < l->n; i++) {
		size_t r = 0;

		while (r < l->rows && *l->cell[r * COLUMNS_MAX + i] == '\0')
			r++;
		if (r == l->rows && l->column[i]->drop > 0)
			leave_out(l, i--);
	}
}

/* Newlines where a line is full, between words. */
static void
fold(char **text, unsigned width)
{
	struct sbuf out = sbuf_of(4 * CELL_MAX);
	const char *p = *text;
	unsigned at = 0;

	while (*p != '\0') {
		size_t n = strcspn(p, " ");
		char word[CELL_MAX];
		unsigned w;

		snprintf(word, sizeof(word), "%.*s", (int)n, p);
		w = width_of(word);
		if (at > 0 && at + 1 + w > width) {
			sbuf_putc(&out, '\n');
			at = 0;
		} else if (at > 0) {
			sbuf_putc(&out, ' ');
			at++;
		}
		sbuf_puts(&out, word);
		at += w;
		p += n + (p[n] == ' ');
	}
	free(*text);
	*text = strdup(sbuf_text(&out));
	sbuf_free(&out);
}

static void
print_text(struct layout *l, const struct table_look *look, const json_t *rows, unsigned terminal)
{
	struct libscols_table *table = scols_new_table();

	if (table == NULL)
		return;
	scols_table_set_column_separator(table, "  ");
	scols_table_enable_colors(table, look->colour);
	scols_table_set_termforce(
	    table, terminal > 0 ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (terminal > 0)
		scols_table_set_termwidth(table, terminal);
	for (unsigned i = 0; i < l->n; i++) {
		unsigned flags = l->column[i]->flags;
		int scols = (flags & TABLE_RIGHT ? SCOLS_FL_RIGHT : 0) |
			    (flags & TABLE_WRAP && terminal > 0 ? SCOLS_FL_WRAP : 0);

		struct libscols_column *c =
		    scols_table_new_column(table, l->column[i]->heading, l->width[i], scols);

		if (c != NULL && flags & TABLE_WRAP) {
			scols_column_set_wrapfunc(
			    c, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
			scols_column_set_safechars(c, "\n");
		}
	}
	for (size_t r = 0; r < l->rows; r++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);
		const char *colour = look->colour && look->colour_of != NULL
					 ? look->colour_of(json_array_get(rows, r))
					 : NULL;

		for (unsigned i = 0; line != NULL && i < l->n; i++) {
			char **cell = &l->cell[r * COLUMNS_MAX + i];

			if (l->column[i]->flags & TABLE_CUT && terminal > 0)
				table_cut_middle(cell, l->width[i]);
			if (l->column[i]->flags & TABLE_WRAP && terminal > 0)
				fold(cell, l->width[i]);
			scols_line_set_data(line, i, *cell);
		}
		if (line != NULL && colour != NULL)
			scols_line_set_color(line, colour);
	}
	scols_print_table(table);
	scols_unref_table(table);
}

/* Would a spreadsheet take it for a formula? Names are chosen by others; a number, or "-" for
 * none, is what it is. */
static bool
is_formula(const char *text)
{
	const char *rest = text + 1;

	if (*text == '\0' || strchr("=+-@\t\r", *text) == NULL)
		return false;
	return (*text != '-' && *text != '+') || rest[strspn(rest, "0123456789.")] != '\0';
}

static void
csv_field(const char *text, bool first)
{
	bool quote = strpbrk(text, ",\"\r\n") != NULL;

	fputs(first ? "" : ",", stdout);
	if (quote)
		putchar('"');
	if (is_formula(text))
		putchar('\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	if (quote)
		putchar('"');
}

/* RFC 4180, but with the newlines of this system. */
static void
print_csv(const struct layout *l)
{
	for (unsigned i = 0; i < l->n; i++)
		csv_field(l->column[i]->key, i == 0);
	putchar('\n');
	for (size_t r = 0; r < l->rows; r++) {
		for (unsigned i = 0; i < l->n; i++)
			csv_field(l->cell[r * COLUMNS_MAX + i], i == 0);
		putchar('\n');
	}
}

static void
print_json(const json_t *rows)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		json_dumpf(row, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
		putchar('\n');
	}
}

/* Names are UTF-8 whatever the language; without this no width of a character is known. */
static void
speak_utf8(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

void
table_print(const struct table_column *columns, const struct table_look *look, const json_t *rows)
{
	struct layout l = { .rows = json_array_size(rows) };
	unsigned terminal = fields_width();

	if (look->format == TABLE_JSON) {
		print_json(rows);
		return;
	}
	speak_utf8();
	l.cell = calloc((l.rows + 1) * COLUMNS_MAX, sizeof(*l.cell));
	if (l.cell == NULL)
		return;
	take_cells(&l, columns, look->format, rows);
	if (look->format == TABLE_CSV) {
		print_csv(&l);
	} else {
		if (look->format == TABLE_ALL)
			terminal = 0;
		if (look->format == TABLE_TEXT && terminal > 0)
			leave_out_empty(&l);
		if (terminal > 0)
			fit(&l, terminal);
		print_text(&l, look, rows, terminal);
	}
	for (size_t i = 0; i < l.rows * COLUMNS_MAX; i++)
		free(l.cell[i]);
	free(l.cell);
}

bool
table_format(const char *command, const char *name, enum table_format *format)
{
	static const char *const names[] = { [TABLE_TEXT] = "text",
		[TABLE_ALL] = "wide",
		[TABLE_CSV] = "csv",
		[TABLE_JSON] = "json" };

	for (int i = TABLE_TEXT; i <= TABLE_JSON; i++)
		if (strcmp(name, names[i]) == 0) {
			*format = (enum table_format)i;
			return true;
		}
	cli_wrong(command, "-o is text, wide, json or csv, not \"%s\"", name);
	return false;
}
