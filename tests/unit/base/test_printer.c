/* printer: the same calls as text and as JSON. */
#include "base/printer.h"

#include "tests/unit/support/harness.h"

static const struct column columns[] = {
	{ "name", "NAME", -6, COLUMN_CUT },
	{ "state", "STATE", -5, 0 },
	{ "count", "COUNT", 7, 0 },
	{ "stale", "", -5, 0 },
	{ "since", "SINCE", 0, COLUMN_APART },
	{ NULL, NULL, 0, 0 },
};

/* A row with all that a row can have. */
static void
put_row(struct printer *p, const char *name, const char *state, uint64_t count)
{
	struct sbuf *text;
	struct jw *json;

	printer_row(p, columns, PRINTER_RED);
	printer_uint(p, "count", count);
	printer_string(p, "name", name);
	printer_string(p, "state", state);
	printer_cell(p, "state", "%s!", state);
	printer_string(p, "comment", "in no column");
	printer_bool(p, "stale", count > 1);
	printer_time(p, "since", 1500000);
	if ((json = printer_json(p)) != NULL) {
		jw_array(json, "list");
		jw_uint(json, NULL, 1);
		jw_end_array(json);
	}
	if ((text = printer_text(p)) != NULL)
		sbuf_printf(text, "; %s", "rest");
	printer_end(p);
}

static const struct {
	enum printer_format format;
	const char *name, *state;
	uint64_t count;
	const char *want;
} rows[] = {
	{ PRINTER_TEXT, "r1", "up", 1, "r1     up!         1        1970-01-01T00:00:01Z; rest\n" },
	{ PRINTER_TEXT, "toolonganame", "up", 2,
	    "toolon up!         2 stale  1970-01-01T00:00:01Z; rest\n" },
	{ PRINTER_TEXT, "", "running", 123456789,
	    "       running! 123456789 stale  1970-01-01T00:00:01Z; rest\n" },
	{ PRINTER_COLOUR, "r1", "up", 1,
	    "\033[31mr1     up!         1        1970-01-01T00:00:01Z; rest\033[0m\n" },
	/* widths count characters, and no character is cut or obeyed */
	{ PRINTER_TEXT, "Z\xc3\xbcrich\xc3\xbc\xc3\xbc", "\xc3\xbcp", 1,
	    "Z\xc3\xbcrich \xc3\xbcp!         1        1970-01-01T00:00:01Z; rest\n" },
	{ PRINTER_TEXT, "\033[31\xe2\x80\xae", "\xff", 1,
	    "?[31?  ?!          1        1970-01-01T00:00:01Z; rest\n" },
	{ PRINTER_JSON, "r\"1", "up", 2,
	    "{\"count\":2,\"name\":\"r\\\"1\",\"state\":\"up\",\"comment\":\"in no column\","
	    "\"stale\":true,\"since\":\"1970-01-01T00:00:01.500000Z\",\"list\":[1]}\n" },
};

/* Twice: a row knows nothing of the one before. */
START_TEST(printer_rows)
{
	struct sbuf out = sbuf_of(4096);
	size_t n = strlen(rows[_i].want);
	struct printer p;

	printer_init(&p, &out, rows[_i].format);
	put_row(&p, rows[_i].name, rows[_i].state, rows[_i].count);
	ck_assert_str_eq(sbuf_text(&out), rows[_i].want);
	put_row(&p, rows[_i].name, rows[_i].state, rows[_i].count);
	ck_assert_str_eq(sbuf_text(&out) + n, rows[_i].want);
	sbuf_free(&out);
}
END_TEST

START_TEST(printer_headings)
{
	struct sbuf out = sbuf_of(4096);
	struct printer p;

	printer_init(&p, &out, PRINTER_JSON);
	printer_heading(&p, columns);
	ck_assert_uint_eq(out.len, 0);
	printer_init(&p, &out, PRINTER_COLOUR);
	printer_heading(&p, columns);
	ck_assert_str_eq(sbuf_text(&out), "NAME   STATE   COUNT        SINCE\n");
	sbuf_free(&out);
}
END_TEST

/* Nothing that was left in a cell of the row before is shown. */
START_TEST(printer_empty_cells)
{
	struct sbuf out = sbuf_of(4096);
	struct printer p;

	printer_init(&p, &out, PRINTER_TEXT);
	put_row(&p, "r1", "up", 2);
	sbuf_clear(&out);
	printer_row(&p, columns, NULL);
	printer_end(&p);
	ck_assert_str_eq(sbuf_text(&out), "                            \n");
	sbuf_free(&out);
}
END_TEST

START_TEST(printer_figures)
{
	static const char *const want[] = {
		[PRINTER_TEXT] = "routes                                   42\n",
		[PRINTER_COLOUR] = "routes                                   42\n",
		[PRINTER_JSON] = "{\"collector\":\"c\",\"routes\":42}\n",
	};
	struct sbuf out = sbuf_of(4096);
	struct printer p;

	printer_init(&p, &out, (enum printer_format)_i);
	printer_row(&p, NULL, NULL);
	printer_string(&p, "collector", "c");
	printer_figure(&p, "routes", 42);
	printer_end(&p);
	ck_assert_str_eq(sbuf_text(&out), want[_i]);
	sbuf_free(&out);
}
END_TEST

/* A value of any length ends at the border of its cell. */
START_TEST(printer_long_value)
{
	char value[2 * PRINTER_CELL_MAX];
	struct sbuf out = sbuf_of(4096);
	struct printer p;

	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	printer_init(&p, &out, PRINTER_TEXT);
	printer_row(&p, columns, NULL);
	printer_string(&p, "since", value);
	printer_end(&p);
	ck_assert_uint_eq(
	    out.len, strlen("                            ") + PRINTER_CELL_MAX - 1 + 1);
	sbuf_free(&out);
}
END_TEST

/* Free text, too, is not obeyed; its ends of lines are its own. */
START_TEST(printer_free_text)
{
	struct sbuf out = sbuf_of(4096);
	struct printer p;

	printer_init(&p, &out, PRINTER_COLOUR);
	for (int i = 0; i < 2; i++) {
		printer_row(&p, NULL, NULL);
		sbuf_printf(printer_text(&p), "one \033[2J\xff\n  t\xf3\xa0\x81\x81wo");
		printer_end(&p);
		ck_assert_str_eq(
		    sbuf_text(&out), &"one ?[2J?\n  t?wo\none ?[2J?\n  t?wo\n"[(1 - i) * 17]);
		ck_assert_uint_eq(out.len, strlen(out.data));
	}
	sbuf_free(&out);
}
END_TEST

HARNESS_MAIN("printer")
{
	ROWS(printer_rows, rows);
	TEST(printer_headings);
	TEST(printer_empty_cells);
	LOOP(printer_figures, 3);
	TEST(printer_long_value);
	TEST(printer_free_text);
}
