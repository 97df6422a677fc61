/*
 * UPDATEs of every family but plain IPv4 and IPv6 whose NLRI can be read. Labelled unicast (RFC
 * 8277) has prefixes as the plain ones have, and the rules judge it. L3VPN (RFC 4364, RFC 4659) and
 * EVPN (RFC 7432) are known by a key; their tables are shown with the plain ones. Of the others
 * (FlowSpec, BGP-LS, SR policy, ...) each change is an event. No rule is for what has a key: a
 * prefix means something only within its VPN.
 */
#include "collector/engine/engine_private.h"

#include <string.h>

bool
other_family_has_keys(struct bgp_family f)
{
	return !bgp_family_is_plain(f) && bgp_family_row(f) != NULL;
}

struct key_run {
	struct engine *e;
	struct table *table;
	struct bmp_update *u;
	const struct cursor *next_hop;
	attrs_block block; /* of the last route; we hold a reference */
	uint8_t data[NLRI_ROOM];
	size_t data_n;
};

static size_t
nlri_data(const struct bgp_nlri *n, bool whole, uint8_t out[NLRI_ROOM])
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
intern_block(struct key_run *run, const struct bgp_nlri *n)
{
	struct attrs *a = &run->e->rib.attrs;
	uint8_t data[NLRI_ROOM];
	size_t len = nlri_data(n, nlri_is_kept_whole(run->table->family), data);
	struct cursor own = cur_of(data, len);
	struct attrs_extra extra = { run->next_hop, &own };
	struct attrs_probe q;
	attrs_block block;

	if (run->block != 0 && len == run->data_n && memcmp(data, run->data, len) == 0)
		return true;
	attrs_probe_make(a, &q, run->u->bgp, &extra, run->u->context.encoding.as4);
	block = attrs_intern(a, &q, run->table->peer->router->account);
	if (block == 0)
		return false;
	if (run->block != 0)
		attrs_unref(a, run->block);
	run->block = block;
	run->data_n = len;
	memcpy(run->data, data, len);
	return true;
}

static void
probe(const struct key_run *run, const struct bgp_nlri *n, struct net_probe *q)
{
	if (run->table->routes.kind == NET_KEY)
		net_probe_key(&run->e->rib.nets, q, n->key, n->key_len);
	else
		net_probe_make(&run->e->rib.nets, q, &n->prefix);
}

static void
changed(const struct key_run *run, struct change *c, uint8_t cause)
{
	if (run->table->routes.kind == NET_KEY)
		nlri_route_changed(run->e, run->table, c, cause, run->u->router_us);
	else
		engine_evaluate(run->e, run->table, c, cause, run->u->router_us);
	rib_change_done(&run->e->rib, c);
}

static void
announce_one(struct key_run *run, const struct bgp_nlri *n)
{
	struct rib *rib = &run->e->rib;
	struct net_probe q;
	struct change c;
	uint32_t net;

	if (!intern_block(run, n))
		return;
	probe(run, n, &q);
	net = net_intern(&rib->nets, &q);
	if (net == 0 || !rib_announce(rib, &run->table->routes, net, n->path_id, run->block,
			    engine_seconds(run->e), &c)) {
		run->table->peer->router->routes_refused++;
		if (net != 0)
			net_drop_unused(&rib->nets, net);
		return;
	}
	changed(run, &c, REASON_ANNOUNCED);
}

static void
withdraw_one(struct key_run *run, const struct bgp_nlri *n)
{
	struct rib *rib = &run->e->rib;
	struct net_probe q;
	struct change c;
	uint32_t net;

	probe(run, n, &q);
	net = net_find(&rib->nets, &q);
	if (net == 0 || !rib_withdraw(rib, &run->table->routes, net, n->path_id, &c))
		return;
	changed(run, &c, REASON_WITHDRAWN);
}

/* The routes of a field. Announced routes keep the encoding of their field also when they are
 * withdrawn instead. */
static void
apply_field(struct key_run *run, struct peer *p, const struct bgp_mp *mp,
    struct bgp_nlri_encoding encoding, bool announce, struct faults *walked)
{
	struct cursor field = mp->nlri;
	struct bgp_nlri n;

	run->table = peer_table(p, (uint8_t)run->u->view, mp->family, encoding.path_ids);
	if (run->table == NULL)
		return;
	while (bgp_nlri_next(&field, mp->family, encoding, run->u->bgp->start, &n, walked)) {
		if (!n.known || n.malformed) /* RFC 7606 5.4: only this one is lost */
			continue;
		if (announce)
			announce_one(run, &n);
		else
			withdraw_one(run, &n);
	}
	if (run->block != 0)
		attrs_unref(&run->e->rib.attrs, run->block);
}

void
other_family_announce(
    struct engine *e, struct peer *p, struct bmp_update *u, bool believed, struct faults *walked)
{
	const struct bgp_mp *mp = &u->bgp->reach;
	struct key_run run = { .e = e, .u = u, .next_hop = &mp->next_hop };

	apply_field(
	    &run, p, mp, bgp_encoding_of(&u->context.encoding, BGP_REACH), believed, walked);
}

void
other_family_withdraw(struct engine *e, struct peer *p, struct bmp_update *u, struct faults *walked)
{
	struct key_run run = { .e = e, .u = u };

	apply_field(&run, p, &u->bgp->unreach, bgp_encoding_of(&u->context.encoding, BGP_UNREACH),
	    false, walked);
}
