#include "collector/daemon/contacts_private.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/pure/text.h"
#include "collector/daemon/json_walk.h"

struct reading {
	struct json_walk json;
	struct contacts_room to;
	bool has_data;
};

/* --- an entry */

static bool
copy_text(char out[RECORD_NAME_MAX], const json_t *v)
{
	const char *text = json_string_value(v);

	if (text == NULL || text[0] == '\0')
		return false;
	text_copy(out, RECORD_NAME_MAX, text);
	return true;
}

/* The higher, the rather it is called. */
static unsigned
rank_of(const json_t *poc)
{
	const char *role = json_string_value(json_object_get(poc, "role"));

	if (role == NULL)
		return 1;
	return strcasecmp(role, "NOC") == 0 ? 3 : strcasecmp(role, "Technical") == 0 ? 2 : 1;
}

static void
read_contact(struct contact *c, const json_t *entry)
{
	const json_t *pocs = json_object_get(entry, "poc_set"), *poc;
	unsigned best = 0;
	size_t i;

	c->day = contacts_day(json_string_value(json_object_get(entry, "updated")));
	if (contacts_set(c->contact, json_string_value(json_object_get(entry, "contact"))))
		return;
	json_array_foreach(pocs, i, poc) {
		uint32_t day = contacts_day(json_string_value(json_object_get(poc, "updated")));

		if (rank_of(poc) <= best ||
		    (!contacts_set(c->contact, json_string_value(json_object_get(poc, "email"))) &&
			!contacts_set(
			    c->contact, json_string_value(json_object_get(poc, "phone")))))
			continue;
		best = rank_of(poc);
		c->day = day > c->day ? day : c->day;
	}
}

static bool
add(void *ctx, const json_t *entry)
{
	struct reading *r = ctx;
	const json_t *asn = json_object_get(entry, "asn");
	struct contact *c;

	if (!json_is_object(entry))
		return json_walk_wrong(
		    &r->json, "an object like {\"asn\": 64510, \"name\": \"...\"} should be here");
	if (!json_is_integer(asn) || json_integer_value(asn) < 0 ||
	    json_integer_value(asn) > UINT32_MAX)
		return json_walk_wrong(&r->json, "\"asn\" should be a number from 0 to 4294967295");
	c = contacts_add(&r->to, (uint32_t)json_integer_value(asn));
	if (c == NULL)
		return json_walk_wrong(
		    &r->json, "out of memory, or more than %d networks", CONTACTS_MAX);
	(void)copy_text(c->name, json_object_get(entry, "name"));
	read_contact(c, entry);
	if (c->name[0] == '\0' && c->contact[0] == '\0')
		r->to.out->n--;
	return true;
}

/* --- the skeleton */

static bool
read_member(struct reading *r)
{
	json_t *key = json_walk_value(&r->json), *v;
	bool data = json_is_string(key) && strcmp(json_string_value(key), "data") == 0;
	bool ok = json_is_string(key) ||
		  (key != NULL && json_walk_wrong(&r->json, "a key should be here"));

	json_decref(key);
	if (!ok || !json_walk_expect(&r->json, ':'))
		return false;
	if (data) {
		r->has_data = true;
		return json_walk_array(&r->json, add, r);
	}
	v = json_walk_value(&r->json);
	json_decref(v);
	return v != NULL;
}

static bool
read_all(struct reading *r)
{
	if (json_walk_peek(&r->json) == '[')
		return json_walk_array(&r->json, add, r);
	if (!json_walk_expect(&r->json, '{'))
		return false;
	while (json_walk_peek(&r->json) != '}')
		if (!read_member(r) ||
		    (json_walk_peek(&r->json) != '}' && !json_walk_expect(&r->json, ',')))
			return false;
	r->json.pos++;
	return r->has_data ||
	       json_walk_wrong(&r->json, "\"data\" is missing, the list of networks");
}

static int
by_asn(const void *a, const void *b)
{
	const struct contact *x = a, *y = b;

	return (x->asn > y->asn) - (x->asn < y->asn);
}

static int
by_first(const void *a, const void *b)
{
	const struct contact_range *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

static bool
parse_json(const char *text, size_t len, const _Atomic bool *give_up, struct contacts_room *to,
    char *error, size_t size)
{
	struct reading r = { .json = { .start = text,
				 .pos = text,
				 .end = text + len,
				 .give_up = give_up,
				 .error = error,
				 .size = size },
		.to = *to };

	return read_all(&r) &&
	       (json_walk_peek(&r.json) == '\0' ||
		   json_walk_wrong(&r.json, "there is more behind the end of the list"));
}

bool
contacts_parse(const char *text, size_t len, const _Atomic bool *give_up, struct contacts *out,
    char *error, size_t size)
{
	struct contacts_room to = { .out = out };
	size_t at = 0;
	bool ok;

	*out = (struct contacts){ .n = 0 };
	while (at < len && text[at] != '\0' && strchr(" \t\r\n#", text[at]) != NULL) {
		const char *end = memchr(text + at, '\n', len - at);

		if (text[at] == '#') /* a remark */
			at = end != NULL ? (size_t)(end - text) : len;
		else
			at++;
	}
	if (at < len && text[at] >= '0' && text[at] <= '9')
		ok = contacts_parse_delegated(text, len, give_up, &to, error, size);
	else if (at < len && strchr("{[", text[at]) == NULL && text[at] != '\0')
		ok = contacts_parse_rpsl(text, len, give_up, &to, error, size);
	else
		ok = parse_json(text, len, give_up, &to, error, size);
	if (!ok) {
		contacts_free(out);
		return false;
	}
	if (out->n > 0)
		qsort(out->v, out->n, sizeof(*out->v), by_asn);
	if (out->ranges_n > 0)
		qsort(out->ranges, out->ranges_n, sizeof(*out->ranges), by_first);
	return true;
}

const struct contact *
contacts_find(const struct contacts *c, uint32_t asn)
{
	const struct contact key = { .asn = asn };

	return c->n > 0 ? bsearch(&key, c->v, c->n, sizeof(*c->v), by_asn) : NULL;
}

const char *
contacts_registry(const struct contacts *c, uint32_t asn)
{
	size_t low = 0, high = c->ranges_n;

	while (low < high) { /* the first that begins behind it */
		size_t middle = low + (high - low) / 2;

		if (c->ranges[middle].first <= asn)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && c->ranges[low - 1].last >= asn ? c->ranges[low - 1].registry : "";
}

void
contacts_free(struct contacts *c)
{
	free(c->v);
	free(c->ranges);
	*c = (struct contacts){ .n = 0 };
}
