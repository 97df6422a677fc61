/* The table of options: each row against what it says of itself, and against etc/bellman.yaml. */
#include "tests/unit/support/config_text.h"

/* --- every row of the table */

static void
each_row(const struct option *map, const char *path,
    void (*visit)(const struct option *, const char *path, void *ctx), void *ctx)
{
	char below[OPTION_PATH_MAX];

	for (size_t i = 0; i < map->rows_n; i++) {
		visit(&map->rows[i], option_path(path, &map->rows[i], below), ctx);
		if (map->rows[i].type == OPTION_MAP)
			each_row(&map->rows[i], below, visit, ctx);
	}
}

/* "a.b: V" as "{a: {b: V}}" */
static void
write_number(char *out, size_t size, const char *path, uint64_t value)
{
	const char *dot = strchr(path, '.');

	if (dot != NULL)
		snprintf(out, size, "{%.*s: {%s: %llu}}", (int)(dot - path), path, dot + 1,
		    (unsigned long long)value);
	else
		snprintf(out, size, "{%s: %llu}", path, (unsigned long long)value);
}

static void
check_number(const struct option *o, const char *path, uint64_t value, bool accepted)
{
	struct sbuf messages;
	struct config *c;
	char text[256], words[256];

	write_number(text, sizeof(text), path, value);
	c = parse(text, &messages);
	snprintf(words, sizeof(words), "%s: \"%llu\" is not a whole number from %llu to %llu\n",
	    path, (unsigned long long)value, (unsigned long long)o->min,
	    (unsigned long long)o->max);
	ck_assert_msg((c != NULL) == accepted, "%s", text);
	if (accepted)
		ck_assert_uint_eq(option_number(o, c), value * (o->unit != 0 ? o->unit : 1));
	else
		ck_assert_msg(strstr(sbuf_text(&messages), words) != NULL, "%s: %s", text,
		    sbuf_text(&messages));
	sbuf_free(&messages);
	config_free(c);
}

static void
check_range(const struct option *o, const char *path, void *ctx)
{
	if (o->type != OPTION_NUMBER)
		return;
	(*(unsigned *)ctx)++;
	ck_assert_uint_ge(o->number, o->min);
	ck_assert_uint_le(o->number, o->max);
	check_number(o, path, o->min, true);
	check_number(o, path, o->max, true);
	check_number(o, path, o->max + 1, false);
	if (o->min > 0)
		check_number(o, path, o->min - 1, false);
}

START_TEST(ranges)
{
	unsigned n = 0;

	each_row(&config_options, "", check_range, &n);
	ck_assert_uint_ge(n, 16);
}
END_TEST

/* --- etc/bellman.yaml shows every option, with its default */

/* The file with its examples: "# key: value" and "#   - item" without the mark. */
static struct sbuf
with_examples(const char *path)
{
	FILE *f = fopen(path, "r");
	struct sbuf out = sbuf_of(1 << 20);
	char line[512];

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		const char *text = line + (line[0] == '#' && line[1] == ' ' ? 2 : 0);
		const char *word = text + strspn(text, " ");
		size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyz_.-");

		if (text == line || strncmp(word, "- ", 2) == 0 || (n > 0 && word[n] == ':'))
			sbuf_puts(&out, text);
	}
	fclose(f);
	return out;
}

static bool
has_default(const struct option *o)
{
	return o->type == OPTION_NUMBER || o->type == OPTION_CHOICE ||
	       (o->type == OPTION_TEXT && o->text != NULL && o->text[0] != '\0') ||
	       (o->type == OPTION_LIST && o->items != NULL);
}

struct shown {
	struct loader loader;
	const struct config *config, *otherwise;
	struct sbuf *defects;
};

/* Does one of the elements show it? */
static bool
is_shown_in(struct shown *s, const struct option *o, const yaml_node_t *list)
{
	const yaml_node_item_t *id = list->data.sequence.items.start;

	for (; id < list->data.sequence.items.top; id++)
		if (loader_value(&s->loader, loader_node(&s->loader, *id), o->name) != NULL)
			return true;
	return false;
}

static void
check_list(struct shown *s, const struct option *item, const char *path, const yaml_node_t *list)
{
	char below[OPTION_PATH_MAX];

	for (size_t i = 0; i < item->rows_n; i++)
		if (!is_shown_in(s, &item->rows[i], list))
			sbuf_printf(
			    s->defects, "no %s\n", option_path(path, &item->rows[i], below));
}

static void
check_map(struct shown *s, const struct option *map, const char *path, const yaml_node_t *node)
{
	char below[OPTION_PATH_MAX];

	for (size_t i = 0; i < map->rows_n; i++) {
		const struct option *o = &map->rows[i];
		const yaml_node_t *value = loader_value(&s->loader, node, o->name);

		option_path(path, o, below);
		if (value == NULL)
			sbuf_printf(s->defects, "no %s\n", below);
		else if (o->type == OPTION_MAP)
			check_map(s, o, below, value);
		else if (o->type == OPTION_LIST)
			check_list(s, o->item, below, value);
		if (has_default(o) && option_differs(o, s->config, s->otherwise))
			sbuf_printf(s->defects, "another default of %s\n", below);
	}
}

/* Each option that the text does not show, or with another default, on a line. */
static struct sbuf
defects_of(const char *text)
{
	struct sbuf defects = sbuf_of(1 << 16), messages = sbuf_of(1 << 16);
	struct config *c = config_parse("f", text, strlen(text), &messages);
	struct config *otherwise = parse_good("kafka: {}");
	struct shown s = { .config = c, .otherwise = otherwise, .defects = &defects };
	yaml_parser_t parser;

	ck_assert_msg(c != NULL, "%s", sbuf_text(&messages));
	ck_assert_int_eq(yaml_parser_initialize(&parser), 1);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
	ck_assert_int_eq(yaml_parser_load(&parser, &s.loader.doc), 1);
	check_map(&s, &config_options, "", yaml_document_get_root_node(&s.loader.doc));
	yaml_document_delete(&s.loader.doc);
	yaml_parser_delete(&parser);
	sbuf_free(&messages);
	config_free(c);
	config_free(otherwise);
	return defects;
}

START_TEST(documented)
{
	struct sbuf text = with_examples("etc/bellman.yaml");
	struct sbuf defects = defects_of(sbuf_text(&text));

	ck_assert_str_eq(sbuf_text(&defects), "");
	sbuf_free(&defects);
	sbuf_free(&text);
}
END_TEST

/* What the test above would say of a file that is not complete, or not true. */
static const struct {
	const char *there, *instead, *defects;
} edits[] = {
	{ "collector: ams-collector-1", "", "no collector\n" },
	{ "stale_s: 300", "stale_s: 301", "another default of limits.stale_s\n" },
	{ "  stale_s: 300", "", "no limits.stale_s\n" },
	{ "level: info", "level: debug", "another default of log.level\n" },
	{ "level: info, ", "", "no log.level\n" },
	{ "/run/bellman/", "/var/run/bellman/", "another default of control\n" },
	{ "provider_free: [174, 701,", "provider_free: [174,",
	    "another default of rules.provider_free\n" },
	{ "provider_free:", "clique:", "no rules.provider_free\n" },
	{ "port: 11019}\n", "port: 11020}\n", "another default of listen\n" },
	{ ", max_length: 48", "", "no own.prefixes.max_length\n" },
	{ ", version: auto", "", "no rpki.caches.version\n" },
	{ "hold_s: 3600", "hold_s: 60", "another default of rpki.hold_s\n" },
	{ "bmp.events.v1", "bmp.events.v2", "another default of kafka.topics.events\n" },
	{ "format: protobuf", "format: json", "another default of kafka.format\n" },
};

START_TEST(documented_judge)
{
	struct sbuf text = with_examples("etc/bellman.yaml"), edited = sbuf_of(1 << 20), defects;
	const char *all = sbuf_text(&text), *at = strstr(all, edits[_i].there);

	ck_assert_ptr_nonnull(at);
	sbuf_add(&edited, all, (size_t)(at - all));
	sbuf_puts(&edited, edits[_i].instead);
	sbuf_puts(&edited, at + strlen(edits[_i].there));
	defects = defects_of(sbuf_text(&edited));
	ck_assert_str_eq(sbuf_text(&defects), edits[_i].defects);
	sbuf_free(&defects);
	sbuf_free(&edited);
	sbuf_free(&text);
}
END_TEST

/* Does a line begin with the first n octets of the path, and then so? */
static bool
is_option(const char *options, const char *path, size_t n, const char *then)
{
	for (const char *line = options; *line != '\0'; line = strchr(line, '\n') + 1)
		if (strncmp(line, path, n) == 0 && strncmp(line + n, then, strlen(then)) == 0)
			return true;
	return false;
}

/* Every option has its sentence, and every sentence an option. */
START_TEST(helped)
{
	struct sbuf options = sbuf_of(1 << 20);
	char *rest, *line, *last;
	const char *path;

	config_describe(&options);
	for (line = strtok_r(options.data, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		last = strrchr(line, '\t');
		ck_assert_msg(strlen(last) > 8 && last[strlen(last) - 1] == '.', "%s", line);
	}
	sbuf_free(&options);
	config_describe(&options);
	for (size_t i = 0; (path = option_help_of(i)) != NULL; i++) {
		size_t n = strcspn(path, "*");

		ck_assert_msg(is_option(sbuf_text(&options), path, n, path[n] == '*' ? "" : "\t"),
		    "%s", path);
		if (path[n] == '\0')
			ck_assert_str_ne(option_help(path), "");
	}
	sbuf_free(&options);
}
END_TEST

HARNESS_MAIN("options")
{
	TIMEOUT(120);
	TEST(ranges);
	TEST(documented);
	ROWS(documented_judge, edits);
	TEST(helped);
}
