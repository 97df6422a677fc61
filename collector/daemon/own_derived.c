#include "collector/daemon/own_derived.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One that is shorter is nobody's. */
enum { SHORTEST4 = 8, SHORTEST6 = 16, COVERING_MAX = 64, VALUE_MAX = 32 };
static const char room[] = "own-derived";

static int
cmp_one(const void *x, const void *y)
{
	const struct own_derived_one *a = x, *b = y;

	return ip_prefix_cmp(&a->prefix, &b->prefix);
}

static struct own_derived_one *
find(const struct own_derived *o, const struct own_derived_one *one)
{
	return o->n > 0 ? bsearch(one, o->v, o->n, sizeof(*o->v), cmp_one) : NULL;
}

static bool
is_long_enough(const struct ip_prefix *p)
{
	return p->len >= (p->family == IP_V4 ? SHORTEST4 : SHORTEST6);
}

static bool
add(struct own_derived *o, const struct own_derived_one *one)
{
	struct own_derived_one *v = o->v;

	if ((o->n & (o->n - 1)) == 0) /* full at powers of two */
		v = realloc(v, (o->n != 0 ? 2 * o->n : 1) * sizeof(*v));
	if (v == NULL)
		return false;
	o->v = v;
	o->v[o->n++] = *one;
	return true;
}

/* --- over a restart */

bool
own_derived_restore_one(struct own_derived *o, const char *key, const void *value, size_t len)
{
	struct own_derived_one one = { .asn = 0 };
	char text[VALUE_MAX];

	snprintf(
	    text, sizeof(text), "%.*s", (int)(len < sizeof(text) ? len : 0), (const char *)value);
	if (!ip_prefix_parse(key, true, &one.prefix))
		return true;
	if (sscanf(text, "%" SCNu32 " %" SCNu32, &one.asn, &one.gone) != 2)
		one.asn = one.gone = 0; /* as it was written once */
	if (!add(o, &one))
		return false;
	qsort(o->v, o->n, sizeof(*o->v), cmp_one);
	return true;
}

static bool
restore(void *ctx, const char *key, const void *value, size_t len)
{
	return own_derived_restore_one(ctx, key, value, len);
}

void
own_derived_restore(struct own_derived *o, struct records *records)
{
	journal_state_each(records_history(records), room, restore, o);
}

void
own_derived_keep(void *records, const char *key, const char *value, size_t len)
{
	records_state_put(records, room, key, value, len);
}

static void
keep(const struct own_derived_keeper *k, const struct own_derived_one *one, bool is)
{
	char key[IP_PREFIX_TEXT_MAX], value[VALUE_MAX];
	int n = snprintf(value, sizeof(value), "%" PRIu32 " %" PRIu32, one->asn, one->gone);

	k->keep(k->ctx, ip_prefix_format(&one->prefix, key), is ? value : NULL, (size_t)n);
}

void
own_derived_free(struct own_derived *o)
{
	free(o->v);
	*o = (struct own_derived){ .v = NULL };
}

/* --- what is ours */

static bool
is_listed(const struct detect_config *c, const struct ip_prefix *p)
{
	for (size_t i = 0; i < c->own_n; i++)
		if (ip_prefix_covers(&c->own[i].prefix, p))
			return true;
	return false;
}

static bool
is_our_as(const struct detect_config *c, uint32_t asn)
{
	for (size_t i = 0; i < c->own_asns_n; i++)
		if (c->own_asns[i] == asn)
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
	for (size_t i = 0; ok && i < n; i++) {
		const struct own_derived_one one = { .prefix = v[i].prefix, .asn = v[i].asn };

		if (v[i].asn != 0 && is_long_enough(&v[i].prefix) && !is_listed(c, &v[i].prefix) &&
		    (o->n == 0 || cmp_one(&o->v[o->n - 1], &one) != 0))
			ok = add(o, &one);
	}
	free(v);
	return ok;
}

/* By a ROA it is somebody's: of another network, or, in a larger one, ours. */
static bool
has_holder(const struct vrp_set *vrps, const struct ip_prefix *p)
{
	struct vrp all[COVERING_MAX];
	size_t n = vrp_covering(vrps, p, all, COVERING_MAX);

	for (size_t i = 0; i < n && i < COVERING_MAX; i++)
		if (all[i].asn != 0) /* of AS 0 nobody is */
			return true;
	return false;
}

/* Those of before whose ROA is gone, and that are ours for some days more. */
static bool
add_gone(struct own_derived *now, const struct own_derived *before, const struct detect_config *c,
    const struct vrp_set *vrps, uint32_t today)
{
	size_t n = now->n;

	for (size_t i = 0; i < before->n && c->derive; i++) {
		struct own_derived_one one = before->v[i];
		const struct own_derived derived = { now->v, n };

		if (find(&derived, &one) != NULL || is_listed(c, &one.prefix) ||
		    has_holder(vrps, &one.prefix) ||
		    (one.asn != 0 ? !is_our_as(c, one.asn) : c->own_asns_n == 0))
			continue;
		if (one.gone == 0 || one.gone > today) /* or the clock was set back */
			one.gone = today;
		if (today - one.gone <= OWN_DERIVED_DAYS && !add(now, &one))
			return false;
	}
	if (now->n > n)
		qsort(now->v, now->n, sizeof(*now->v), cmp_one);
	return true;
}

bool
own_derived_update(struct own_derived *o, const struct own_derived_keeper *k,
    const struct detect_config *c, const struct vrp_set *vrps, uint32_t today)
{
	struct own_derived now = { .v = NULL };
	bool other = false;

	if (!derive(&now, c, vrps) || !add_gone(&now, o, c, vrps, today)) {
		own_derived_free(&now);
		return false;
	}
	for (size_t i = 0; i < o->n; i++)
		if (find(&now, &o->v[i]) == NULL) {
			keep(k, &o->v[i], false);
			other = true;
		}
	for (size_t i = 0; i < now.n; i++) {
		const struct own_derived_one *was = find(o, &now.v[i]);

		if (was == NULL || was->asn != now.v[i].asn || was->gone != now.v[i].gone)
			keep(k, &now.v[i], true);
		other |= was == NULL;
	}
	own_derived_free(o);
	*o = now;
	return other;
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
		if (!is_listed(c, &o->v[i].prefix))
			v[(*n)++] =
			    (struct detect_own){ .prefix = o->v[i].prefix, .derived = true };
	return v;
}
