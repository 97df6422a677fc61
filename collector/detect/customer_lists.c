#include "collector/detect/customer_lists.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { PERHAPS = 4096 };

struct list {
	uint32_t asn;
	bool stale;
	struct customer_prefix *prefixes; /* sorted by prefix */
	uint32_t *asns;			  /* sorted */
	size_t prefixes_n, asns_n;
	bool any[2];		/* entries of IPv4, of IPv6 */
	uint64_t lengths[2][3]; /* a bit for each length that there are entries of */
};

struct customer_lists {
	_Atomic unsigned refs;
	struct list *v; /* sorted by AS */
	size_t n;
	uint64_t perhaps[PERHAPS / 64]; /* a bit per last bits of an AS that has a list */
};

void
customer_entries_free(struct customer_entries *e)
{
	if (e == NULL)
		return;
	free(e->prefixes);
	free(e->asns);
	free(e);
}

/* --- making them */

static int
by_prefix(const void *a, const void *b)
{
	return ip_prefix_cmp(&((const struct customer_prefix *)a)->prefix,
	    &((const struct customer_prefix *)b)->prefix);
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static int
by_asn(const void *a, const void *b)
{
	return by_number(&((const struct list *)a)->asn, &((const struct list *)b)->asn);
}

/* All parts of its AS. */
static bool
fill(struct list *l, const struct customer_part *parts, size_t n)
{
	size_t prefixes = 0, asns = 0;

	for (size_t i = 0; i < n; i++)
		if (parts[i].asn == l->asn) {
			prefixes += parts[i].entries->prefixes_n;
			asns += parts[i].entries->asns_n;
			l->stale |= parts[i].stale;
		}
	l->prefixes = malloc((prefixes + 1) * sizeof(*l->prefixes));
	l->asns = malloc((asns + 1) * sizeof(*l->asns));
	if (l->prefixes == NULL || l->asns == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct customer_entries *e = parts[i].entries;

		if (parts[i].asn != l->asn)
			continue;
		for (size_t k = 0; k < e->prefixes_n; k++)
			l->prefixes[l->prefixes_n++] = e->prefixes[k];
		for (size_t k = 0; k < e->asns_n; k++)
			l->asns[l->asns_n++] = e->asns[k];
	}
	qsort(l->prefixes, l->prefixes_n, sizeof(*l->prefixes), by_prefix);
	qsort(l->asns, l->asns_n, sizeof(*l->asns), by_number);
	for (size_t k = 0; k < l->prefixes_n; k++) {
		const struct ip_prefix *p = &l->prefixes[k].prefix;
		unsigned six = p->family == IP_V6;

		l->any[six] = true;
		l->lengths[six][p->len / 64] |= 1ULL << p->len % 64;
	}
	return true;
}

struct customer_lists *
customer_lists_new(const struct customer_part *parts, size_t n)
{
	struct customer_lists *c = calloc(1, sizeof(*c));

	if (c == NULL || (c->v = calloc(n + 1, sizeof(*c->v))) == NULL) {
		free(c);
		return NULL;
	}
	c->refs = 1;
	for (size_t i = 0; i < n; i++) {
		bool there = false;

		for (size_t k = 0; k < c->n; k++)
			there |= c->v[k].asn == parts[i].asn;
		if (there)
			continue;
		c->v[c->n].asn = parts[i].asn;
		if (!fill(&c->v[c->n++], parts, n)) {
			customer_lists_unref(c);
			return NULL;
		}
		c->perhaps[parts[i].asn % PERHAPS / 64] |= 1ULL << parts[i].asn % 64;
	}
	qsort(c->v, c->n, sizeof(*c->v), by_asn);
	return c;
}

struct customer_lists *
customer_lists_ref(struct customer_lists *c)
{
	if (c != NULL)
		c->refs++;
	return c;
}

void
customer_lists_unref(struct customer_lists *c)
{
	if (c == NULL || --c->refs > 0)
		return;
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].prefixes);
		free(c->v[i].asns);
	}
	free(c->v);
	free(c);
}

/* --- looking up */

/* The first entry of that prefix or behind it. */
static size_t
place_of(const struct list *l, const struct ip_prefix *p)
{
	size_t low = 0, high = l->prefixes_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ip_prefix_cmp(&l->prefixes[mid].prefix, p) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
has_prefix(const struct list *l, const struct customer_route *r)
{
	const uint64_t *lengths = l->lengths[r->prefix->family == IP_V6];

	for (unsigned len = 0; len <= r->prefix->len; len++) {
		struct ip_prefix above;

		if (!(lengths[len / 64] >> len % 64 & 1))
			continue;
		ip_prefix_make(&above, r->prefix->family, r->prefix->b, len);
		for (size_t i = place_of(l, &above);
		     i < l->prefixes_n && ip_prefix_cmp(&l->prefixes[i].prefix, &above) == 0; i++)
			if (r->any_length || (r->prefix->len >= l->prefixes[i].least &&
						 r->prefix->len <= l->prefixes[i].most))
				return true;
	}
	return false;
}

/* NULL: it has none. */
static const struct list *
list_of(const struct customer_lists *c, uint32_t asn)
{
	const struct list key = { .asn = asn };

	if (c == NULL || !(c->perhaps[asn % PERHAPS / 64] >> asn % 64 & 1))
		return NULL;
	return bsearch(&key, c->v, c->n, sizeof(*c->v), by_asn);
}

bool
customer_lists_has(const struct customer_lists *c, uint32_t asn)
{
	return list_of(c, asn) != NULL;
}

enum customer_says
customer_lists_say(const struct customer_lists *c, const struct customer_route *r, bool *stale)
{
	const struct list *l = list_of(c, r->asn);

	if (l == NULL)
		return CUSTOMER_NO_LIST;
	*stale = l->stale;
	if (l->any[r->prefix->family == IP_V6] && !has_prefix(l, r))
		return CUSTOMER_PREFIX;
	if (l->asns_n > 0 && r->has_origin && !r->any_length &&
	    bsearch(&r->origin, l->asns, l->asns_n, sizeof(*l->asns), by_number) == NULL)
		return CUSTOMER_ORIGIN;
	return l->any[r->prefix->family == IP_V6] || (l->asns_n > 0 && r->has_origin)
		   ? CUSTOMER_LISTED
		   : CUSTOMER_NO_LIST;
}
