#include "cli/decode/explain.h"

#include <stdio.h>
#include <string.h>

enum { NAME_COLUMN = 26, HEX_LINE = 32, HEX_INLINE = 24 };

static struct explain *
of(struct field_sink *to)
{
	return (struct explain *)(void *)to;
}

/* --- text */

static void
end_line(struct explain *x)
{
	if (x->line_open)
		sbuf_putc(x->out, '\n');
	x->line_open = false;
}

static void
indent(struct explain *x)
{
	unsigned n = 2 + 2 * x->depth;

	end_line(x);
	for (unsigned i = 0; i + 2 < n; i++)
		sbuf_putc(x->out, ' ');
	sbuf_puts(x->out, x->dash ? "- " : "  ");
	x->dash = false;
	x->column = n;
}

static void
put_name(struct explain *x, const char *name)
{
	indent(x);
	sbuf_puts(x->out, name);
	x->column += (unsigned)strlen(name);
}

/* Blanks up to the column of values, one at least. */
static void
to_values(struct explain *x)
{
	do {
		sbuf_putc(x->out, ' ');
		x->column++;
	} while (x->column < NAME_COLUMN);
}

static void
continue_line(struct explain *x)
{
	sbuf_putc(x->out, '\n');
	for (x->column = 0; x->column < NAME_COLUMN; x->column++)
		sbuf_putc(x->out, ' ');
}

/* One of a list of short things. */
static void
put_item(struct explain *x, const char *value)
{
	size_t n = strlen(value);

	if (!x->line_open) { /* after a group: a line of its own */
		x->dash = true;
		indent(x);
		x->line_open = true;
	} else if (!x->item) {
		to_values(x);
	} else if (x->column + n + 2 > EXPLAIN_LINE_MAX) {
		continue_line(x);
	} else {
		sbuf_puts(x->out, "  ");
		x->column += 2;
	}
	x->item = true;
	sbuf_puts(x->out, value);
	x->column += (unsigned)n;
}

/* --- groups that have room on a line */

static struct explain_level *
level_of(struct explain *x)
{
	return x->depth > 0 && x->depth <= EXPLAIN_DEPTH_MAX ? &x->level[x->depth - 1] : NULL;
}

/* The group that is being collected for one line: this level, or the one around its list. */
static struct explain_level *
short_group(struct explain *x)
{
	struct explain_level *l = level_of(x);

	if (l != NULL && l->list)
		l = l > x->level ? l - 1 : NULL;
	return l != NULL && l->short_group ? l : NULL;
}

/* A value that explains itself is shown without its name. */
static bool
speaks_for_itself(const char *name)
{
	static const char *const names[] = { "name", "value", "unit", "capability", "type_name",
		"prefix" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void
collect(struct explain_level *l, const char *separator, const char *text)
{
	size_t n = strlen(l->line);
	int more = snprintf(l->line + n, sizeof(l->line) - n, "%s%s",
	    n > 0 && text[0] != '\0' ? separator : "", text);

	if (more < 0 || n + (size_t)more >= sizeof(l->line))
		l->short_group = false;
}

static void
collect_field(struct explain *x, const char *name, const char *value)
{
	struct explain_level *l = short_group(x);

	if (l == NULL)
		return;
	l->fields++;
	if (!speaks_for_itself(name)) {
		collect(l, "  ", name);
		collect(l, " ", value);
	} else {
		collect(l, strcmp(name, "unit") != 0 ? "  " : " ", value);
	}
}

/* One of a list in the group. */
static void
collect_item(struct explain *x, bool first, const char *value)
{
	struct explain_level *l = short_group(x);

	if (l == NULL)
		return;
	l->fields++;
	collect(l, first ? " " : ", ", value);
}

/*
 * A group is complete and fits: one line in place of its lines. A group of one field is an
 * item like any other.
 */
static void
fold(struct explain *x, const struct explain_level *l)
{
	x->out->len = l->start;
	x->line_open = l->line_open;
	x->item = l->item;
	x->column = l->column;
	if (l->fields == 1) {
		put_item(x, l->line);
		return;
	}
	x->dash = true;
	indent(x);
	sbuf_puts(x->out, l->line);
	sbuf_putc(x->out, '\n');
	x->dash = false;
}

/* --- the field sink */

static void
enter(struct explain *x, bool list, bool short_group)
{
	x->depth++;
	if (level_of(x) == NULL)
		return;
	*level_of(x) = (struct explain_level){ .list = list,
		.short_group = short_group,
		.start = x->out->len,
		.line_open = x->line_open,
		.item = x->item,
		.column = x->column };
}

static void
text_open(struct field_sink *to, const char *name)
{
	struct explain *x = of(to);
	struct explain_level *outer = short_group(x);

	if (name != NULL) {
		if (outer != NULL) /* a group with a name in it: no longer for one line */
			outer->short_group = false;
		put_name(x, name);
		x->line_open = true;
		x->item = false;
		enter(x, false, false);
		if (level_of(x) != NULL)
			level_of(x)->compact = strcmp(name, "peer") == 0;
		return;
	}
	enter(x, false, true);
	end_line(x);
	x->dash = true;
}

/* Ends a group in a list of another group. It becomes an item of the list when it has room on a
 * line. */
static void
collect_group(struct explain *x, const struct explain_level *l)
{
	struct explain_level *list = level_of(x), *outer = short_group(x);

	if (outer == NULL || list == NULL || !list->list)
		return;
	if (l->short_group && l->line[0] != '\0')
		collect_item(x, list->groups++ == 0, l->line);
	else
		outer->short_group = false;
}

static void
text_close(struct field_sink *to)
{
	struct explain *x = of(to);
	struct explain_level *l = level_of(x);

	if (l != NULL && l->list && l->name == NULL && !x->item && x->line_open) {
		to_values(x);
		sbuf_puts(x->out, "(none)");
		collect_item(x, true, "(none)");
	}
	if (l == NULL || l->name == NULL) /* a compact group goes on in its line */
		end_line(x);
	x->dash = false;
	if (l != NULL && !l->list && l->short_group && l->line[0] != '\0')
		fold(x, l);
	if (x->depth > 0)
		x->depth--;
	if (l != NULL && !l->list)
		collect_group(x, l);
}

static void
text_list(struct field_sink *to, const char *name)
{
	struct explain *x = of(to);

	const struct explain_level *outer = level_of(x);

	if (outer != NULL && outer->compact) {
		enter(x, true, false);
		if (level_of(x) != NULL)
			level_of(x)->name = name;
		return;
	}
	if (short_group(x) != NULL)
		collect(short_group(x), "  ", name != NULL ? name : "");
	put_name(x, name != NULL ? name : "-");
	x->line_open = true;
	x->item = false;
	enter(x, true, false);
}

static bool
omitted(const struct explain *x, const char *name)
{
	for (size_t i = 0; x->omit != NULL && x->omit[i] != NULL; i++)
		if (strcmp(x->omit[i], name) == 0)
			return true;
	return false;
}

/* A field of a compact group, or one of a list in it: "name value", "name value value". */
static void
put_compact(struct explain *x, struct explain_level *l, const char *name, const char *value)
{
	char pair[EXPLAIN_LINE_MAX];

	name = l->compact ? name : l->name;
	if (omitted(x, name))
		return;
	if (l->named && x->column + strlen(value) + 1 <= EXPLAIN_LINE_MAX) {
		sbuf_printf(x->out, " %s", value);
		x->column += 1 + (unsigned)strlen(value);
		return;
	}
	snprintf(pair, sizeof(pair), "%s%s%s", speaks_for_itself(name) ? "" : name,
	    speaks_for_itself(name) ? "" : " ", value);
	put_item(x, pair);
	l->named = !l->compact;
}

static void
text_value(struct explain *x, const char *name, const char *value)
{
	struct explain_level *l = level_of(x);

	if (value[0] == '\0')
		value = "(empty)";

	if (l != NULL && (l->compact || l->name != NULL)) {
		put_compact(x, l, name, value);
		return;
	}
	if (name == NULL || (l != NULL && l->list)) {
		bool first = !x->item;

		put_item(x, value);
		collect_item(x, first, value);
		return;
	}
	put_name(x, name);
	to_values(x);
	sbuf_puts(x->out, value);
	sbuf_putc(x->out, '\n');
	collect_field(x, name, value);
}

static void
text_text(struct field_sink *to, const char *name, const char *value)
{
	text_value(of(to), name, value);
}

static void
text_number(struct field_sink *to, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	text_value(of(to), name, text);
}

static void
text_hex(struct field_sink *to, const char *name, struct cursor r)
{
	struct explain *x = of(to);
	size_t n = cur_left(&r);

	if (n <= HEX_INLINE) {
		char text[2 * HEX_INLINE + HEX_INLINE / 4 + 2] = "(none)";
		size_t at = 0;

		for (size_t i = 0; i < n; i++)
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%02x",
			    i > 0 && i % 4 == 0 ? " " : "", r.pos[i]);
		text_value(x, name, text);
		return;
	}
	if (short_group(x) != NULL)
		short_group(x)->short_group = false;
	put_name(x, name != NULL ? name : "octets");
	to_values(x);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && i % HEX_LINE == 0)
			continue_line(x);
		else if (i > 0)
			sbuf_puts(x->out, i % 4 == 0 ? " " : "");
		sbuf_printf(x->out, "%02x", r.pos[i]);
	}
	sbuf_printf(x->out, "  (%zu octets)\n", n);
}

static const struct field_sink text_listener = { text_open, text_close, text_list, text_close,
	text_text, text_number, text_hex };

/* --- JSON */

static void
json_open(struct field_sink *to, const char *name)
{
	jw_object(&of(to)->jw, name);
}

static void
json_close(struct field_sink *to)
{
	jw_end_object(&of(to)->jw);
}

static void
json_list(struct field_sink *to, const char *name)
{
	jw_array(&of(to)->jw, name);
}

static void
json_list_end(struct field_sink *to)
{
	jw_end_array(&of(to)->jw);
}

static void
json_text(struct field_sink *to, const char *name, const char *value)
{
	jw_string(&of(to)->jw, name, value);
}

static void
json_number(struct field_sink *to, const char *name, uint64_t value)
{
	jw_uint(&of(to)->jw, name, value);
}

static void
json_hex(struct field_sink *to, const char *name, struct cursor r)
{
	struct sbuf hex = sbuf_of(2 * cur_left(&r) + 1);

	for (const uint8_t *p = r.pos; p < r.end; p++)
		sbuf_printf(&hex, "%02x", *p);
	jw_string_n(&of(to)->jw, name, sbuf_text(&hex), hex.len);
	sbuf_free(&hex);
}

static const struct field_sink json_listener = { json_open, json_close, json_list, json_list_end,
	json_text, json_number, json_hex };

void
explain_begin(struct explain *x, struct sbuf *out, bool json)
{
	*x = (struct explain){ .sink = json ? json_listener : text_listener,
		.json = json,
		.out = out,
		.jw = jw_to(out) };
	if (json)
		jw_object(&x->jw, NULL);
}

void
explain_end(struct explain *x)
{
	if (x->json)
		jw_end_object(&x->jw);
	else
		end_line(x);
}
