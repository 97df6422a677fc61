/* What options there are, for manual pages and other references: a line each, with TABs between. */
#include <stdio.h>

#include "collector/config/config.h"
#include "collector/config/options.h"

static void describe_rows(const struct option *map, const char *path, struct sbuf *out);

static const char *
type_of(const struct option *o)
{
	static const char *const names[] = {
		[OPTION_NUMBER] = "number",
		[OPTION_CHOICE] = "choice",
		[OPTION_TEXT] = "text",
		[OPTION_ASN] = "AS number",
		[OPTION_ADDRESS] = "address",
		[OPTION_PREFIX] = "prefix",
		[OPTION_COMMUNITY] = "community",
		[OPTION_DATE] = "date",
		[OPTION_LIST] = "list",
		[OPTION_MAP] = "map",
		[OPTION_PROPERTIES] = "map of texts",
	};

	return names[o->type];
}

/* What is allowed: "1 to 65535", or the words there are. */
static void
describe_range(const struct option *o, struct sbuf *out)
{
	if (o->type == OPTION_NUMBER)
		sbuf_printf(
		    out, "%llu to %llu", (unsigned long long)o->min, (unsigned long long)o->max);
	else if (o->type == OPTION_TEXT)
		sbuf_printf(out, "up to %llu octets", (unsigned long long)o->max);
	else if (o->type == OPTION_CHOICE)
		for (uint64_t v = o->min; v <= o->max; v++)
			sbuf_printf(out, "%s%s", v > o->min ? " " : "", o->word(v));
}

static void
describe_default(const struct option *o, struct sbuf *out)
{
	if (o->has_given || o->need != NEED_NOT)
		return; /* not there, or somewhere else */
	if (o->type == OPTION_NUMBER)
		sbuf_printf(out, "%llu", (unsigned long long)o->number);
	else if (o->type == OPTION_CHOICE && o->number >= o->min && o->number <= o->max)
		sbuf_puts(out, o->word(o->number));
	else if (o->type == OPTION_TEXT && o->text != NULL)
		sbuf_puts(out, o->text);
}

static void
describe(const struct option *o, const char *path, struct sbuf *out)
{
	const struct option *item = o;
	char below[OPTION_PATH_MAX];

	if (o->type == OPTION_LIST)
		item = o->item;
	sbuf_printf(
	    out, "%s\t%s%s\t", path, o->type == OPTION_LIST ? "list of " : "", type_of(item));
	describe_range(item, out);
	sbuf_putc(out, '\t');
	describe_default(o, out);
	sbuf_printf(out, "\t%s\t%s\t%s\n", o->restart ? "restart" : "",
	    o->need == NEED_THIS	   ? "needed"
	    : o->need == NEED_ONE_OF_THESE ? "one of these"
					   : "",
	    option_help(path));
	snprintf(below, sizeof(below), "%s%s", path, o->type == OPTION_LIST ? "[]" : "");
	if (item->type == OPTION_MAP)
		describe_rows(item, below, out);
}

static void
describe_rows(const struct option *map, const char *path, struct sbuf *out)
{
	char below[OPTION_PATH_MAX];

	for (size_t i = 0; i < map->rows_n; i++)
		describe(&map->rows[i], option_path(path, &map->rows[i], below), out);
}

void
config_describe(struct sbuf *out)
{
	describe_rows(&config_options, "", out);
}
