#include "collector/daemon/customer_file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/pure/text.h"
#include "collector/daemon/json_walk.h"

enum { ENTRIES_MAX = 2000000 };

struct reading {
	struct json_walk json;
	struct customer_entries *out;
	size_t prefixes_cap, asns_cap;
};

/* --- an entry */

/* Room for one more; false, with the reason. */
static bool
grow(struct reading *r, void **v, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap == 0 ? 64 : 2 * *cap;
	void *bigger;

	if (n < *cap)
		return true;
	if (n >= ENTRIES_MAX)
		return json_walk_wrong(&r->json, "more than %d entries", ENTRIES_MAX);
	bigger = realloc(*v, more * size);
	if (bigger == NULL)
		return json_walk_wrong(&r->json, "out of memory");
	*v = bigger;
	*cap = more;
	return true;
}

static bool
add_prefix(struct reading *r, const struct customer_prefix *p)
{
	struct customer_entries *out = r->out;

	if (!grow(r, (void **)&out->prefixes, out->prefixes_n, &r->prefixes_cap, sizeof(*p)))
		return false;
	out->prefixes[out->prefixes_n++] = *p;
	return true;
}

static bool
add_asn(struct reading *r, json_int_t asn)
{
	struct customer_entries *out = r->out;

	if (asn <= 0 || asn > UINT32_MAX)
		return json_walk_wrong(&r->json, "an AS number is from 1 to 4294967295");
	if (!grow(r, (void **)&out->asns, out->asns_n, &r->asns_cap, sizeof(*out->asns)))
		return false;
	out->asns[out->asns_n++] = (uint32_t)asn;
	return true;
}

static bool
add_text(struct reading *r, const char *text)
{
	struct customer_prefix p;
	char *end;
	unsigned long long asn;

	if (ip_prefix_parse(text, true, &p.prefix)) {
		p.least = p.most = p.prefix.len;
		return add_prefix(r, &p);
	}
	if (strncasecmp(text, "AS", 2) == 0 && text[2] >= '0' && text[2] <= '9') {
		asn = strtoull(text + 2, &end, 10);
		if (*end == '\0')
			return add_asn(r, asn > UINT32_MAX ? -1 : (json_int_t)asn);
	}
	return json_walk_wrong(&r->json,
	    "\"%.60s\" is no prefix and no AS number; an AS-SET is to be expanded (bgpq4 -jt)",
	    text);
}

/* A length of an entry, `otherwise` when it has none; false when it is none. */
static bool
length_of(const json_t *entry, const char *key, uint8_t least, uint8_t most, uint8_t otherwise,
    uint8_t *out)
{
	const json_t *v = json_object_get(entry, key);
	json_int_t n = json_is_integer(v) ? json_integer_value(v) : -1;

	*out = otherwise;
	if (v == NULL)
		return true;
	*out = (uint8_t)n;
	return n >= least && n <= most;
}

static bool
add_object(struct reading *r, const json_t *entry)
{
	const char *text = json_string_value(json_object_get(entry, "prefix"));
	const json_t *exact = json_object_get(entry, "exact");
	struct customer_prefix p;
	uint8_t bits, most;

	if (text == NULL || !ip_prefix_parse(text, true, &p.prefix))
		return json_walk_wrong(&r->json,
		    "\"prefix\" should be a prefix without host bits, as \"192.0.2.0/24\"");
	bits = (uint8_t)ip_bits(p.prefix.family);
	most = json_object_get(entry, "greater-equal") != NULL ? bits : p.prefix.len;
	if (json_is_true(exact) && (json_object_get(entry, "greater-equal") != NULL ||
				       json_object_get(entry, "less-equal") != NULL))
		return json_walk_wrong(
		    &r->json, "%.50s is \"exact\", and has other lengths, too", text);
	if (!length_of(entry, "greater-equal", p.prefix.len, bits, p.prefix.len, &p.least) ||
	    !length_of(entry, "less-equal", p.least, bits, most, &p.most))
		return json_walk_wrong(&r->json,
		    "\"greater-equal\" and \"less-equal\" of %.50s should be from %u to %u, in "
		    "that order",
		    text, p.prefix.len, bits);
	return add_prefix(r, &p);
}

static bool
add(void *ctx, const json_t *entry)
{
	struct reading *r = ctx;
	if (json_is_object(entry))
		return add_object(r, entry);
	if (json_is_integer(entry))
		return add_asn(r, json_integer_value(entry));
	if (json_is_string(entry))
		return add_text(r, json_string_value(entry));
	return json_walk_wrong(
	    &r->json, "a prefix, an AS number or {\"prefix\": ...} should be here");
}

/* --- the skeleton */

static bool
read_object(struct reading *r)
{
	if (!json_walk_expect(&r->json, '{'))
		return false;
	if (json_walk_peek(&r->json) == '}') {
		r->json.pos++;
		return true;
	}
	for (;;) {
		json_t *key = json_walk_value(&r->json);
		bool ok = json_is_string(key) ||
			  (key != NULL && json_walk_wrong(&r->json, "a key should be here"));

		json_decref(key);
		if (!ok || !json_walk_expect(&r->json, ':') || !json_walk_array(&r->json, add, r))
			return false;
		if (json_walk_peek(&r->json) == '}') {
			r->json.pos++;
			return true;
		}
		if (!json_walk_expect(&r->json, ','))
			return false;
	}
}

static bool
read_file(struct reading *r)
{
	char first = json_walk_peek(&r->json);

	if (first == '\0')
		return json_walk_wrong(&r->json, "the file is empty");
	if (first != '[' && first != '{')
		return json_walk_wrong(&r->json, "not JSON; right would be what bgpq4 -j writes");
	if (!(first == '[' ? json_walk_array(&r->json, add, r) : read_object(r)))
		return false;
	if (json_walk_peek(&r->json) != '\0' || r->json.pos < r->json.end)
		return json_walk_wrong(&r->json, "something is behind the list");
	return r->out->prefixes_n + r->out->asns_n > 0 ||
	       json_walk_wrong(
		   &r->json, "there is no prefix and no AS number in it, which is no list");
}

struct customer_entries *
customer_file_parse(
    const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size)
{
	struct reading r = { .json = { .start = text,
				 .pos = text,
				 .end = text + len,
				 .give_up = give_up,
				 .flags = JSON_REJECT_DUPLICATES,
				 .error = error,
				 .size = size },
		.out = calloc(1, sizeof(*r.out)) };

	if (r.out == NULL)
		return json_walk_wrong(&r.json, "out of memory"), NULL;
	if (read_file(&r))
		return r.out;
	customer_entries_free(r.out);
	return NULL;
}
