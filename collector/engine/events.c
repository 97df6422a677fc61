/* Events: what happens is sent to the owner of the engine. */
#include "collector/engine/engine_private.h"

#include <stdio.h>

#include "base/pure/text.h"

void
emit_router(struct engine *e, const struct router *r, enum engine_event_type type, const char *text)
{
	struct engine_event ev = { .type = (uint8_t)type,
		.router = r->number,
		.at_us = e->now_us,
		.views_monitored = r->views_monitored,
		.full = r->full_table };

	text_copy(ev.router_name, sizeof(ev.router_name), r->name);
	text_copy(ev.address, sizeof(ev.address), r->address);
	text_copy(ev.text, sizeof(ev.text), text);
	e->ops->event(e->ctx, &ev);
}

void
emit_trouble(struct engine *e, const struct router *r, enum engine_event_type type,
    enum engine_trouble trouble, bool mild, const char *text)
{
	struct engine_event ev = { .type = (uint8_t)type,
		.trouble = (uint8_t)trouble,
		.mild = mild,
		.router = r->number,
		.at_us = e->now_us };

	text_copy(ev.router_name, sizeof(ev.router_name), r->name);
	text_copy(ev.address, sizeof(ev.address), r->address);
	text_copy(ev.text, sizeof(ev.text), text);
	e->ops->event(e->ctx, &ev);
}

/* What is the same for every event of a peer. */
static struct engine_event
of_peer(
    const struct engine *e, const struct peer *p, enum engine_event_type type, int64_t router_us)
{
	struct engine_event ev = { .type = (uint8_t)type,
		.router = p->router->number,
		.peer = p->number,
		.peer_as = p->as,
		.relation = p->relation,
		.outside = p->outside,
		.unmonitored = p->unmonitored,
		.at_us = e->now_us,
		.router_us = router_us };

	text_copy(ev.router_name, sizeof(ev.router_name), p->router->name);
	text_copy(ev.table, sizeof(ev.table), peer_table_name(p));
	peer_distinguisher(p, ev.distinguisher);
	if (p->key.type == BMP_PEER_LOC_RIB)
		text_copy(ev.address, sizeof(ev.address), "loc-rib");
	else
		ip_addr_format(&p->address, ev.address);
	return ev;
}

void
emit_peer(struct engine *e, const struct peer *p, enum engine_event_type type, const char *text,
    int64_t router_us)
{
	struct engine_event ev = of_peer(e, p, type, router_us);

	text_copy(ev.text, sizeof(ev.text), text);
	e->ops->event(e->ctx, &ev);
}

void
emit_peer_down(struct engine *e, const struct peer *p, const struct bmp_peer_down *down,
    uint32_t routes, int64_t router_us)
{
	struct engine_event ev = of_peer(e, p, EVENT_PEER_DOWN, router_us);

	ev.volume.routes = routes;
	if (down == NULL) {
		text_copy(ev.text, sizeof(ev.text), "the router no longer reports it");
	} else {
		engine_down_text(ev.text, sizeof(ev.text), down);
		ev.down_reason = down->reason;
		ev.fsm_event = down->reason == BMP_DOWN_LOCAL ? down->fsm_event : 0;
		if (down->has_notification) {
			ev.notify_code = down->notification.code;
			ev.notify_subcode = down->notification.subcode;
		}
	}
	e->ops->event(e->ctx, &ev);
}

void
emit_volume(struct engine *e, const struct peer *p, struct bgp_family family,
    const struct engine_volume *volume)
{
	struct engine_event ev = of_peer(e, p, EVENT_VOLUME, 0);

	ev.peer = p->number;
	ev.family = family;
	ev.volume = *volume;
	e->ops->event(e->ctx, &ev);
}

void
emit_spread(struct engine *e, const struct router *r, uint32_t asn, bool ipv6,
    const struct engine_spread *spread)
{
	struct engine_event ev = { .type = EVENT_SPREAD,
		.router = r->number,
		.at_us = e->now_us,
		.peer_as = asn,
		.family = { ipv6 ? AFI_IPV6 : AFI_IPV4, SAFI_UNICAST },
		.spread = *spread };

	text_copy(ev.router_name, sizeof(ev.router_name), r->name);
	text_copy(ev.address, sizeof(ev.address), r->address);
	e->ops->event(e->ctx, &ev);
}

void
emit_monitored(struct engine *e, const struct peer *p, struct bgp_family family)
{
	struct engine_event ev = of_peer(e, p, EVENT_PEER_MONITORED, 0);

	ev.peer = p->number;
	ev.family = family;
	ev.views_monitored = peer_views(p, family);
	e->ops->event(e->ctx, &ev);
}

void
emit_complete(struct engine *e, const struct peer *p, struct bgp_family family, uint8_t views)
{
	struct engine_event ev = of_peer(e, p, EVENT_PEER_COMPLETE, 0);

	ev.peer = p->number;
	ev.family = family;
	ev.views_monitored = views;
	if (p->key.type != BMP_PEER_LOC_RIB)
		ev.neighbor = p->address;
	e->ops->event(e->ctx, &ev);
}

void
emit_inferred(struct engine *e, const struct peer *p)
{
	struct engine_event ev = of_peer(e, p, EVENT_INFERRED, 0);

	ev.inferred = p->inferred;
	e->ops->event(e->ctx, &ev);
}

void
emit_route(struct engine *e, const struct table *t, enum engine_event_type type,
    const struct bgp_nlri *n, int64_t router_us)
{
	struct engine_event ev = of_peer(e, t->peer, type, router_us);

	ev.view = t->view;
	ev.family = t->family;
	ev.digest = engine_route_digest(n);
	engine_route_text(ev.text, sizeof(ev.text), t->family, n);
	e->ops->event(e->ctx, &ev);
}

void
emit_own_at(
    struct engine *e, const struct table *t, const struct ip_prefix *p, bool there, uint8_t cause)
{
	struct engine_event ev = of_peer(e, t->peer, EVENT_OWN_AT, 0);

	ev.peer = t->peer->number;
	ev.view = t->view;
	ev.family = t->family;
	ev.prefix = *p;
	ev.own_prefix = detect_is_own_prefix(e->detect, p);
	ev.there = there;
	ev.cause = cause;
	e->ops->event(e->ctx, &ev);
}
