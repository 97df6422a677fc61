/* The list, out of routes, origins and VRPs. */
#include "collector/sav/sav_private.h"

#include <stdlib.h>

static bool
add_entry(struct sav *s, const struct ip_prefix *p, uint32_t asn, uint8_t source, uint8_t seen)
{
	if (p->len == 0)
		return true; /* a default route is no word about addresses */
	if (s->entries_n == s->entries_max) {
		size_t more = s->entries_max == 0 ? SAV_FIRST : s->entries_max * 2;
		struct sav_entry *v = realloc(s->entries, more * sizeof(*v));

		if (v == NULL)
			return false;
		s->entries = v;
		s->entries_max = more;
	}
	s->entries[s->entries_n++] = (struct sav_entry){ *p, asn, source, seen };
	return true;
}

/* --- EFP-A: which origins are reached by an interface of the target */

static int
by_prefix(const void *a, const void *b)
{
	const struct sav_route *x = *(const struct sav_route *const *)a,
			       *y = *(const struct sav_route *const *)b;
	int order = ip_prefix_cmp(&x->prefix, &y->prefix);

	return order != 0 ? order : x->origin < y->origin ? -1 : x->origin > y->origin;
}

/* Of one prefix: where it came in from the target, all its origins are behind it. */
static void
take_origins(struct sav *s, struct sav_route *const *v, size_t n)
{
	uint8_t seen = 0;

	for (size_t i = 0; i < n; i++)
		seen |= v[i]->seen;
	for (size_t i = 0; i < n && (seen & SAV_ON_TARGET); i++) {
		struct sav_as *a = sav_as_find(&s->cone, v[i]->origin);

		if (a != NULL)
			a->in = true;
	}
}

static bool
origins_of_target(struct sav *s)
{
	struct sav_route **v = malloc((s->routes_n + 1) * sizeof(struct sav_route *));
	size_t n = 0;

	if (v == NULL)
		return false;
	for (uint32_t i = 0; i < s->routes_max; i++)
		if (!route_is_free(&s->routes[i]))
			v[n++] = &s->routes[i];
	qsort(v, n, sizeof(struct sav_route *), by_prefix);
	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && ip_prefix_cmp(&v[k]->prefix, &v[i]->prefix) == 0; k++)
			;
		take_origins(s, v + i, k - i);
	}
	free(v);
	return true;
}

/* --- what the list is made of */

/* Is the route of somebody who is in, or received where that alone is enough? */
static bool
is_in(const struct sav *s, const struct sav_route *r)
{
	const struct sav_as *a = r->origin != 0 ? sav_as_find(&s->cone, r->origin) : NULL;

	if (a != NULL && a->in)
		return true;
	return s->method == SAV_EFP_A ? r->seen & SAV_ON_TARGET
				      : s->method == SAV_EFP_B && r->seen & SAV_ON_CUSTOMER;
}

static bool
add_routes(struct sav *s)
{
	bool good = true;

	for (uint32_t i = 0; good && i < s->routes_max; i++) {
		const struct sav_route *r = &s->routes[i];

		if (!route_is_free(r) && is_in(s, r))
			good = add_entry(s, &r->prefix, r->origin, SAV_FROM_ROUTE, r->seen);
	}
	return good;
}

struct allowing {
	struct sav *s;
	bool good;
};

static void
add_vrp(void *ctx, const struct vrp *v)
{
	struct allowing *w = ctx;
	const struct sav_as *a = v->asn != 0 ? sav_as_find(&w->s->cone, v->asn) : NULL;

	if (a != NULL && a->in)
		w->good = w->good && add_entry(w->s, &v->prefix, v->asn, SAV_FROM_VRP, 0);
}

static int
by_entry(const void *a, const void *b)
{
	const struct sav_entry *x = a, *y = b;
	int order = ip_prefix_cmp(&x->prefix, &y->prefix);

	if (order != 0)
		return order;
	if (x->asn != y->asn)
		return x->asn < y->asn ? -1 : 1;
	return (int)x->source - (int)y->source;
}

static int
by_asn(const void *a, const void *b)
{
	const struct sav_member *x = a, *y = b;

	return x->asn < y->asn ? -1 : x->asn > y->asn;
}

static bool
list_members(struct sav *s)
{
	s->members = malloc((s->cone.n + 1) * sizeof(*s->members));
	if (s->members == NULL)
		return false;
	for (uint32_t i = 0; i < s->cone.max; i++) {
		const struct sav_as *a = &s->cone.v[i];

		if (a->asn != 0 && a->in)
			s->members[s->members_n++] =
			    (struct sav_member){ a->asn, a->provider, a->why };
	}
	qsort(s->members, s->members_n, sizeof(*s->members), by_asn);
	return true;
}

static void
note_lacking(void *ctx, const struct vrp *v)
{
	struct sav *s = ctx;

	if (v->asn != s->asn || v->prefix.len == 0 ||
	    sav_permits(s->prefixes, s->prefixes_n, &v->prefix))
		return;
	if (s->lacking_n++ == 0)
		s->lacking = v->prefix;
}

bool
sav_permit(struct sav *s, const struct vrp_set *vrps)
{
	struct allowing w = { s, true };

	if (s->method == SAV_EFP_A && !origins_of_target(s))
		return false;
	if (s->method == SAV_BAR)
		vrp_set_each(vrps, add_vrp, &w);
	if (!w.good || !add_routes(s) || !list_members(s))
		return false;
	s->prefixes = malloc((s->entries_n + 1) * sizeof(*s->prefixes));
	if (s->prefixes == NULL)
		return false;
	if (s->entries_n > 0)
		qsort(s->entries, s->entries_n, sizeof(*s->entries), by_entry);
	for (size_t i = 0; i < s->entries_n; i++)
		s->prefixes[i] = s->entries[i].prefix;
	s->prefixes_n = sav_smallest(s->prefixes, s->entries_n);
	if (s->asn != 0)
		vrp_set_each(vrps, note_lacking, s);
	return true;
}
