#include "collector/daemon/own_derived.h"

#include <stdlib.h>
#include <string.h>

/* One that is shorter is nobody's. */
enum { SHORTEST4 = 8, SHORTEST6 = 16 };
static const char room[] = "own-derived";

static int
cmp_prefix(const void *x, const void *y)
{
	return ip_prefix_cmp(x, y);
}

static bool
is_long_enough(const struct ip_prefix *p)
{
	return p->len >= (p->family == IP_V4 ? SHORTEST4 : SHORTEST6);
}

static bool
add(struct own_derived *o, const struct ip_prefix *p)
{
	struct ip_prefix *v = o->v;

	if ((o->n & (o->n - 1)) == 0) /* full at powers of two */
		v = realloc(v, (o->n != 0 ? 2 * o->n : 1) * sizeof(*v));
	if (v == NULL)
		return false;
	o->v = v;
	o->v[o->n++] = *p;
	return true;
}

static bool
restore_one(void *ctx, const char *key, const void *value, size_t len)
{
	struct ip_prefix p;

	(void)value;
	(void)len;
	return !ip_prefix_parse(key, true, &p) || add(ctx, &p);
}

void
own_derived_restore(struct own_derived *o, struct records *records)
{
	journal_state_each(records_history(records), room, restore_one, o);
	if (o->n > 0)
		qsort(o->v, o->n, sizeof(*o->v), cmp_prefix);
}

void
own_derived_free(struct own_derived *o)
{
	free(o->v);
	*o = (struct own_derived){ .v = NULL };
}

static bool
is_listed(const struct detect_config *c, const struct ip_prefix *p)
{
	for (size_t i = 0; i < c->own_n; i++)
		if (ip_prefix_covers(&c->own[i].prefix, p))
			return true;
	return false;
}

/* Prefixes of VRPs that name us, and that nobody lists. false when out of memory. */
static bool
derive(struct own_derived *o, const struct detect_config *c, const struct vrp_set *vrps)
{
	size_t n = c->derive ? vrp_set_of_asns(vrps, c->own_asns, c->own_asns_n, NULL, 0) : 0;
	struct vrp *v = malloc(n * sizeof(*v) + 1);
	bool ok = v != NULL;

	if (ok && n > 0)
		vrp_set_of_asns(vrps, c->own_asns, c->own_asns_n, v, n);
	for (size_t i = 0; ok && i < n; i++)
		if (v[i].asn != 0 && is_long_enough(&v[i].prefix) && !is_listed(c, &v[i].prefix) &&
		    (o->n == 0 || ip_prefix_cmp(&o->v[o->n - 1], &v[i].prefix) != 0))
			ok = add(o, &v[i].prefix);
	free(v);
	return ok;
}

/* Keep what is in the first and not in the other, or forget it. Returns how many these are. */
static size_t
keep_difference(
    struct records *records, const struct own_derived *a, const struct own_derived *b, bool keep)
{
	char key[IP_PREFIX_TEXT_MAX];
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		if (b->n > 0 && bsearch(&a->v[i], b->v, b->n, sizeof(*b->v), cmp_prefix) != NULL)
			continue;
		n++;
		records_state_put(
		    records, room, ip_prefix_format(&a->v[i], key), keep ? "1" : NULL, keep);
	}
	return n;
}

bool
own_derived_update(struct own_derived *o, struct records *records, const struct detect_config *c,
    const struct vrp_set *vrps)
{
	struct own_derived now = { .v = NULL };
	size_t n;

	if (!derive(&now, c, vrps)) {
		own_derived_free(&now);
		return false;
	}
	n = keep_difference(records, o, &now, false) + keep_difference(records, &now, o, true);
	own_derived_free(o);
	*o = now;
	return n > 0;
}

struct detect_own *
own_derived_join(const struct own_derived *o, const struct detect_config *c, size_t *n)
{
	struct detect_own *v = calloc(c->own_n + o->n + 1, sizeof(*v));

	*n = 0;
	if (v == NULL)
		return NULL;
	if (c->own_n > 0)
		memcpy(v, c->own, c->own_n * sizeof(*v));
	*n = c->own_n;
	for (size_t i = 0; c->derive && c->own_asns_n > 0 && i < o->n; i++)
		if (!is_listed(c, &o->v[i]))
			v[(*n)++] = (struct detect_own){ .prefix = o->v[i], .derived = true };
	return v;
}
