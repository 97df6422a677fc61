/*
 * What a difference of VRPs touches: their prefixes as a snapshot, which is quick to ask whether it
 * has one that covers a route; and in front of it a bit for each part of the address space, since
 * most routes are below none of them. Who has all routes in a table passes over those by a look at
 * the bits alone (vrp_cover_parts).
 */
#include <stdlib.h>
#include <string.h>

#include "base/pure/bytes.h"
#include "collector/rpki/vrp.h"

struct vrp_cover {
	struct vrp_set *set;
	struct ip_parts parts;
};

/* What is shorter than a part touches many of them. */
static void
add_parts(struct ip_parts *parts, const struct ip_prefix *p)
{
	uint32_t first = be32(p->b), n;

	if (p->family == IP_V4) {
		n = p->len < IP_PART_LEN4 ? 1U << (IP_PART_LEN4 - p->len) : 1;
		for (uint32_t i = 0; i < n; i++)
			ip_parts_add(parts, IP_V4, first + (i << (32 - IP_PART_LEN4)));
		return;
	}
	if (p->len < IP_PART_LEN6 / 2) {
		memset(parts->v6, 0xff, sizeof(parts->v6));
		return;
	}
	n = p->len < IP_PART_LEN6 ? 1U << (IP_PART_LEN6 - p->len) : 1;
	for (uint32_t i = 0; i < n; i++)
		ip_parts_add(parts, IP_V6, first + i);
}

/* Both in order, as one list. */
static bool
merge(const struct vrp_delta *d, struct vrp_list *all)
{
	size_t a = 0, r = 0, n = d->added.n + d->removed.n;

	*all = (struct vrp_list){ .v = malloc(n * sizeof(*all->v) + 1), .cap = n };
	if (all->v == NULL)
		return false;
	while (all->n < n)
		if (r == d->removed.n ||
		    (a < d->added.n && vrp_cmp(&d->added.v[a], &d->removed.v[r]) < 0))
			all->v[all->n++] = d->added.v[a++];
		else
			all->v[all->n++] = d->removed.v[r++];
	return true;
}

struct vrp_cover *
vrp_cover_new(const struct vrp_delta *d)
{
	struct vrp_cover *c = calloc(1, sizeof(*c));
	struct vrp_list all;

	if (c == NULL || !merge(d, &all)) {
		free(c);
		return NULL;
	}
	c->set = vrp_set_new(&all, 0);
	for (size_t i = 0; i < all.n; i++)
		add_parts(&c->parts, &all.v[i].prefix);
	vrp_list_free(&all);
	if (c->set == NULL) {
		free(c);
		return NULL;
	}
	return c;
}

struct vrp_cover *
vrp_cover_of(const struct vrp_delta *d, struct vrp_set *after)
{
	struct vrp_cover *c;

	if (d->removed.n > 0 ||
	    d->added.n != vrp_set_count(after, IP_V4) + vrp_set_count(after, IP_V6))
		return vrp_cover_new(d);
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return NULL;
	c->set = vrp_set_ref(after);
	for (size_t i = 0; i < d->added.n; i++)
		add_parts(&c->parts, &d->added.v[i].prefix);
	return c;
}

bool
vrp_cover_touches(const struct vrp_cover *c, const struct ip_prefix *p)
{
	return ip_parts_may_have(&c->parts, p) && vrp_set_covers(c->set, p);
}

const struct ip_parts *
vrp_cover_parts(const struct vrp_cover *c)
{
	return &c->parts;
}

void
vrp_cover_free(struct vrp_cover *c)
{
	if (c == NULL)
		return;
	vrp_set_unref(c->set);
	free(c);
}
