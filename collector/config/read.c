/* Reading: a YAML map into the struct that its rows describe. */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/pure/text.h"
#include "collector/config/options.h"
#include "collector/config/config.h"
#include "collector/config/secret.h"
#include "sinks/kafka.h"

enum { OPTION_ROWS_MAX = 32, PROPERTY_NAME_MAX = 127, PROPERTY_VALUE_MAX = 511 };

static const char *
in_words(const char *path)
{
	return path[0] != '\0' ? path : "the configuration";
}

/* --- defaults */

static void
set_default(const struct option *o, void *filled)
{
	switch (o->type) {
	case OPTION_NUMBER:
	case OPTION_CHOICE:
		option_set_number(o, filled, o->number * (o->unit != 0 ? o->unit : 1));
		break;
	case OPTION_TEXT:
		option_set_pointer(o, filled, o->text);
		break;
	case OPTION_LIST:
		option_set_pointer(o, filled, o->items);
		option_set_count(o, filled, o->items_n);
		break;
	case OPTION_MAP:
		options_default(o, filled);
		break;
	default: /* zero, as the struct was made */
		break;
	}
}

void
options_default(const struct option *map, void *filled)
{
	for (size_t i = 0; i < map->rows_n; i++)
		set_default(&map->rows[i], filled);
}

/* --- values */

/* What a unit behind a number stands for, in that of the option, which its name ends with; 0: it
 * has none of this name. */
static uint64_t
unit_of(const char *option, const char *unit)
{
	static const struct {
		const char *ends, *unit;
		uint64_t factor;
	} units[] = { { "_ms", "ms", 1 }, { "_ms", "s", 1000 }, { "_ms", "m", 60000 },
		{ "_s", "s", 1 }, { "_s", "m", 60 }, { "_s", "h", 3600 }, { "_s", "d", 86400 },
		{ "_s", "w", 604800 }, { "_days", "d", 1 }, { "_days", "w", 7 }, { "_mb", "MB", 1 },
		{ "_mb", "GB", 1024 }, { "_mb", "TB", 1048576 } };
	size_t n = strlen(option);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t ends = strlen(units[i].ends);

		if (n > ends && strcmp(option + n - ends, units[i].ends) == 0 &&
		    strcasecmp(unit, units[i].unit) == 0)
			return units[i].factor;
	}
	return 0;
}

/* "5m" of limits.idle_s is 300. false: it is no number with a unit of this option. */
static bool
with_unit(const struct option *o, const yaml_node_t *node, uint64_t *out)
{
	const char *text = node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value
							  : "";
	char *end;
	uint64_t v = strtoull(text, &end, 10), factor = o->name != NULL ? unit_of(o->name, end) : 0;

	*out = v * factor;
	return *text >= '0' && *text <= '9' && factor > 0 && v <= o->max && *out >= o->min &&
	       *out <= o->max;
}

static void
read_number(
    struct loader *l, const struct option *o, const char *path, yaml_node_t *node, void *filled)
{
	uint64_t v;

	if (with_unit(o, node, &v) || loader_uint(l, node, path, o->min, o->max, &v))
		option_set_number(o, filled, v * (o->unit != 0 ? o->unit : 1));
}

static void
read_choice(
    struct loader *l, const struct option *o, const char *path, yaml_node_t *node, void *filled)
{
	const char *text = loader_scalar(l, node, path);
	struct sbuf allowed = sbuf_of(1024);

	if (text == NULL)
		return;
	for (uint64_t v = o->min; v <= o->max; v++) {
		if (strcmp(o->word(v), text) == 0) {
			option_set_number(o, filled, v);
			sbuf_free(&allowed);
			return;
		}
		sbuf_printf(&allowed, "%s%s", v > o->min ? ", " : "", o->word(v));
	}
	loader_error(l, node, "%s: \"%s\" is none of %s%s", path, text, sbuf_text(&allowed),
	    o->note != NULL ? o->note : "");
	sbuf_free(&allowed);
}

/* Any key: librdkafka knows them. */
static void
read_properties(
    struct loader *l, const struct option *o, const char *path, yaml_node_t *node, void *filled)
{
	const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	struct kafka_property *properties;
	size_t n;

	if (node->type != YAML_MAPPING_NODE) {
		loader_error(l, node, "%s should be a map (librdkafka's property: value)", path);
		return;
	}
	n = (size_t)(node->data.mapping.pairs.top - pair);
	properties = arena_take(l->memory, n * sizeof(*properties));
	for (size_t i = 0; i < n; i++, pair++) {
		yaml_node_t *key = loader_node(l, pair->key);
		struct kafka_property *p = &properties[i];

		p->line = (unsigned)key->start_mark.line + 1;
		p->column = (unsigned)key->start_mark.column + 1;
		p->name = loader_text(l, key, "a property", PROPERTY_NAME_MAX);
		if (p->name != NULL)
			p->value = secret_text(l, loader_node(l, pair->value), p->name,
			    PROPERTY_VALUE_MAX, &p->written);
	}
	option_set_pointer(o, filled, properties);
	option_set_count(o, filled, n);
}

static void read_value(
    struct loader *, const struct option *, const char *path, yaml_node_t *, void *filled);

/* A value where a list could be is a list of it. A map is not taken for one, nor a value in a list
 * of lists, which would be a group of one. */
static void
read_list_of_one(
    struct loader *l, const struct option *o, const char *path, yaml_node_t *node, void *filled)
{
	char *element;

	if (node->type != YAML_SCALAR_NODE || node->data.scalar.length == 0 ||
	    o->item->type == OPTION_MAP || o->name == NULL) {
		loader_error(l, node, "%s should be a list", path);
		return;
	}
	element = arena_take(l->memory, o->size);
	set_default(o->item, element);
	read_value(l, o->item, path, node, element);
	option_set_pointer(o, filled, element);
	option_set_count(o, filled, 1);
}

static void
read_list(
    struct loader *l, const struct option *o, const char *path, yaml_node_t *node, void *filled)
{
	const yaml_node_item_t *id = node->data.sequence.items.start;
	char *elements;
	size_t n;

	if (node->type != YAML_SEQUENCE_NODE) {
		read_list_of_one(l, o, path, node, filled);
		return;
	}
	n = (size_t)(node->data.sequence.items.top - id);
	if (n == 0 && o->filled)
		return;
	elements = arena_take(l->memory, n * o->size);
	for (size_t i = 0; i < n && !loader_gives_up(l); i++) {
		set_default(o->item, elements + i * o->size);
		read_value(l, o->item, path, loader_node(l, id[i]), elements + i * o->size);
	}
	option_set_pointer(o, filled, elements);
	option_set_count(o, filled, n);
}

/* A secret may be in a file of its own. */
static void
read_text(
    struct loader *l, const struct option *o, const char *path, yaml_node_t *node, void *filled)
{
	const char *written = NULL, *text = o->secret ? secret_text(l, node, path, o->max, &written)
						      : loader_text(l, node, path, o->max);

	if (text == NULL)
		return;
	if (written != NULL && strlen(text) > o->max)
		loader_error(l, node, "%s: what is in %s is longer than %llu characters", path,
		    written, (unsigned long long)o->max);
	else
		option_set_pointer(o, filled, text);
}

static void
read_value(
    struct loader *l, const struct option *o, const char *path, yaml_node_t *node, void *filled)
{
	char *at = (char *)filled + o->at;
	struct ip_addr address;
	struct ip_prefix prefix;
	struct detect_community community;
	uint32_t asn, day;

	switch (o->type) {
	case OPTION_NUMBER:
		read_number(l, o, path, node, filled);
		break;
	case OPTION_CHOICE:
		read_choice(l, o, path, node, filled);
		break;
	case OPTION_TEXT:
		read_text(l, o, path, node, filled);
		break;
	case OPTION_ASN:
		if (loader_asn(l, node, path, &asn))
			memcpy(at, &asn, sizeof(asn));
		break;
	case OPTION_ADDRESS:
		if (loader_address(l, node, path, &address))
			memcpy(at, &address, sizeof(address));
		break;
	case OPTION_PREFIX:
		if (loader_prefix(l, node, path, &prefix))
			memcpy(at, &prefix, sizeof(prefix));
		break;
	case OPTION_COMMUNITY:
		if (loader_community(l, node, path, community.part, &community.parts))
			memcpy(at, &community, sizeof(community));
		break;
	case OPTION_DATE:
		if (loader_date(l, node, path, &day))
			memcpy(at, &day, sizeof(day));
		break;
	case OPTION_LIST:
		read_list(l, o, path, node, filled);
		break;
	case OPTION_MAP:
		options_read(l, o, path, node, filled);
		break;
	case OPTION_PROPERTIES:
		read_properties(l, o, path, node, filled);
		break;
	}
}

/* --- maps */

static void
unknown_key(struct loader *l, const struct option *map, const char *path, const yaml_node_t *key,
    const char *name)
{
	const char *nearest = NULL;
	unsigned best = (unsigned)strlen(name) / 2 < 4 ? (unsigned)strlen(name) / 2 : 4;
	struct sbuf known = sbuf_of(4096);

	for (size_t i = 0; i < map->rows_n; i++) {
		unsigned d = text_distance(name, map->rows[i].name);

		if (d < best) {
			best = d;
			nearest = map->rows[i].name;
		}
		sbuf_printf(&known, "%s%s", i > 0 ? ", " : "", map->rows[i].name);
	}
	if (nearest != NULL)
		loader_error(l, key, "unknown key \"%s\" in %s; did you mean \"%s\"?", name,
		    in_words(path), nearest);
	else
		loader_error(l, key, "unknown key \"%s\" in %s; known are: %s", name,
		    in_words(path), sbuf_text(&known));
	sbuf_free(&known);
}

static bool
is_named(const struct option *o, const char *name)
{
	return strcmp(o->name, name) == 0 || (o->alias != NULL && strcmp(o->alias, name) == 0);
}

/* seen: the name that each row of the map was found under, or NULL. */
static void
read_pair(struct loader *l, const struct option *map, const char *path,
    const yaml_node_pair_t *pair, void *filled, const char **seen)
{
	yaml_node_t *key = loader_node(l, pair->key);
	const char *name = loader_scalar(l, key, "a key");
	const struct option *o = map->rows;
	const struct option *end = o + map->rows_n;
	char below[OPTION_PATH_MAX];

	if (name == NULL || loader_gives_up(l))
		return;
	while (o < end && !is_named(o, name)) {
		o++;
		seen++;
	}
	if (o == end) {
		unknown_key(l, map, path, key, name);
	} else if (*seen != NULL && strcmp(*seen, name) == 0) {
		loader_error(l, key, "key \"%s\" is there twice in %s", name, in_words(path));
	} else if (*seen != NULL) {
		loader_error(l, key, "\"%s\" and \"%s\" in %s are one option; write %s only", *seen,
		    name, in_words(path), o->name);
	} else {
		*seen = name;
		if (strcmp(o->name, name) != 0)
			loader_note(l, key,
			    "\"%s\" in %s is an old name that will go; write %s instead", name,
			    in_words(path), o->name);
		if (o->has_given)
			memset((char *)filled + o->given, true, sizeof(bool));
		read_value(l, o, option_path(path, o, below), loader_node(l, pair->value), filled);
	}
}

/* Is every needed key there? A key with an empty text counts as missing. */
static bool
is_complete(const struct option *map, const void *filled, const char *const *seen)
{
	bool choice = false, chosen = false;

	for (size_t i = 0; i < map->rows_n; i++) {
		const struct option *o = &map->rows[i];
		bool there = seen[i] != NULL;

		if (there && o->type == OPTION_TEXT)
			there = ((const char *)option_pointer(o, filled))[0] != '\0';
		if (o->need == NEED_THIS && !there)
			return false;
		choice = choice || o->need == NEED_ONE_OF_THESE;
		chosen = chosen || (o->need == NEED_ONE_OF_THESE && there);
	}
	return !choice || chosen;
}

/* The only row that the map needs; NULL when there are several, or none. */
static const struct option *
only_needed(const struct option *map)
{
	const struct option *only = NULL;

	for (size_t i = 0; i < map->rows_n; i++) {
		if (map->rows[i].need == NEED_ONE_OF_THESE ||
		    (map->rows[i].need == NEED_THIS && only != NULL))
			return NULL;
		if (map->rows[i].need == NEED_THIS)
			only = &map->rows[i];
	}
	return only;
}

/* A value in a list, in the place of a map that needs one key only, is the value of that key:
 * prefixes: [203.0.113.0/24]. false: it is no such map. */
static bool
read_brief(
    struct loader *l, const struct option *map, const char *path, yaml_node_t *node, void *filled)
{
	const struct option *o =
	    map->name == NULL && node->type == YAML_SCALAR_NODE ? only_needed(map) : NULL;
	char below[OPTION_PATH_MAX];

	if (o == NULL || o->type == OPTION_MAP || o->type == OPTION_LIST)
		return false;
	if (o->has_given)
		memset((char *)filled + o->given, true, sizeof(bool));
	read_value(l, o, option_path(path, o, below), node, filled);
	if (map->finish != NULL && !l->failed)
		map->finish(l, node, filled);
	return true;
}

void
options_read(
    struct loader *l, const struct option *map, const char *path, yaml_node_t *node, void *filled)
{
	const char *seen[OPTION_ROWS_MAX] = { NULL };

	assert(map->rows_n <= OPTION_ROWS_MAX);
	if (node->type != YAML_MAPPING_NODE) {
		if (!read_brief(l, map, path, node, filled))
			loader_error(l, node, "%s should be a map (key: value)", in_words(path));
		return;
	}
	for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
	     p < node->data.mapping.pairs.top; p++)
		read_pair(l, map, path, p, filled, seen);
	/* After an error a key that is not there may be one that could not be read. */
	if (!l->failed && !is_complete(map, filled, seen))
		loader_error(l, node, "%s: %s", path, map->lacking);
	if (map->finish != NULL)
		map->finish(l, node, filled);
}
