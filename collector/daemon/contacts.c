#include "collector/daemon/contacts_private.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/pure/text.h"

/* The outermost skeleton is walked here, so that a large file is never a tree as a whole; every
 * value is jansson's. */
struct reading {
	const char *start, *pos, *end;
	const _Atomic bool *give_up;
	struct contacts_room to;
	bool has_data;
	char *error;
	size_t size;
};

static bool __attribute__((format(printf, 2, 3))) wrong(struct reading *r, const char *fmt, ...)
{
	unsigned line = 1;
	va_list ap;
	int n;

	for (const char *p = r->start; p < r->pos && p < r->end; p++)
		line += *p == '\n';
	n = snprintf(r->error, r->size, "line %u: ", line);
	va_start(ap, fmt);
	if (n > 0 && (size_t)n < r->size)
		vsnprintf(r->error + n, r->size - (size_t)n, fmt, ap);
	va_end(ap);
	return false;
}

static char
peek(struct reading *r)
{
	while (r->pos < r->end &&
	       (*r->pos == ' ' || *r->pos == '\t' || *r->pos == '\r' || *r->pos == '\n'))
		r->pos++;
	return r->pos < r->end ? *r->pos : '\0';
}

static bool
expect(struct reading *r, char want)
{
	char got = peek(r);

	if (got == want) {
		r->pos++;
		return true;
	}
	return got == '\0' ? wrong(r, "the text ends where '%c' should be", want)
			   : wrong(r, "'%c' should be here", want);
}

static json_t *
value(struct reading *r)
{
	size_t left;
	json_error_t e;
	json_t *v;

	peek(r);
	left = (size_t)(r->end - r->pos);
	v = json_loadb(r->pos, left, JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, &e);
	if (v == NULL) {
		r->pos += e.position > 0 ? (size_t)e.position - 1 : 0;
		wrong(r, "%.100s", e.text);
		return NULL;
	}
	r->pos += e.position;
	return v;
}

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
add(struct reading *r, const json_t *entry)
{
	const json_t *asn = json_object_get(entry, "asn");
	struct contact *c;

	if (!json_is_object(entry))
		return wrong(
		    r, "an object like {\"asn\": 64510, \"name\": \"...\"} should be here");
	if (!json_is_integer(asn) || json_integer_value(asn) < 0 ||
	    json_integer_value(asn) > UINT32_MAX)
		return wrong(r, "\"asn\" should be a number from 0 to 4294967295");
	c = contacts_add(&r->to, (uint32_t)json_integer_value(asn));
	if (c == NULL)
		return wrong(r, "out of memory, or more than %d networks", CONTACTS_MAX);
	(void)copy_text(c->name, json_object_get(entry, "name"));
	read_contact(c, entry);
	if (c->name[0] == '\0' && c->contact[0] == '\0')
		r->to.out->n--;
	return true;
}

/* --- the skeleton */

static bool
read_entries(struct reading *r)
{
	bool ok = expect(r, '[');

	if (ok && peek(r) == ']') {
		r->pos++;
		return true;
	}
	while (ok) {
		json_t *v = value(r);

		ok = v != NULL && add(r, v);
		json_decref(v);
		if (ok && r->give_up != NULL && atomic_load(r->give_up))
			return wrong(r, "given up");
		if (ok && peek(r) == ']') {
			r->pos++;
			return true;
		}
		ok = ok && expect(r, ',');
	}
	return false;
}

static bool
read_member(struct reading *r)
{
	json_t *key = value(r), *v;
	bool data = json_is_string(key) && strcmp(json_string_value(key), "data") == 0;
	bool ok = json_is_string(key) || (key != NULL && wrong(r, "a key should be here"));

	json_decref(key);
	if (!ok || !expect(r, ':'))
		return false;
	if (data) {
		r->has_data = true;
		return read_entries(r);
	}
	v = value(r);
	json_decref(v);
	return v != NULL;
}

static bool
read_all(struct reading *r)
{
	if (peek(r) == '[')
		return read_entries(r);
	if (!expect(r, '{'))
		return false;
	while (peek(r) != '}')
		if (!read_member(r) || (peek(r) != '}' && !expect(r, ',')))
			return false;
	r->pos++;
	return r->has_data || wrong(r, "\"data\" is missing, the list of networks");
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
	struct reading r = { .start = text,
		.pos = text,
		.end = text + len,
		.give_up = give_up,
		.to = *to,
		.error = error,
		.size = size };

	return read_all(&r) &&
	       (peek(&r) == '\0' || wrong(&r, "there is more behind the end of the list"));
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
