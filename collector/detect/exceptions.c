/* Exceptions from the rules. They are looked for only when a rule is true. */
#include <stdlib.h>

#include "collector/detect/detect_private.h"

enum { ALL_RULES = (1U << RULES) - 1 };

static int
cmp_exception(const void *x, const void *y)
{
	const struct detect_exception *a = x, *b = y;

	if (a->has_prefix != b->has_prefix)
		return a->has_prefix - b->has_prefix;
	return a->has_prefix ? ip_prefix_cmp(&a->prefix, &b->prefix) : 0;
}

bool
exceptions_init(struct exceptions *x, const struct detect_exception *from, size_t n, uint32_t today)
{
	x->good_before = UINT32_MAX;
	x->v = calloc(n + 1, sizeof(*x->v));
	if (x->v == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (from[i].has_until && from[i].until < today)
			continue;
		if (from[i].has_until && from[i].until + 1 < x->good_before)
			x->good_before = from[i].until + 1;
		if (from[i].has_prefix)
			x->lengths[from[i].prefix.len] = true;
		else
			x->anywhere_n++;
		x->name_neighbors |= from[i].has_neighbor;
		x->v[x->n] = from[i];
		x->v[x->n++].why = NULL; /* borrowed */
	}
	qsort(x->v, x->n, sizeof(*x->v), cmp_exception);
	return true;
}

void
exceptions_fini(struct exceptions *x)
{
	free(x->v);
}

/* The rules that it takes from the route, whose prefix it matches. */
static unsigned
rules_of(const struct detect_exception *x, const struct route_facts *f, uint32_t sender)
{
	if (x->has_origin && (!f->has_origin || f->origin != x->origin))
		return 0;
	if (x->has_neighbor && f->remote_as != x->neighbor && sender != x->neighbor)
		return 0;
	return x->has_rule ? 1U << x->rule : ALL_RULES;
}

/* The first one whose prefix is not before this one. */
static size_t
first_of(const struct exceptions *x, const struct ip_prefix *p)
{
	size_t lo = x->anywhere_n, hi = x->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ip_prefix_cmp(&x->v[mid].prefix, p) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

uint32_t
exceptions_find(const struct exceptions *x, const struct route_facts *f, uint32_t sender)
{
	struct ip_prefix p;
	unsigned rules = 0;

	for (size_t i = 0; i < x->anywhere_n; i++)
		rules |= rules_of(&x->v[i], f, sender);
	for (unsigned len = 0; len <= f->prefix->len; len++) {
		if (!x->lengths[len] || !ip_prefix_make(&p, f->prefix->family, f->prefix->b, len))
			continue;
		for (size_t i = first_of(x, &p);
		     i < x->n && ip_prefix_cmp(&x->v[i].prefix, &p) == 0; i++)
			rules |= rules_of(&x->v[i], f, sender);
	}
	return rules;
}
