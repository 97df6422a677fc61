/* The member routes of an incident: per prefix and view, and how many of them each router has. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/probe.h"
#include "collector/incident/incident_private.h"

enum { MEMBERS_FIRST = 8 };

/* inside one process and one table: no seed needed, the size bounds the damage */
static inline uint32_t
prefix_hash(const struct ip_prefix *p)
{
	return (uint32_t)hash_bytes(0x62656c6c6d616e, p, sizeof(*p));
}

PROBE_DEFINE(member, struct member, e->prefix.family == IP_NONE, prefix_hash(&e->prefix));

static struct member *
member_find(const struct incident *i, const struct ip_prefix *p)
{
	uint32_t mask = i->members_max - 1;

	if (i->members_max == 0)
		return NULL;
	for (uint32_t at = prefix_hash(p) & mask; !member_is_free(&i->members[at]);
	     at = (at + 1) & mask)
		if (ip_prefix_cmp(&i->members[at].prefix, p) == 0)
			return &i->members[at];
	return NULL;
}

/* Make the member of a prefix that has none; NULL when out of memory. */
static struct member *
member_make(struct incident *i, const struct ip_prefix *p)
{
	struct member *m;

	if (i->members_used >= i->members_max - i->members_max / 4 &&
	    !member_grow(&i->members, &i->members_max, MEMBERS_FIRST))
		return NULL;
	m = member_place(i->members, i->members_max, prefix_hash(p));
	m->prefix = *p;
	i->members_used++;
	return m;
}

static struct feed_share *
share_of(struct incident *i, uint32_t router, bool make)
{
	struct feed_share *v;

	for (uint32_t k = 0; k < i->feeds_n; k++)
		if (i->feeds[k].router == router)
			return &i->feeds[k];
	if (!make)
		return NULL;
	if (i->feeds_n == i->feeds_max) {
		uint32_t max = i->feeds_max == 0 ? 2 : i->feeds_max * 2;

		v = realloc(i->feeds, max * sizeof(*v));
		if (v == NULL)
			return NULL;
		i->feeds = v;
		i->feeds_max = max;
	}
	i->feeds[i->feeds_n] = (struct feed_share){ .router = router };
	return &i->feeds[i->feeds_n++];
}

/* Update the members in the record. */
static void
account(struct incident *i)
{
	uint32_t routers = 0;

	i->rec.prefixes_n = i->members_used;
	if (i->rec.prefixes_n > i->rec.prefixes_peak)
		i->rec.prefixes_peak = i->rec.prefixes_n;
	i->rec.views = 0;
	for (unsigned v = 0; v < VIEWS; v++)
		if (i->rec.view_counts[v] > 0)
			i->rec.views |= (uint8_t)(1U << v);
	for (uint32_t k = 0; k < i->feeds_n; k++)
		routers += i->feeds[k].n > 0;
	if (routers > 0)
		i->rec.routers_n = routers;
}

bool
members_add(struct incidents *t, struct incident *i, const struct finding *f)
{
	struct feed_share *share = share_of(i, f->router, true);
	struct member *m = member_find(i, &f->prefix);

	if (share == NULL)
		return false;
	if (m == NULL) {
		if ((m = member_make(i, &f->prefix)) == NULL)
			return false;
		t->members++;
	}
	m->n[f->view]++;
	share->n++;
	i->routes++;
	i->rec.view_counts[f->view]++;
	i->seen_views |= (uint8_t)(1U << f->view);
	account(i);
	return true;
}

bool
members_remove(struct incidents *t, struct incident *i, const struct finding *f)
{
	struct feed_share *share = share_of(i, f->router, false);
	struct member *m = member_find(i, &f->prefix);
	unsigned left = 0;

	if (share == NULL || share->n == 0 || m == NULL || m->n[f->view] == 0)
		return false;
	m->n[f->view]--;
	share->n--;
	i->routes--;
	i->rec.view_counts[f->view]--;
	for (unsigned v = 0; v < VIEWS; v++)
		left += m->n[v];
	if (left == 0) {
		member_take_out(i->members, i->members_max, m);
		i->members_used--;
		t->members--;
	}
	account(i);
	return true;
}

void
members_free(struct incident *i)
{
	free(i->members);
	free(i->feeds);
}
