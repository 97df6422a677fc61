/*
 * Routes that are known by a key: every family but plain IPv4 and IPv6 whose NLRI can be read.
 * Labelled unicast (RFC 8277), L3VPN (RFC 4364, RFC 4659) and EVPN (RFC 7432) are tables like the
 * plain ones, and are shown with them. Of the others (FlowSpec, BGP-LS, SR policy, ...) each change
 * is an event. No rule judges any: origin validation and roles are for plain IPv4 and IPv6 (RFC
 * 6811 2, RFC 9234 5), and a prefix means something only within its VPN.
 *
 * What identifies a route is its key in the prefix table; what else its NLRI says (labels; outside
 * of labelled and VPN families all of it) is kept with its attributes, so that routes with equal
 * labels share them.
 */
#include "collector/engine/engine_private.h"

#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"

enum { RD_OCTETS = 8, SCAN_BUDGET = 4096 };

/* Is the whole NLRI kept? If not, it can be put together from key and labels. */
static bool
is_kept_whole(const struct table *t)
{
	return bgp_family_row(t->family)->shape == BGP_SHAPE_KEY;
}

bool
other_family_has_keys(struct bgp_family f)
{
	return !bgp_family_is_plain(f) && bgp_family_row(f) != NULL;
}

/* --- in */

struct key_run {
	struct engine *e;
	struct table *table;
	struct bmp_update *u;
	const struct cursor *next_hop;
	uint32_t block; /* of the last route; a reference is ours */
	uint8_t data[NLRI_ROOM];
	size_t data_n;
};

static size_t
data_of(const struct bgp_nlri *n, bool whole, uint8_t out[NLRI_ROOM])
{
	size_t at = 0;

	if (whole) {
		at = cur_left(&n->octets) <= NLRI_ROOM ? cur_left(&n->octets) : 0;
		memcpy(out, n->octets.pos, at);
		return at;
	}
	for (unsigned i = 0; i < n->labels_n; i++) {
		out[at++] = (uint8_t)(n->labels[i] >> 16);
		out[at++] = (uint8_t)(n->labels[i] >> 8);
		out[at++] = (uint8_t)n->labels[i];
	}
	return at;
}

/* The block for this route: the last one's when their data are equal. false over a limit. */
static bool
take_block(struct key_run *run, const struct bgp_nlri *n)
{
	struct attrs *a = &run->e->rib.attrs;
	uint8_t data[NLRI_ROOM];
	size_t len = data_of(n, is_kept_whole(run->table), data);
	struct cursor own = cur_of(data, len);
	struct attrs_extra extra = { run->next_hop, &own };
	struct attrs_probe q;
	uint32_t block;

	if (run->block != 0 && len == run->data_n && memcmp(data, run->data, len) == 0)
		return true;
	attrs_probe_make(a, &q, run->u->bgp, &extra, run->u->context.encoding.as4);
	block = attrs_find(a, &q);
	if (block == 0)
		block = attrs_add(a, &q);
	if (block == 0)
		return false;
	attrs_ref(a, block);
	if (run->block != 0)
		attrs_unref(a, run->block);
	run->block = block;
	run->data_n = len;
	memcpy(run->data, data, len);
	return true;
}

static void
announce_keys(struct key_run *run, const struct bgp_nlri *n)
{
	struct rib *rib = &run->e->rib;
	struct net_probe q;
	struct change c;
	uint32_t prefix;

	if (!take_block(run, n))
		return;
	net_probe_key(&rib->prefixes, &q, n->key, n->key_len);
	prefix = net_intern(&rib->prefixes, &q);
	if (prefix == 0)
		return;
	if (!rib_announce(rib, &run->table->routes, prefix, n->path_id, run->block,
		engine_seconds(run->e), &c)) {
		net_drop_unused(&rib->prefixes, prefix);
		return;
	}
	engine_evaluate(run->e, run->table, &c, FINDING_ANNOUNCED, run->u->router_us);
	rib_change_done(rib, &c);
}

static void
withdraw_keys(struct key_run *run, const struct bgp_nlri *n)
{
	struct rib *rib = &run->e->rib;
	struct net_probe q;
	struct change c;
	uint32_t prefix;

	net_probe_key(&rib->prefixes, &q, n->key, n->key_len);
	prefix = net_find(&rib->prefixes, &q);
	if (prefix == 0 || !rib_withdraw(rib, &run->table->routes, prefix, n->path_id, &c))
		return;
	engine_evaluate(run->e, run->table, &c, FINDING_WITHDRAWN, run->u->router_us);
	rib_change_done(rib, &c);
}

void
other_family_apply(struct engine *e, struct peer *p, struct bmp_update *u,
    enum bgp_update_field which, struct faults *walked)
{
	bool announce = which == BGP_REACH;
	const struct bgp_mp *mp = announce ? &u->bgp->reach : &u->bgp->unreach;
	struct bgp_nlri_encoding encoding = bgp_encoding_of(&u->context.encoding, which);
	struct key_run run = { .e = e, .u = u, .next_hop = announce ? &mp->next_hop : NULL };
	struct cursor field = mp->nlri;
	struct bgp_nlri n;

	run.table = table_of(e, p, (uint8_t)u->view, mp->family, encoding.path_ids);
	if (run.table == NULL)
		return;
	if (announce) /* if it is withdrawn instead, it is still written as its field is */
		announce = update_usable(e, u);
	while (bgp_nlri_next(&field, mp->family, encoding, u->bgp->start, &n, walked)) {
		if (!n.known || n.malformed) /* RFC 7606 5.4: only this one is lost */
			continue;
		if (announce)
			announce_keys(&run, &n);
		else
			withdraw_keys(&run, &n);
	}
	if (run.block != 0)
		attrs_unref(&e->rib.attrs, run.block);
}

/* --- out */

bool
other_family_nlri(const struct engine *e, const struct table *t, uint32_t prefix, uint32_t block,
    uint8_t room[NLRI_ROOM], struct bgp_nlri *out)
{
	struct cursor key = net_key(&e->rib.prefixes, prefix), octets,
		      data = attrs_nlri(&e->rib.attrs, block), rd;
	struct faults ignored = { .n = 0 };
	size_t labels = cur_left(&data), at = 1;
	struct bgp_nlri_encoding encoding = { .labels = BGP_LABELS_UNKNOWN };

	if (is_kept_whole(t)) {
		octets = data;
	} else {
		/* length, labels, distinguisher, prefix: as it was sent */
		encoding.labels = (uint8_t)(labels / 3);
		rd = cur_sub(&key, bgp_family_has(t->family, BGP_FAMILY_RD) ? RD_OCTETS : 0);
		if (labels + cur_left(&rd) + cur_left(&key) > NLRI_ROOM)
			return false;
		memcpy(room + at, data.pos, labels);
		at += labels;
		memcpy(room + at, rd.pos, cur_left(&rd));
		at += cur_left(&rd);
		room[0] = (uint8_t)(8 * (at - 1) + cur_u8(&key));
		memcpy(room + at, key.pos, cur_left(&key));
		octets = cur_of(room, at + cur_left(&key));
	}
	return bgp_nlri_next(&octets, t->family, encoding, octets.pos, out, &ignored);
}

void
other_family_changed(struct engine *e, const struct table *t, const struct change *c, uint8_t cause,
    int64_t router_us)
{
	struct engine_event ev = { .type = c->after != 0 ? EVENT_ROUTE_ANNOUNCED
							 : EVENT_ROUTE_WITHDRAWN,
		.router = t->peer->router->number,
		.peer_as = t->peer->as,
		.view = t->view,
		.family = t->family,
		.at_us = e->now_us,
		.router_us = router_us };
	uint8_t room[NLRI_ROOM];
	struct bgp_nlri n;

	if (!bgp_family_has(t->family, BGP_FAMILY_EVENTS) ||
	    (cause != FINDING_ANNOUNCED && cause != FINDING_WITHDRAWN) ||
	    !other_family_nlri(e, t, c->prefix, c->after != 0 ? c->after : c->before, room, &n))
		return;
	text_copy(ev.router_name, sizeof(ev.router_name), t->peer->router->name);
	if (t->peer->key.type == BMP_PEER_LOC_RIB)
		text_copy(ev.address, sizeof(ev.address), "loc-rib");
	else
		ip_addr_format(&t->peer->address, ev.address);
	ev.digest = engine_route_digest(&n);
	engine_route_text(ev.text, sizeof(ev.text), t->family, &n);
	e->ops->event(e->ctx, &ev);
}

void
other_family_find(struct engine *e, struct table *t, const struct ip_prefix *ip,
    void (*each)(void *ctx, uint32_t prefix, uint32_t path_id, const struct bgp_nlri *), void *ctx)
{
	uint32_t cursor = 0, prefix, path_id;
	uint8_t room[NLRI_ROOM];
	struct bgp_nlri n;
	struct route *r;

	while (cursor != UINT32_MAX) {
		uint32_t budget = SCAN_BUDGET;

		while (routes_next(&t->routes, &cursor, &budget, &prefix, &path_id, &r)) {
			if (!other_family_nlri(e, t, prefix, r->attrs, room, &n) ||
			    n.prefix.family == IP_NONE)
				continue;
			if (ip_prefix_cmp(&n.prefix, ip) == 0)
				each(ctx, prefix, path_id, &n);
		}
	}
}
