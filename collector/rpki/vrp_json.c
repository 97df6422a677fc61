#include "collector/rpki/vrp_json.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/pure/flat_json.h"
#include "base/pure/text.h"

/* Only the outermost skeleton is walked here, { "key": [ element, ... ], ... }. A VRP that is as
 * plain as nearly all are is read at once (flat_json.h); every other value is jansson's. */
struct reader {
	const char *start, *pos, *end; /* of the text that is here */
	const char *at;		       /* where the last value begins */
	/* More of it comes from `read`, into `room`; lines: that are behind us. */
	const struct vrp_json_how *from; /* NULL: this is all */
	char *room;
	size_t size;
	unsigned lines;
	const _Atomic bool *stop;
	char *error;
	size_t error_size;
};

/* What is read, and what is found out on the way. */
struct reading {
	struct vrp_list *out;
	struct vrp_file_stats *stats;
	struct aspa_list *aspas; /* NULL: not wanted */
	bool has_roas, has_aspas, aspas_alone, slurm;
	size_t aspas_rejected;
	int64_t now_s;
	struct vrp_list late; /* past their time */
	struct aspa_list late_aspas;
	int64_t *expires; /* of the entries that tell */
	size_t expires_n, expires_cap;
	struct vrp_expiries *expiring; /* NULL: not wanted */
};

static unsigned
line_of(const struct reader *c)
{
	unsigned line = 1 + c->lines;

	for (const char *p = c->start; p < c->pos && p < c->end; p++)
		line += *p == '\n';
	return line;
}

static bool __attribute__((format(printf, 2, 3))) fail(struct reader *c, const char *fmt, ...)
{
	int n = snprintf(c->error, c->error_size, "line %u: ", line_of(c));
	va_list ap;

	va_start(ap, fmt);
	if (n > 0 && (size_t)n < c->error_size)
		vsnprintf(c->error + n, c->error_size - (size_t)n, fmt, ap);
	va_end(ap);
	return false;
}

/* Let go of what is behind us, and read on. false: there is no more. */
static bool
refill(struct reader *c)
{
	size_t left = (size_t)(c->end - c->pos);
	ssize_t n = 1;
	char *room = c->room;

	if (c->from == NULL)
		return false;
	c->lines = line_of(c) - 1;
	if (left > c->size / 2) { /* one value is longer than that */
		room = malloc(2 * c->size);
		if (room == NULL)
			return false;
		c->size *= 2;
	}
	memmove(room, c->pos, left);
	if (room != c->room) {
		free(c->room);
		c->room = room;
	}
	while (n > 0 && left < c->size) {
		n = c->from->read(c->from->ctx, c->room + left, c->size - left);
		left += n > 0 ? (size_t)n : 0;
	}
	if (n <= 0)
		c->from = NULL;
	c->start = c->pos = c->room;
	c->end = c->room + left;
	return true;
}

static char
peek(struct reader *c)
{
	do {
		while (c->pos < c->end &&
		       (*c->pos == ' ' || *c->pos == '\t' || *c->pos == '\r' || *c->pos == '\n'))
			c->pos++;
	} while (c->pos == c->end && refill(c));
	return c->pos < c->end ? *c->pos : '\0';
}

/* Nearly every value is shorter than that: have so much here. */
static void
have_room(struct reader *c)
{
	enum { USUAL = 16 * 1024 };

	if ((size_t)(c->end - c->pos) < USUAL)
		refill(c);
}

static bool
expect(struct reader *c, char want)
{
	char got = peek(c);

	if (got != want)
		return got == '\0' ? fail(c, "the text ends where '%c' should be", want)
				   : fail(c, "'%c' where '%c' should be", got, want);
	c->pos++;
	return true;
}

/* The value that begins here; NULL: it is none. twice: as of value(). */
static json_t *
load(const struct reader *c, bool *twice, json_error_t *e)
{
	const size_t flags = JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK;
	size_t len = (size_t)(c->end - c->pos);
	json_t *v =
	    json_loadb(c->pos, len, twice != NULL ? flags | JSON_REJECT_DUPLICATES : flags, e);

	if (v == NULL && twice != NULL && json_error_code(e) == json_error_duplicate_key) {
		*twice = true;
		v = json_loadb(c->pos, len, flags, e);
	}
	return v;
}

/* The next value of any kind; NULL on a syntax error. twice: a key in it is there twice, or NULL
 * where that does not matter. One that is wrong may only be cut: then more of it is read. */
static json_t *
value(struct reader *c, bool *twice)
{
	json_error_t e;
	json_t *v;

	have_room(c);
	peek(c);
	do
		v = load(c, twice, &e);
	while (v == NULL && refill(c));
	c->at = c->pos;
	if (v == NULL) {
		if (e.position > 0)
			c->pos += (size_t)e.position - 1;
		fail(c, "%s", e.text);
		return NULL;
	}
	c->pos += e.position;
	return v;
}

/* --- one VRP */

/* 64500, "64500", "AS64500" in any case. */
static bool
parse_asn(const json_t *v, uint32_t *asn)
{
	const char *text;
	char *end;
	unsigned long n;

	if (json_is_integer(v)) {
		json_int_t i = json_integer_value(v);

		*asn = (uint32_t)i;
		return i >= 0 && i <= UINT32_MAX;
	}
	if (!json_is_string(v))
		return false;
	text = json_string_value(v);
	if (strncasecmp(text, "AS", 2) == 0)
		text += 2;
	if (*text < '0' || *text > '9')
		return false;
	n = strtoul(text, &end, 10);
	*asn = (uint32_t)n;
	return *end == '\0' && n <= UINT32_MAX;
}

static bool
parse_vrp(const json_t *roa, struct vrp *v)
{
	const json_t *prefix = json_object_get(roa, "prefix"),
		     *max = json_object_get(roa, "maxLength");

	memset(v, 0, sizeof(*v));
	if (!json_is_string(prefix) ||
	    !ip_prefix_parse(json_string_value(prefix), true, &v->prefix))
		return false;
	v->max_len = v->prefix.len;
	if (json_is_integer(max)) {
		json_int_t n = json_integer_value(max);

		if (n < 0 || n > 128)
			return false;
		v->max_len = (uint8_t)n;
	} else if (max != NULL && !json_is_null(max)) {
		return false;
	}
	return parse_asn(json_object_get(roa, "asn"), &v->asn) && vrp_ok(v);
}

/* 0: one too many. */
static uint8_t
ta_number(const char *name, struct vrp_tas *tas)
{
	unsigned i;

	for (i = 0; i < tas->n; i++)
		if (strncmp(tas->name[i], name, VRP_TA_NAME_MAX - 1) == 0)
			return (uint8_t)(i + 1);
	if (i == VRP_TAS_MAX)
		return 0;
	text_copy(tas->name[i], VRP_TA_NAME_MAX, name);
	return (uint8_t)++tas->n;
}

/* As in "ta", or in the first "tal" of Routinator's "source". 0: not told, or one too many. */
static uint8_t
parse_ta(const json_t *roa, struct vrp_tas *tas)
{
	const json_t *ta = json_object_get(roa, "ta");

	if (ta == NULL)
		ta = json_object_get(json_array_get(json_object_get(roa, "source"), 0), "tal");
	return json_is_string(ta) ? ta_number(json_string_value(ta), tas) : 0;
}

/* Where it goes: with what is past its time, or with the rest. expires: NULL when it is not told.
 */
static bool
keep(struct reading *r, const int64_t *expires, const struct vrp *v)
{
	bool late = expires != NULL && *expires < r->now_s;

	r->stats->roas++;
	if (!vrp_list_add(late ? &r->late : r->out, v))
		return false;
	if (expires == NULL) {
		if (r->expiring != NULL)
			r->expiring->untimed++;
		return true;
	}
	if (!late && r->expiring != NULL && !vrp_expiries_add(r->expiring, v, *expires, r->now_s))
		return false;
	if (r->expires_n == r->expires_cap) {
		size_t cap = r->expires_cap == 0 ? 1024 : r->expires_cap * 2;
		int64_t *bigger = realloc(r->expires, cap * sizeof(*bigger));

		if (bigger == NULL)
			return false;
		r->expires = bigger;
		r->expires_cap = cap;
	}
	r->expires[r->expires_n++] = *expires;
	return true;
}

static void
reject(struct reader *c, struct vrp_file_stats *st, bool twice, const char *what)
{
	const char *at = c->at;
	char text[120];
	struct txt t = txt_of(text, sizeof(text));
	size_t n = (size_t)(c->pos - at) < 100 ? (size_t)(c->pos - at) : 100;

	if (st->first_rejected[0] != '\0')
		return;
	txt_string(&t, cur_of(at, n));
	snprintf(st->first_rejected, sizeof(st->first_rejected), "line %u: %s: %s", line_of(c),
	    twice ? "a key is there twice" : what, text);
}

/* As text that ends; false when it is none of so few octets. */
static bool
text_of(struct flat_value v, char *text, size_t size)
{
	if (v.type != FLAT_STRING || v.len >= size)
		return false;
	memcpy(text, v.text, v.len);
	text[v.len] = '\0';
	return true;
}

/* The same as parse_asn; false also when it is not as plain. */
static bool
flat_asn(struct flat_value v, uint32_t *asn)
{
	uint64_t n = 0;

	if (v.type == FLAT_INTEGER && v.number >= 0 && v.number <= UINT32_MAX) {
		*asn = (uint32_t)v.number;
		return true;
	}
	if (v.type != FLAT_STRING || v.len < 3 || v.len > 12 || v.text[0] != 'A' ||
	    v.text[1] != 'S')
		return false;
	for (size_t i = 2; i < v.len; i++) {
		if (v.text[i] < '0' || v.text[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(v.text[i] - '0');
	}
	*asn = (uint32_t)n;
	return n <= UINT32_MAX;
}

/* A VRP that is plain, and right: false for all others, which are looked at as a whole. */
static bool
parse_flat_vrp(const struct flat_object *roa, struct vrp *v)
{
	struct flat_value max = flat_json_get(roa, "maxLength");
	char prefix[IP_PREFIX_TEXT_MAX];

	memset(v, 0, sizeof(*v));
	if (!text_of(flat_json_get(roa, "prefix"), prefix, sizeof(prefix)) ||
	    !ip_prefix_parse(prefix, true, &v->prefix))
		return false;
	if (max.type != FLAT_INTEGER || max.number < 0 || max.number > 128)
		return false;
	v->max_len = (uint8_t)max.number;
	return flat_asn(flat_json_get(roa, "asn"), &v->asn) && vrp_ok(v);
}

/* false: it is not so plain, and nothing has been read. */
static bool
read_flat_roa(struct reader *c, struct reading *r, bool *memory)
{
	struct flat_object roa;
	struct flat_value expires, ta;
	char name[VRP_TA_NAME_MAX];
	const char *end;
	struct vrp v;

	have_room(c);
	peek(c);
	end = flat_json_object(c->pos, c->end, &roa);
	if (end == NULL || !parse_flat_vrp(&roa, &v))
		return false;
	ta = flat_json_get(&roa, "ta");
	if (ta.type == FLAT_STRING && !text_of(ta, name, sizeof(name)))
		return false;
	v.ta = ta.type == FLAT_STRING ? ta_number(name, &r->stats->tas) : 0;
	expires = flat_json_get(&roa, "expires");
	*memory = keep(r, expires.type == FLAT_INTEGER ? &expires.number : NULL, &v);
	c->pos = end;
	return true;
}

/* Days since 1970 of a date of the Gregorian calendar. */
static int64_t
days_of(int y, int m, int d)
{
	int64_t era, year = m <= 2 ? y - 1 : y, of_era, of_year;

	era = year / 400;
	of_era = year - era * 400;
	of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* RFC 3339, as 2026-03-01T12:00:00Z or with +02:00. 0: it is not. */
static int64_t
parse_time(const char *text)
{
	int y, mon, d, h, min, s, n = 0, oh = 0, om = 0;
	char sign = 'Z';

	if (text == NULL ||
	    sscanf(text, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &y, &mon, &d, &h, &min, &s, &n) != 6 ||
	    n == 0 || y < 1970 || mon < 1 || mon > 12 || d < 1 || d > 31)
		return 0;
	if (text[n] == '.')
		n += 1 + (int)strspn(text + n + 1, "0123456789");
	if (text[n] == '+' || text[n] == '-') {
		sign = text[n];
		if (sscanf(text + n + 1, "%2d:%2d", &oh, &om) != 2)
			return 0;
	}
	return days_of(y, mon, d) * 86400 + h * 3600 + min * 60 + s -
	       (sign == '-' ? -1 : 1) * (oh * 3600 + om * 60);
}

/* Routinator has each way to a trust anchor: what ends first on it, and of several the last. */
static int64_t
end_of_ways(const json_t *roa)
{
	const json_t *ways = json_object_get(roa, "source");
	int64_t last = 0;

	for (size_t i = 0; i < json_array_size(ways); i++) {
		const json_t *way = json_array_get(ways, i),
			     *chain = json_object_get(way, "chainValidity");
		int64_t ends = parse_time(json_string_value(json_object_get(chain, "notAfter"))),
			stale = parse_time(json_string_value(json_object_get(way, "stale")));

		if (ends == 0 || (stale != 0 && stale < ends))
			ends = stale;
		if (ends == 0)
			return 0;
		last = ends > last ? ends : last;
	}
	return last;
}

static bool
parse_roa(struct reader *c, struct reading *r)
{
	bool ok = true, twice = false;
	const json_t *expires;
	json_int_t at_s;
	json_t *roa;
	struct vrp v;

	if (read_flat_roa(c, r, &ok))
		return ok || fail(c, "out of memory");
	roa = value(c, &twice);
	if (roa == NULL)
		return false;
	if (!twice && parse_vrp(roa, &v)) {
		v.ta = parse_ta(roa, &r->stats->tas);
		expires = json_object_get(roa, "expires");
		at_s = json_integer_value(expires);
		ok = keep(r, json_is_integer(expires) ? &(int64_t){ at_s } : NULL, &v);
		at_s = ok && expires == NULL && r->expiring != NULL ? end_of_ways(roa) : 0;
		if (at_s != 0)
			r->expiring->untimed--;
		if (at_s != 0)
			ok = vrp_expiries_add(r->expiring, &v, at_s, r->now_s);
	} else {
		r->stats->rejected++;
		reject(c, r->stats, twice, "not a VRP");
	}
	json_decref(roa);
	return ok || fail(c, "out of memory");
}

/* --- one ASPA */

/* The first of these keys that is there: rpki-client, Routinator and RTRTR, the drafts. */
static const json_t *
any_of(const json_t *object, const char *const keys[3])
{
	const json_t *v = NULL;

	for (int i = 0; i < 3 && v == NULL; i++)
		v = json_object_get(object, keys[i]);
	return v;
}

/* *memory false: there is none left; else false: it is no ASPA, and *to is as before. */
static bool
add_aspa(const json_t *aspa, struct aspa_list *to, bool *memory)
{
	static const char *const customers[] = { "customer_asid", "customer", "customerAsn" },
				 *const lists[] = { "providers", "provider_set", "providerAsns" };
	const json_t *providers = any_of(aspa, lists);
	uint32_t customer, provider = 0;
	size_t before = to->n, n = json_array_size(providers);

	if (!parse_asn(any_of(aspa, customers), &customer) || customer == 0 ||
	    !json_is_array(providers))
		return false;
	for (size_t i = 0; i < n || i == 0; i++) { /* none: as AS 0 alone */
		bool good = i == n || parse_asn(json_array_get(providers, i), &provider);

		*memory = !good || aspa_list_add(to, customer, provider);
		if (!good || !*memory) {
			to->n = before;
			return false;
		}
	}
	return true;
}

static bool
parse_aspa(struct reader *c, struct reading *r)
{
	bool memory = true, twice = false;
	json_t *aspa = value(c, &twice);
	const json_t *expires = json_object_get(aspa, "expires");
	bool late = json_is_integer(expires) && json_integer_value(expires) < r->now_s;

	if (aspa == NULL)
		return false;
	if (!twice && add_aspa(aspa, late ? &r->late_aspas : r->aspas, &memory)) {
		r->stats->aspas += !late;
	} else if (memory) {
		r->aspas_rejected++;
		reject(c, r->stats, twice, "not an ASPA");
	}
	json_decref(aspa);
	return memory || fail(c, "out of memory");
}

/* --- arrays and members */

enum array { ARRAY_ROAS, ARRAY_ASPAS, ARRAY_KEYS };

static bool
skip_element(struct reader *c, size_t *count)
{
	json_t *v = value(c, NULL);

	json_decref(v);
	(*count)++;
	return v != NULL;
}

static bool
parse_element(struct reader *c, struct reading *r, enum array what)
{
	if (what == ARRAY_ROAS)
		return parse_roa(c, r);
	if (what == ARRAY_ASPAS && r->aspas != NULL)
		return parse_aspa(c, r);
	return skip_element(c, what == ARRAY_ASPAS ? &r->stats->aspas : &r->stats->keys);
}

static bool
parse_array(struct reader *c, struct reading *r, enum array what)
{
	if (!expect(c, '['))
		return false;
	if (peek(c) == ']') {
		c->pos++;
		return true;
	}
	for (;;) {
		if (c->stop != NULL && atomic_load_explicit(c->stop, memory_order_relaxed))
			return fail(c, "given up");
		if (!parse_element(c, r, what))
			return false;
		if (peek(c) == ']') {
			c->pos++;
			return true;
		}
		if (!expect(c, ','))
			return false;
	}
}

/* { "ipv4": [ .. ], "ipv6": [ .. ] }: of a customer both together. */
static bool
parse_aspas_by_family(struct reader *c, struct reading *r)
{
	if (!expect(c, '{'))
		return false;
	for (bool first = true;; first = false) {
		json_t *key;

		if (peek(c) == '}') {
			c->pos++;
			return true;
		}
		if (!first && !expect(c, ','))
			return false;
		key = value(c, NULL);
		json_decref(key);
		if (key == NULL || !expect(c, ':') || !parse_array(c, r, ARRAY_ASPAS))
			return false;
	}
}

static bool
parse_metadata(struct reader *c, struct vrp_file_stats *st)
{
	json_t *v = value(c, NULL);
	const json_t *generated = json_object_get(v, "generated");

	st->built_s = parse_time(json_string_value(json_object_get(v, "buildtime")));
	if (st->built_s == 0 && json_is_integer(generated))
		st->built_s = json_integer_value(generated);
	if (st->built_s == 0)
		st->built_s = parse_time(json_string_value(json_object_get(v, "generatedTime")));
	json_decref(v);
	return v != NULL;
}

static bool
parse_member(struct reader *c, struct reading *r)
{
	json_t *key = value(c, NULL);
	const char *name = json_string_value(key);
	struct vrp_file_stats *st = r->stats;
	bool ok = true;
	size_t others = 0;

	if (key == NULL)
		return false;
	if (name == NULL)
		ok = fail(c, "a member name should be a string");
	else if (!expect(c, ':'))
		ok = false;
	else if (strcmp(name, "roas") == 0) {
		ok = !r->has_roas || fail(c, "\"roas\" is there twice");
		r->has_roas = true;
		ok = ok && parse_array(c, r, ARRAY_ROAS);
	} else if (strcmp(name, "metadata") == 0) {
		ok = parse_metadata(c, st);
	} else if (strcmp(name, "aspas") == 0 && peek(c) == '[') {
		r->has_aspas = true;
		ok = parse_array(c, r, ARRAY_ASPAS);
	} else if ((strcmp(name, "aspas") == 0 || strcmp(name, "provider_authorizations") == 0) &&
		   peek(c) == '{') { /* of older rpki-client and StayRTR */
		r->has_aspas = true;
		ok = parse_aspas_by_family(c, r);
	} else if ((strcmp(name, "bgpsec_keys") == 0 || strcmp(name, "routerKeys") == 0) &&
		   peek(c) == '[') {
		ok = parse_array(c, r, ARRAY_KEYS);
	} else {
		r->slurm |= strcmp(name, "slurmVersion") == 0;
		ok = skip_element(c, &others);
	}
	json_decref(key);
	return ok;
}

static int
cmp_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* When a tenth of the entries has expired; those that do not tell never do. */
static int64_t
lapse_of(const struct reading *r)
{
	size_t at = r->stats->roas / 10;

	if (at < 1) /* one alone is no tenth */
		at = 1;
	if (r->expires_n <= at)
		return 0;
	qsort(r->expires, r->expires_n, sizeof(*r->expires), cmp_time);
	return r->expires[at];
}

/* A few that are late are left out; where it is many the file is, and they are kept with the rest.
 */
static bool
judge_late(struct reading *r)
{
	bool many = r->late.n > 1 && r->late.n > r->stats->roas / 10;

	for (size_t i = 0; many && i < r->late.n; i++)
		if (!vrp_list_add(r->out, &r->late.v[i]))
			return false;
	if (!many) {
		r->stats->expired = r->late.n;
		r->stats->roas -= r->late.n;
		return true;
	}
	r->stats->aspas += aspa_list_customers(&r->late_aspas);
	for (size_t i = 0; i < r->late_aspas.n; i++)
		if (!aspa_list_add(
			r->aspas, r->late_aspas.v[i].customer, r->late_aspas.v[i].provider))
			return false;
	return true;
}

static bool
parse_file(struct reader *c, struct reading *r)
{
	struct vrp_file_stats *st = r->stats;
	bool ok = expect(c, '{');

	if (ok && peek(c) == '}')
		c->pos++;
	else
		while (ok && (ok = parse_member(c, r))) {
			if (peek(c) == '}') {
				c->pos++;
				break;
			}
			ok = expect(c, ',');
		}
	if (!ok)
		return false;
	peek(c);
	if (c->pos < c->end)
		return fail(c, "there is something behind the end of the JSON text");
	if (!r->has_roas && !(r->aspas_alone && r->has_aspas))
		return fail(c, r->slurm ? "a SLURM file: it belongs in rpki.slurm"
					: "no \"roas\" array: not a VRP file");
	if ((st->roas == 0 && st->rejected > 0) ||
	    (st->rejected > 1 && st->rejected > (st->roas + st->rejected) / 10)) {
		snprintf(c->error, c->error_size,
		    "%zu of %zu entries are not usable, the first: %s", st->rejected,
		    st->roas + st->rejected, st->first_rejected);
		return false;
	}
	st->rejected += r->aspas_rejected;
	st->lapses_s = lapse_of(r);
	return judge_late(r) || fail(c, "out of memory");
}

bool
vrp_json_parse(const char *text, size_t len, const struct vrp_json_how *how, struct vrp_list *out,
    struct vrp_file_stats *st, char *error, size_t size)
{
	enum { PIECE = 256 * 1024 };
	bool in_pieces = how != NULL && how->read != NULL;
	struct reader c = { .start = text,
		.pos = text,
		.end = in_pieces ? text : text + len,
		.stop = how != NULL ? how->stop : NULL,
		.error = error,
		.error_size = size };
	struct reading r = { .out = out, .stats = st };
	size_t before = out->n, aspas_before;
	bool ok;

	if (how != NULL) {
		r.now_s = how->now_s;
		r.aspas = how->aspas;
		r.aspas_alone = how->aspas_alone;
		r.expiring = how->expiring;
	}
	if (in_pieces) {
		c.from = how;
		c.size = PIECE;
		c.start = c.pos = c.end = c.room = malloc(c.size);
		if (c.room == NULL)
			return fail(&c, "out of memory");
	}
	aspas_before = r.aspas != NULL ? r.aspas->n : 0;

	memset(st, 0, sizeof(*st));
	ok = parse_file(&c, &r);
	free(c.room);
	free(r.expires);
	vrp_list_free(&r.late);
	aspa_list_free(&r.late_aspas);
	if (r.expiring != NULL)
		vrp_expiries_sort(r.expiring);
	if (ok)
		return true;
	out->n = before;
	if (r.aspas != NULL)
		r.aspas->n = aspas_before;
	return false;
}
