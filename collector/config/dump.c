/* A configuration as text: all of it as YAML, and the options that need a restart. */
#include <string.h>

#include "collector/config/config.h"
#include "collector/config/options.h"

static bool
is_given(const struct option *o, const void *filled)
{
	bool given = true;

	if (o->has_given)
		memcpy(&given, (const char *)filled + o->given, sizeof(given));
	return given;
}

/* A text in quotes, with escapes for what would end them and for what cannot be shown. */
static void
dump_text(const char *text, struct sbuf *out)
{
	sbuf_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			sbuf_putc(out, '\\');
		if ((unsigned char)*text < ' ')
			sbuf_printf(out, "\\x%02x", (unsigned)*text);
		else
			sbuf_putc(out, *text);
	}
	sbuf_putc(out, '"');
}

/* --- on one line */

static void dump_value(const struct option *, const void *filled, struct sbuf *out);

static void
dump_flow_list(const struct option *o, const void *filled, struct sbuf *out)
{
	const char *elements = option_pointer(o, filled);
	size_t n = option_count(o, filled);

	sbuf_putc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			sbuf_puts(out, ", ");
		dump_value(o->item, elements + i * o->size, out);
	}
	sbuf_putc(out, ']');
}

static void
dump_flow_map(const struct option *map, const void *filled, struct sbuf *out)
{
	const char *separator = "{";

	for (size_t i = 0; i < map->rows_n; i++) {
		if (!is_given(&map->rows[i], filled))
			continue;
		sbuf_printf(out, "%s%s: ", separator, map->rows[i].name);
		dump_value(&map->rows[i], filled, out);
		separator = ", ";
	}
	sbuf_putc(out, '}');
}

static void
dump_value(const struct option *o, const void *filled, struct sbuf *out)
{
	const char *at = (const char *)filled + o->at;
	char text[IP_PREFIX_TEXT_MAX];
	struct ip_addr address;
	struct ip_prefix prefix;
	struct detect_community community;
	uint32_t asn, day;

	switch (o->type) {
	case OPTION_NUMBER:
		sbuf_printf(out, "%llu",
		    (unsigned long long)(option_number(o, filled) / (o->unit != 0 ? o->unit : 1)));
		break;
	case OPTION_CHOICE:
		sbuf_puts(out, o->word(option_number(o, filled)));
		break;
	case OPTION_TEXT:
		dump_text(o->secret && *(const char *)option_pointer(o, filled) != '\0'
			      ? "********"
			      : option_pointer(o, filled),
		    out);
		break;
	case OPTION_ASN:
		memcpy(&asn, at, sizeof(asn));
		sbuf_printf(out, "%u", asn);
		break;
	case OPTION_ADDRESS:
		memcpy(&address, at, sizeof(address));
		sbuf_printf(out, "\"%s\"", ip_addr_format(&address, text));
		break;
	case OPTION_PREFIX:
		memcpy(&prefix, at, sizeof(prefix));
		sbuf_printf(out, "\"%s\"", ip_prefix_format(&prefix, text));
		break;
	case OPTION_COMMUNITY:
		memcpy(&community, at, sizeof(community));
		for (unsigned i = 0; i < community.parts; i++)
			sbuf_printf(out, "%s%u", i > 0 ? ":" : "\"", community.part[i]);
		sbuf_putc(out, '"');
		break;
	case OPTION_DATE:
		memcpy(&day, at, sizeof(day));
		sbuf_printf(out, "\"%s\"", date_format(day, text));
		break;
	case OPTION_LIST:
		dump_flow_list(o, filled, out);
		break;
	case OPTION_MAP:
		dump_flow_map(o, filled, out);
		break;
	case OPTION_PROPERTIES: /* never on one line */
		break;
	}
}

/* --- on lines of their own */

static void
dump_list(const struct option *o, const void *filled, unsigned indent, struct sbuf *out)
{
	const char *elements = option_pointer(o, filled);
	size_t n = option_count(o, filled);

	for (size_t i = 0; i < n; i++) {
		sbuf_printf(out, "%*s- ", (int)indent, "");
		dump_value(o->item, elements + i * o->size, out);
		sbuf_putc(out, '\n');
	}
}

static void
dump_properties(const struct option *o, const void *filled, unsigned indent, struct sbuf *out)
{
	const struct kafka_property *p = option_pointer(o, filled);
	size_t n = option_count(o, filled);

	for (size_t i = 0; i < n; i++) {
		sbuf_printf(out, "%*s%s: ", (int)indent, "", p[i].name);
		dump_text(p[i].written != NULL	   ? p[i].written
			  : kafka_is_secret(&p[i]) ? "********"
						   : p[i].value,
		    out);
		sbuf_putc(out, '\n');
	}
}

static void
dump_map(const struct option *map, const void *filled, unsigned indent, struct sbuf *out)
{
	for (size_t i = 0; i < map->rows_n; i++)
		option_dump(&map->rows[i], filled, indent, out);
}

void
option_dump(const struct option *o, const void *filled, unsigned indent, struct sbuf *out)
{
	/* an empty list says something only where its absence says something else */
	bool none = o->type == OPTION_LIST && o->has_given && option_count(o, filled) == 0;
	bool block =
	    !o->flow && !none &&
	    (o->type == OPTION_LIST || o->type == OPTION_MAP || o->type == OPTION_PROPERTIES);
	struct sbuf below = sbuf_of(out->max);

	if (!is_given(o, filled))
		return;
	if (!block) {
		sbuf_printf(out, "%*s%s: ", (int)indent, "", o->name);
		dump_value(o, filled, out);
		sbuf_putc(out, '\n');
		return;
	}
	if (o->type == OPTION_LIST)
		dump_list(o, filled, indent + 2, &below);
	else if (o->type == OPTION_MAP)
		dump_map(o, filled, indent + 2, &below);
	else
		dump_properties(o, filled, indent + 2, &below);
	if (below.len > 0)
		sbuf_printf(out, "%*s%s:\n", (int)indent, "", o->name);
	sbuf_add(out, below.data, below.len);
	sbuf_free(&below);
}

void
config_dump(const struct config *c, struct sbuf *out)
{
	dump_map(&config_options, c, 0, out);
}

/* --- what differs */

bool
option_differs(const struct option *o, const void *a, const void *b)
{
	struct sbuf one = sbuf_of(1 << 24), other = sbuf_of(1 << 24);
	bool differs;

	option_dump(o, a, 0, &one);
	option_dump(o, b, 0, &other);
	differs = strcmp(sbuf_text(&one), sbuf_text(&other)) != 0;
	sbuf_free(&one);
	sbuf_free(&other);
	return differs;
}

static void
name_differing(const struct option *map, const char *path, const struct config *running,
    const struct config *wanted, struct sbuf *names)
{
	char below[OPTION_PATH_MAX];

	for (size_t i = 0; i < map->rows_n; i++) {
		const struct option *o = &map->rows[i];

		option_path(path, o, below);
		if (o->type == OPTION_MAP)
			name_differing(o, below, running, wanted, names);
		else if (o->restart && option_differs(o, running, wanted))
			sbuf_printf(names, "%s\n", below);
	}
}

void
config_needs_restart(const struct config *running, const struct config *wanted, struct sbuf *names)
{
	name_differing(&config_options, "", running, wanted, names);
}
