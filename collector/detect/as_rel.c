#include "collector/detect/as_rel.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a pair, the lesser AS number first. */
enum pair_is { PAIR_PEERS, PAIR_FIRST_PROVIDES, PAIR_SECOND_PROVIDES, PAIR_DISPUTED };

struct as_rel {
	uint64_t *keys; /* sorted: lesser << 32 | greater */
	uint8_t *is;	/* enum pair_is */
	size_t n, max;
	uint32_t day;
};

enum { LINE_SHOWN = 40, GIVE_UP_LINES = 4096 };

/* --- dates */

/* Howard Hinnant's days_from_civil, for years from 1970 on. */
static uint32_t
days_of(unsigned year, unsigned month, unsigned day)
{
	unsigned y = month <= 2 ? year - 1 : year, era = y / 400, of_era = y - era * 400,
		 of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1,
		 of_era_day = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

	return era * 146097 + of_era_day - 719468;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

uint32_t
as_rel_date_in(const char *text, size_t len)
{
	size_t run = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && is_digit(text[i])) {
			run++;
			continue;
		}
		if (run == 8) {
			unsigned date = (unsigned)strtoul(text + i - 8, NULL, 10);
			unsigned year = date / 10000, month = date / 100 % 100, day = date % 100;

			if (year >= 1990 && year < 2200 && month >= 1 && month <= 12 && day >= 1 &&
			    day <= 31)
				return days_of(year, month, day);
		}
		run = 0;
	}
	return 0;
}

/* --- lines */

static bool
read_asn(const char **at, const char *end, uint32_t *asn)
{
	uint64_t v = 0;
	const char *from = *at;

	while (*at < end && is_digit(**at) && v <= UINT32_MAX)
		v = v * 10 + (uint64_t)(*(*at)++ - '0');
	*asn = (uint32_t)v;
	return *at > from && v > 0 && v <= UINT32_MAX;
}

static bool
skip(const char **at, const char *end, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(end - *at) < n || memcmp(*at, word, n) != 0)
		return false;
	*at += n;
	return true;
}

/* "1|2|-1", "1|2|0|bgp"; other relations than these two are passed over. */
static bool
read_pair(const char *at, const char *end, uint64_t *key, uint8_t *is, bool *known)
{
	uint32_t a, b;
	bool provides, peers;

	if (!read_asn(&at, end, &a) || !skip(&at, end, "|") || !read_asn(&at, end, &b) ||
	    !skip(&at, end, "|") || a == b)
		return false;
	provides = skip(&at, end, "-1");
	peers = !provides && skip(&at, end, "0");
	*known = provides || peers;
	if (!*known && !skip(&at, end, "1") && !skip(&at, end, "2"))
		return false;
	*key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
	*is = peers ? PAIR_PEERS : a < b ? PAIR_FIRST_PROVIDES : PAIR_SECOND_PROVIDES;
	return at == end || *at == '|';
}

static bool
add(struct as_rel *r, uint64_t key, uint8_t is)
{
	if (r->n == r->max) {
		size_t max = r->max != 0 ? 2 * r->max : 1 << 16;
		uint64_t *keys = realloc(r->keys, max * sizeof(*keys));
		uint8_t *v;

		if (keys == NULL)
			return false;
		r->keys = keys;
		v = realloc(r->is, max);
		if (v == NULL)
			return false;
		r->is = v;
		r->max = max;
	}
	r->keys[r->n] = key;
	r->is[r->n++] = is;
	return true;
}

/* --- sorted */

struct pair {
	uint64_t key;
	uint8_t is;
};

static int
cmp_pair(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;

	return a->key < b->key ? -1 : a->key > b->key;
}

/* The same pair twice is once; otherwise each time, it is disputed. */
static bool
sort(struct as_rel *r)
{
	struct pair *v = malloc(r->n * sizeof(*v));
	size_t n = 0;

	if (v == NULL)
		return false;
	for (size_t i = 0; i < r->n; i++)
		v[i] = (struct pair){ r->keys[i], r->is[i] };
	qsort(v, r->n, sizeof(*v), cmp_pair);
	for (size_t i = 0; i < r->n; i++) {
		if (n > 0 && r->keys[n - 1] == v[i].key) {
			if (r->is[n - 1] != v[i].is)
				r->is[n - 1] = PAIR_DISPUTED;
			continue;
		}
		r->keys[n] = v[i].key;
		r->is[n++] = v[i].is;
	}
	r->n = n;
	free(v);
	return true;
}

static bool
wrong(char *error, size_t size, unsigned long line, const char *at, const char *end)
{
	int n = end - at < LINE_SHOWN ? (int)(end - at) : LINE_SHOWN;

	snprintf(error, size,
	    "line %lu: \"%.*s\" is no pair of networks; right would be 64500|64501|-1 or "
	    "64500|64501|0",
	    line, n, at);
	return false;
}

static bool
read_lines(struct as_rel *r, const char *at, const char *end, const _Atomic bool *give_up,
    char *error, size_t size)
{
	for (unsigned long line = 1; at < end; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at)), *next;
		uint64_t key;
		uint32_t day;
		uint8_t is;
		bool known;

		stop = stop != NULL ? stop : end;
		next = stop < end ? stop + 1 : end;
		if (stop > at && stop[-1] == '\r')
			stop--;
		if (line % GIVE_UP_LINES == 0 && give_up != NULL && atomic_load(give_up))
			return false;
		if (stop > at && *at == '#') {
			day = as_rel_date_in(at, (size_t)(stop - at));
			r->day = day > r->day ? day : r->day;
		} else if (stop > at) {
			if (!read_pair(at, stop, &key, &is, &known))
				return wrong(error, size, line, at, stop);
			if (known && !add(r, key, is)) {
				snprintf(error, size, "out of memory");
				return false;
			}
		}
		at = next;
	}
	if (r->n == 0)
		snprintf(error, size, "it has no pair of networks");
	return r->n > 0;
}

struct as_rel *
as_rel_parse(const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size)
{
	struct as_rel *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		snprintf(error, size, "out of memory");
		return NULL;
	}
	if (!read_lines(r, text, text + len, give_up, error, size)) {
		as_rel_free(r);
		return NULL;
	}
	if (!sort(r)) {
		snprintf(error, size, "out of memory");
		as_rel_free(r);
		return NULL;
	}
	return r;
}

void
as_rel_free(struct as_rel *r)
{
	if (r == NULL)
		return;
	free(r->keys);
	free(r->is);
	free(r);
}

/* --- asked */

enum relation
as_rel_of(const struct as_rel *r, uint32_t asn, uint32_t other)
{
	uint64_t key = asn < other ? (uint64_t)asn << 32 | other : (uint64_t)other << 32 | asn;
	size_t lo = 0, hi = r->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->keys[mid] < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == r->n || r->keys[lo] != key)
		return NEIGHBOR_UNKNOWN;
	switch (r->is[lo]) {
	case PAIR_PEERS:
		return NEIGHBOR_PEER;
	case PAIR_FIRST_PROVIDES:
		return asn < other ? NEIGHBOR_CUSTOMER : NEIGHBOR_PROVIDER;
	case PAIR_SECOND_PROVIDES:
		return asn < other ? NEIGHBOR_PROVIDER : NEIGHBOR_CUSTOMER;
	default:
		return NEIGHBOR_UNKNOWN;
	}
}

size_t
as_rel_pairs(const struct as_rel *r)
{
	return r->n;
}

uint32_t
as_rel_day(const struct as_rel *r)
{
	return r->day;
}

void
as_rel_each_provider(const struct as_rel *r,
    void (*each)(void *ctx, uint32_t provider, uint32_t customer), void *ctx)
{
	for (size_t i = 0; i < r->n; i++) {
		uint32_t lesser = (uint32_t)(r->keys[i] >> 32), greater = (uint32_t)r->keys[i];

		if (r->is[i] == PAIR_FIRST_PROVIDES)
			each(ctx, lesser, greater);
		else if (r->is[i] == PAIR_SECOND_PROVIDES)
			each(ctx, greater, lesser);
	}
}
