/*
 * What a router counts against what is kept of it. With each Statistics Report the gauges of routes
 * (RFC 7854 4.8, RFC 8671 6.2, RFC 9972) are compared with the tables that they are about, when
 * these have told all they have; the report stands behind the routes in the stream. A queue of the
 * router that is behind makes a difference that goes: one that lasts is told (troubles.c).
 *
 * Only plain and labelled prefixes: of VPN routes and with ADD-PATH some routers count prefixes,
 * and IOS XR counts those of a Loc-RIB without what is imported. A total is compared only when
 * every family of the session is there, and of a gauge that says 0 only that nothing is here, too:
 * some routers do not keep it up.
 */
#include "collector/engine/engine_private.h"

#include <string.h>

enum {
	TYPE_IN = 7,
	TYPE_LOC = 8,
	TYPE_IN_FAMILY = 9,
	TYPE_LOC_FAMILY = 10,
	TYPE_OUT_PRE = 14,
	TYPE_OUT_POST = 15,
	TYPE_OUT_PRE_FAMILY = 16,
	TYPE_OUT_POST_FAMILY = 17,
	TYPE_IN_PRE = 18,
	TYPE_IN_PRE_FAMILY = 19,
	TYPE_IN_POST = 20,
	TYPE_IN_POST_FAMILY = 21,
	REPORTS_LEAST = 3, /* in which it differs */
};

/* The view that a gauge of routes is about; VIEWS: it is none. Those of RFC 7854 are about what was
 * received. */
static unsigned
view_of(uint16_t type)
{
	switch (type) {
	case TYPE_IN:
	case TYPE_IN_FAMILY:
	case TYPE_IN_PRE:
	case TYPE_IN_PRE_FAMILY:
		return BMP_VIEW_IN_PRE;
	case TYPE_IN_POST:
	case TYPE_IN_POST_FAMILY:
		return BMP_VIEW_IN_POST;
	case TYPE_LOC:
	case TYPE_LOC_FAMILY:
		return BMP_VIEW_LOC_RIB;
	case TYPE_OUT_PRE:
	case TYPE_OUT_PRE_FAMILY:
		return BMP_VIEW_OUT_PRE;
	case TYPE_OUT_POST:
	case TYPE_OUT_POST_FAMILY:
		return BMP_VIEW_OUT_POST;
	default:
		return VIEWS;
	}
}

/* Adds up the tables of the view, and of the family unless it is NULL. Returns whether there is one
 * and all have told what they have. */
static bool
add_up(const struct engine *e, const struct peer *p, unsigned view, const struct bgp_family *family,
    uint64_t *routes)
{
	bool any = false;

	*routes = 0;
	for (const struct table *t = p->tables; t != NULL; t = t->next) {
		if (t->view != view || (family != NULL && !bgp_family_equal(t->family, *family)))
			continue;
		if (!table_has_told_all(e, t) || routes_stale(&t->routes) > 0 ||
		    t->routes.kind == NET_KEY || t->routes.addpath)
			return false;
		any = true;
		*routes += t->routes.n;
	}
	return any;
}

/* Has something of it come, be it that there is nothing? */
static bool
has_table(const struct peer *p, unsigned view, struct bgp_family family)
{
	if (peer_has_end(p, (uint8_t)view, family))
		return true;
	for (const struct table *t = p->tables; t != NULL; t = t->next)
		if (t->view == view && bgp_family_equal(t->family, family))
			return true;
	return false;
}

/* Is there something of every family that the two speakers agreed on? */
static bool
has_all_families(const struct peer *p, unsigned view)
{
	const struct bgp_open *sent = &p->live->sent, *received = &p->live->received;
	const struct bgp_family ipv4 = { AFI_IPV4, SAFI_UNICAST };

	for (unsigned k = 0; k < received->families_n; k++)
		if (bgp_open_has_family(sent, received->families[k]) &&
		    !has_table(p, view, received->families[k]))
			return false;
	return received->families_n > 0 || has_table(p, view, ipv4);
}

/* What is kept of what the gauge counts; false when that cannot be said. */
static bool
ours_of(const struct engine *e, const struct peer *p, const struct engine_statistic *s,
    uint64_t *routes)
{
	unsigned view = view_of(s->type);

	if (view == VIEWS || (view == BMP_VIEW_LOC_RIB) != (p->key.type == BMP_PEER_LOC_RIB))
		return false;
	if (!s->per_family && !has_all_families(p, view))
		return false;
	return add_up(e, p, view, s->per_family ? &s->family : NULL, routes);
}

static uint64_t
apart(uint64_t router, uint64_t ours)
{
	return router > ours ? router - ours : ours - router;
}

/* Twice as much, or half: what was told is no longer how it is. */
static bool
is_other(uint64_t now, uint64_t told)
{
	return now >= 2 * told || now <= told / 2;
}

static bool
differs(const struct engine_config *c, uint64_t router, uint64_t ours)
{
	uint64_t n = apart(router, ours);

	return n >= c->differ_least && n * 100 >= router * c->differ_percent;
}

int64_t
peer_began_us(const struct peer *p)
{
	return p->live_us > p->up_us ? p->live_us : p->up_us;
}

/* It was so in a session before, and this one has had the time to say whether it still is. */
static bool
is_past(const struct engine *e, const struct peer *p, const struct count_compared *c)
{
	int64_t wait_s = (int64_t)e->config.differ_s + e->config.settle_s;

	return c->since_us < peer_began_us(p) && e->now_us - peer_began_us(p) >= wait_s * 1000000;
}

void
counts_compare(const struct engine *e, struct peer *p)
{
	struct peer_statistics *kept = p->statistics;

	if (p->live == NULL || !p->up || kept == NULL || e->config.differ_least == 0)
		return;
	for (unsigned k = 0; k < kept->n; k++) {
		const struct engine_statistic *s = &kept->v[k];
		struct count_compared *c = &kept->compared[k];
		uint64_t ours;

		if (!ours_of(e, p, s, &ours) || (s->value == 0 && ours != 0))
			continue;
		p->router->counts_compared = true;
		if (!differs(&e->config, s->value, ours)) {
			*c = (struct count_compared){ .since_us = 0 };
			continue;
		}
		if (c->since_us < peer_began_us(p))
			*c = (struct count_compared){ .since_us = e->now_us };
		c->reports++;
		if (!count_is_told(e, c) ||
		    is_other(apart(s->value, ours), apart(c->router, c->ours))) {
			c->router = s->value;
			c->ours = ours;
		}
	}
}

bool
count_is_told(const struct engine *e, const struct count_compared *c)
{
	return c->since_us != 0 && c->reports >= REPORTS_LEAST &&
	       e->now_us - c->since_us >= (int64_t)e->config.differ_s * 1000000;
}

bool
count_next(const struct engine *e, const struct peer *p, unsigned *at, struct count_difference *out)
{
	const struct peer_statistics *kept = p->live != NULL && p->up ? p->statistics : NULL;

	while (kept != NULL && *at < kept->n) {
		unsigned k = (*at)++;

		if (kept->compared[k].since_us == 0)
			continue;
		*out = (struct count_difference){ .view = (uint8_t)view_of(kept->v[k].type),
			.per_family = kept->v[k].per_family,
			.family = kept->v[k].family,
			.router = kept->compared[k].router,
			.ours = kept->compared[k].ours,
			.is_told = count_is_told(e, &kept->compared[k]),
			.is_past = is_past(e, p, &kept->compared[k]) };
		return true;
	}
	return false;
}
