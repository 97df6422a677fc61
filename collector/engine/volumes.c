/*
 * How many routes a neighbour sends: looked at every few seconds, and told when that is news. The
 * tables count their routes anyway, so it costs nothing on their way.
 *
 * Only of who is of another network: what an internal session carries is what others sent, as the
 * best paths of today have it.
 */
#include "collector/engine/engine_private.h"

/* A small difference waits for so long. */
static const int64_t SMALL_US = 30000000;

static const struct bgp_family families[PEER_FAMILIES] = { { AFI_IPV4, SAFI_UNICAST },
	{ AFI_IPV6, SAFI_UNICAST }, { AFI_IPV4, SAFI_LABELLED }, { AFI_IPV6, SAFI_LABELLED } };

/* What it sends, or what of it is accepted where only that is monitored. VIEWS: neither. */
static unsigned
view_of(const struct peer *p, unsigned family)
{
	if (p->monitored[family] >> BMP_VIEW_IN_PRE & 1)
		return BMP_VIEW_IN_PRE;
	return p->monitored[family] >> BMP_VIEW_IN_POST & 1 ? BMP_VIEW_IN_POST : VIEWS;
}

static uint32_t
count(const struct peer *p, unsigned family, unsigned view, uint32_t *stale)
{
	uint32_t n = 0;

	for (const struct table *t = p->tables; t != NULL; t = t->next)
		if (t->view == view && bgp_family_equal(t->family, families[family])) {
			n += t->routes.n;
			*stale += routes_stale(&t->routes);
		}
	return n;
}

uint32_t
volume_of_peer(const struct peer *p)
{
	uint32_t n = 0, stale = 0;

	for (unsigned k = 0; k < PEER_FAMILIES; k++)
		n += count(p, k, view_of(p, k), &stale);
	return n;
}

void
volumes_begin(struct peer *p)
{
	for (unsigned k = 0; k < PEER_FAMILIES; k++)
		p->volumes[k] = (struct volume_told){ .any = false };
}

static bool
has_told_all(const struct engine *e, const struct peer *p, unsigned view, struct bgp_family family,
    bool end_of_rib)
{
	const struct router *r = p->router;

	if (!r->synced || !p->up || p->anew_us != 0)
		return false;
	return end_of_rib || peer_has_end(p, (uint8_t)view, family) || !r->any_end_of_rib ||
	       e->now_us - p->up_us > (int64_t)e->config.settle_s * 1000000;
}

bool
table_has_told_all(const struct engine *e, const struct table *t)
{
	return has_told_all(e, t->peer, t->view, t->family, t->end_of_rib);
}

bool
peer_has_told_all(
    const struct engine *e, const struct peer *p, uint8_t view, struct bgp_family family)
{
	return has_told_all(e, p, view, family, false);
}

/* Is a number so far from what was told that it is news? */
static bool
is_apart(uint32_t told, uint32_t now, bool late)
{
	uint32_t apart = now > told ? now - told : told - now;

	return apart > told / 256 || (apart > 0 && late);
}

static bool
is_news(const struct engine *e, const struct volume_told *told, const struct engine_volume *now)
{
	bool late = e->now_us - told->at_us > SMALL_US;

	return !told->any || told->settled != now->settled ||
	       is_apart(told->routes, now->routes, late) ||
	       is_apart(told->accepted, now->accepted, late) ||
	       is_apart(told->told, now->told, late);
}

/* How many of them are accepted, and how many it is told, where that is monitored. */
static void
count_others(const struct peer *p, unsigned family, struct engine_volume *v)
{
	uint8_t monitored = p->monitored[family];
	uint32_t stale = 0;

	v->has_sent = monitored >> BMP_VIEW_IN_PRE & 1;
	v->has_accepted = monitored >> BMP_VIEW_IN_POST & 1;
	v->has_told = monitored >> BMP_VIEW_OUT_POST & 1;
	v->accepted = v->has_accepted ? count(p, family, BMP_VIEW_IN_POST, &stale) : 0;
	v->told = v->has_told ? count(p, family, BMP_VIEW_OUT_POST, &stale) : 0;
}

static void
look(struct engine *e, struct peer *p, unsigned family)
{
	struct volume_told *told = &p->volumes[family];
	unsigned view = view_of(p, family);
	struct engine_volume now = { .anew = !told->any };
	uint32_t stale = 0;

	if (view == VIEWS)
		return;
	now.routes = count(p, family, view, &stale);
	count_others(p, family, &now);
	now.settled = stale == 0 && has_told_all(e, p, view, families[family], false);
	if (!is_news(e, told, &now))
		return;
	*told = (struct volume_told){ .routes = now.routes,
		.accepted = now.accepted,
		.told = now.told,
		.any = true,
		.settled = now.settled,
		.at_us = e->now_us };
	emit_volume(e, p, families[family], &now);
}

void
volumes_look(struct engine *e, struct router *r)
{
	for (struct peer *p = r->peers; p != NULL; p = p->next)
		if (p->live != NULL && p->up && p->outside && p->judged &&
		    p->key.type != BMP_PEER_LOC_RIB && p->relation != NEIGHBOR_COLLECTOR)
			for (unsigned k = 0; k < PEER_FAMILIES; k++)
				look(e, p, k);
}
