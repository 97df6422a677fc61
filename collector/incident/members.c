/* The member routes of an incident: per prefix and view, and how many of them each router told. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "collector/incident/incident_private.h"

enum { MEMBERS_FIRST = 8 };

static uint32_t
slot_of(const struct incident *i, const struct ip_prefix *p)
{
	/* inside one process and one table: no seed needed, the size bounds the damage */
	return (uint32_t)hash_bytes(0x62656c6c6d616e, p, sizeof(*p)) & (i->members_max - 1);
}

static struct member *
find(const struct incident *i, const struct ip_prefix *p)
{
	uint32_t at;

	if (i->members_max == 0)
		return NULL;
	for (at = slot_of(i, p); i->members[at].prefix.family != IP_NONE;
	     at = (at + 1) & (i->members_max - 1))
		if (ip_prefix_cmp(&i->members[at].prefix, p) == 0)
			return &i->members[at];
	return NULL;
}

static struct member *
place(struct incident *i, const struct ip_prefix *p)
{
	uint32_t at = slot_of(i, p);

	while (i->members[at].prefix.family != IP_NONE)
		at = (at + 1) & (i->members_max - 1);
	return &i->members[at];
}

static bool
grow(struct incident *i)
{
	struct incident bigger = *i;

	bigger.members_max = i->members_max == 0 ? MEMBERS_FIRST : i->members_max * 2;
	bigger.members = calloc(bigger.members_max, sizeof(*bigger.members));
	if (bigger.members == NULL)
		return false;
	for (uint32_t k = 0; k < i->members_max; k++)
		if (i->members[k].prefix.family != IP_NONE)
			*place(&bigger, &i->members[k].prefix) = i->members[k];
	free(i->members);
	i->members = bigger.members;
	i->members_max = bigger.members_max;
	return true;
}

static void
drop_slot(struct incident *i, struct member *m)
{
	uint32_t mask = i->members_max - 1, hole = (uint32_t)(m - i->members);

	for (uint32_t k = (hole + 1) & mask; i->members[k].prefix.family != IP_NONE;
	     k = (k + 1) & mask) {
		uint32_t home = slot_of(i, &i->members[k].prefix);

		if (((k - home) & mask) >= ((k - hole) & mask)) {
			i->members[hole] = i->members[k];
			hole = k;
		}
	}
	memset(&i->members[hole], 0, sizeof(i->members[hole]));
	i->members_used--;
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

/* What the record says of its members. */
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
	struct member *m = find(i, &f->prefix);

	if (share == NULL)
		return false;
	if (m == NULL) {
		if (i->members_used >= i->members_max - i->members_max / 4 && !grow(i))
			return false;
		m = place(i, &f->prefix);
		m->prefix = f->prefix;
		i->members_used++;
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
	struct member *m = find(i, &f->prefix);
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
		drop_slot(i, m);
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
