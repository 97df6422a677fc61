/* What the rules look at: the facts of one route, as much of them as can be found out only once. */
#include "collector/engine/engine_private.h"

/* What the cache of a net holds: a validation result in three bits. */
enum { ROV_CACHED_NOT_FOUND, ROV_CACHED_VALID, ROV_CACHED_ASN, ROV_CACHED_LENGTH };

struct rov_result
engine_rov(
    struct engine *e, uint32_t net, const struct ip_prefix *ip, bool has_origin, uint32_t origin)
{
	static const struct rov_result results[] = {
		[ROV_CACHED_NOT_FOUND] = { ROV_NOT_FOUND, ROV_REASON_NONE },
		[ROV_CACHED_VALID] = { ROV_VALID, ROV_REASON_NONE },
		[ROV_CACHED_ASN] = { ROV_INVALID, ROV_REASON_ASN },
		[ROV_CACHED_LENGTH] = { ROV_INVALID, ROV_REASON_LENGTH },
	};
	uint32_t key = has_origin ? origin : 0; /* AS 0 matches nothing either */
	unsigned value = net_cache_get(&e->rib.nets, net, key);
	struct rov_result r;

	if (value < NET_CACHE_NONE)
		return results[value];
	r = vrp_validate(e->vrps, ip, has_origin, origin);
	for (value = 0; results[value].state != r.state || results[value].reason != r.reason;)
		value++;
	net_cache_put(&e->rib.nets, net, key, value);
	return r;
}

/* The AS of who speaks: of the router itself, but in what a neighbour sends that has our AS anyway
 * when its path is empty. An OPEN says it, or the header. */
static uint32_t
speaker(const struct table *t)
{
	const struct peer *p = t->peer;

	switch (t->view) {
	case BMP_VIEW_LOC_RIB:
		return p->as != 0 ? p->as : p->local_as;
	case BMP_VIEW_IN_PRE:
	case BMP_VIEW_IN_POST:
		return p->local_as != 0 ? p->local_as : p->as;
	default: /* the header has the AS of who gets it */
		return p->local_as != 0 || p->relation != NEIGHBOR_INTERNAL ? p->local_as : p->as;
	}
}

/* Was a route whose path has these bits originated in the speaker's AS? Other networks have no
 * confederation segments to send us (RFC 5065 5). */
static bool
is_local(const struct table *t, uint16_t path)
{
	return path & PATH_EMPTY || (path & PATH_CONFED && !t->peer->outside);
}

/* Before a route leaves a confederation its segments are taken out (RFC 5065 4.1): who gets them is
 * a member, also when the configuration does not name it. */
static uint8_t
relation_on_its_way(const struct table *t, uint16_t path)
{
	bool member = path & PATH_MEMBERS && t->view == BMP_VIEW_OUT_POST && !t->peer->outside;

	return member ? NEIGHBOR_INTERNAL : t->peer->relation;
}

bool
engine_origin(const struct engine *e, const struct table *t, attrs_block block, uint32_t *origin)
{
	uint32_t path = attrs_path(&e->rib.attrs, block);
	uint16_t bits = PATH_EMPTY;

	if (path != 0 && path_origin(&e->rib.attrs, path, origin))
		return true;
	if (path != 0 && !path_verdict(&e->rib.attrs, path, e->path_generation, &bits))
		bits = detect_path(e->detect, path_value(&e->rib.attrs, path));
	return is_local(t, bits) &&
	       detect_local_origin(e->detect, speaker(t), bits & PATH_CONFED, origin);
}

void
engine_forget_paths(struct engine *e)
{
	if (++e->path_generation == 0)
		e->path_generation = 1;
}

/* first: is it the first time that somebody asks? */
static uint16_t
path_bits(struct engine *e, uint32_t path, bool *first)
{
	struct aspa_broken broken;
	struct cursor value;
	uint16_t bits;

	if (path == 0)
		return PATH_EMPTY;
	if (path_verdict(&e->rib.attrs, path, e->path_generation, &bits))
		return bits;
	value = path_value(&e->rib.attrs, path);
	bits = detect_path(e->detect, value) | engine_aspa_bits(e->aspas, value, &broken);
	path_verdict_set(&e->rib.attrs, path, e->path_generation, bits);
	*first = true;
	return bits;
}

uint16_t
engine_path_bits(struct engine *e, uint32_t path)
{
	bool first;

	return path_bits(e, path, &first);
}

/* Who asks for the traffic to be dropped: does a VRP name them? Without any nobody knows. */
static bool
may_be_dropped(const struct engine *e, const struct route_facts *f)
{
	uint32_t sender = detect_path_sender(e->detect, f->as_path, f->local_as);
	bool out = f->view == BMP_VIEW_OUT_PRE || f->view == BMP_VIEW_OUT_POST;
	struct vrp all[32];
	size_t n = vrp_covering(e->vrps, f->prefix, all, 32);

	if (vrp_set_is_empty(e->vrps))
		return true;
	for (size_t i = 0; i < n && i < 32; i++)
		if (all[i].asn != 0 &&
		    ((f->has_origin && all[i].asn == f->origin) || all[i].asn == sender ||
			(!out && f->view != BMP_VIEW_LOC_RIB && all[i].asn == f->remote_as)))
			return true;
	return false;
}

/* Is it certain that who sends the route is no customer? Where it came in the session says it,
 * elsewhere the configuration. */
static bool
is_of_no_customer(const struct engine *e, const struct route_facts *f)
{
	const struct ip_addr nowhere = { .family = IP_NONE };
	uint32_t sender;

	if (bmp_view_is_inbound(f->view))
		return detect_gets_no_transit(f->relation);
	sender = detect_path_sender(e->detect, f->as_path, f->local_as);
	return detect_gets_no_transit((uint8_t)detect_relation(e->detect, &nowhere, sender));
}

/* What the neighbour is to us, and who else the route is from. */
static void
set_relations(struct engine *e, const struct table *t, uint32_t path, struct route_facts *f)
{
	struct upstream u;

	f->relation = relation_on_its_way(t, f->path);
	f->inferred = f->relation == NEIGHBOR_UNKNOWN ? peer_inferred(e, t->peer)
						      : NEIGHBOR_UNKNOWN;
	f->sender_relation = f->upstream = NEIGHBOR_UNKNOWN;
	f->sender_inferred = f->upstream_inferred = false;
	if (t->view == BMP_VIEW_OUT_POST &&
	    (detect_gets_no_transit(f->relation) || f->inferred == NEIGHBOR_PROVIDER))
		f->sender_relation = relation_of_sender(e, t, path, &f->sender_inferred);
	if (t->view <= BMP_VIEW_IN_POST &&
	    (relation_is_customer(f->relation) || f->inferred == NEIGHBOR_CUSTOMER) &&
	    relation_upstream(e, path, t->peer->local_as, &u)) {
		f->upstream = u.provider ? NEIGHBOR_PROVIDER : NEIGHBOR_PEER;
		f->upstream_inferred = u.inferred;
	}
}

/* What does not depend on the prefix. */
static void
set_block_facts(struct engine *e, const struct table *t, attrs_block block, struct route_facts *f)
{
	const struct peer *p = t->peer;
	uint32_t path = attrs_path(&e->rib.attrs, block);
	bool first = false;

	f->has_origin = engine_origin(e, t, block, &f->origin);
	f->path = path_bits(e, path, &first);
	if (first)
		neighbor_seen_in(e, t, path_value(&e->rib.attrs, path));
	f->local_origin = is_local(t, f->path);
	f->origin_unknown = f->local_origin && !f->has_origin;
	f->has_otc = attrs_otc(&e->rib.attrs, block, &f->otc);
	f->view = t->view;
	set_relations(e, t, path, f);
	f->local_as = p->local_as;
	f->remote_as = p->as;
	f->as_path = path != 0 ? path_value(&e->rib.attrs, path) : cur_of("", 0);
	f->stranger =
	    f->path & PATH_ENDS_WITH_US ? neighbor_stranger(e, path_value(&e->rib.attrs, path)) : 0;
	f->has_customer = relation_has_customer;
	f->routers = e;
	f->no_export = t->view == BMP_VIEW_OUT_POST && f->relation != NEIGHBOR_INTERNAL &&
		       detect_is_no_export(attrs_value(&e->rib.attrs, block, ATTR_COMMUNITIES));
	f->detour = f->comes_back = f->covers_gone = f->blackhole = false;
	f->rules_before = f->inherited = f->burst = 0;
}

struct rov_result
engine_rov_of(
    struct engine *e, uint32_t net, const struct ip_prefix *ip, const struct route_facts *f)
{
	return f->origin_unknown ? (struct rov_result){ ROV_NOT_FOUND, ROV_REASON_NONE }
				 : engine_rov(e, net, ip, f->has_origin, f->origin);
}

/* The rest; what is asked for by the block is known, and the result of origin validation. */
static void
set_net_facts(struct engine *e, const struct table *t, const struct ip_prefix *ip,
    attrs_block block, struct route_facts *f)
{
	uint32_t path = attrs_path(&e->rib.attrs, block);
	const struct known_leak *leak;

	f->prefix = ip;
	f->blackhole = detect_is_host_route(ip) &&
		       detect_is_blackhole(e->detect,
			   attrs_value(&e->rib.attrs, block, ATTR_COMMUNITIES),
			   attrs_value(&e->rib.attrs, block, ATTR_LARGE_COMMUNITIES));
	if (f->path & PATH_ENDS_WITH_US || detours_may(e, ip))
		detour_facts(e, t, path, f);
	f->covers_gone = e->own_gone.n > 0 && f->has_origin && !neighbor_is(e, f->origin) &&
			 own_gone_in(e, ip) != NULL;
	f->blackhole_allowed = f->blackhole && may_be_dropped(e, f);
	f->of_no_customer = f->blackhole && is_of_no_customer(e, f);
	if (e->known_n > 0 && (leak = leak_of(e, t, ip, path)) != NULL)
		f->inherited = leak_rules(leak);
}

void
engine_facts(struct engine *e, const struct table *t, uint32_t net, const struct ip_prefix *ip,
    attrs_block block, struct route_facts *f)
{
	set_block_facts(e, t, block, f);
	f->rov = engine_rov_of(e, net, ip, f);
	set_net_facts(e, t, ip, block, f);
}

/* --- what is known of the block of the UPDATE that is applied */

const struct block_facts *
engine_block_facts(struct engine *e, const struct table *t, attrs_block block)
{
	struct block_facts *b = &e->block_facts;

	if (b->table == t && b->block == block)
		return b;
	set_block_facts(e, t, block, &b->facts);
	b->table = t;
	b->block = block;
	b->silent = detect_is_silent(e->detect, &b->facts);
	b->far = b->facts.path & PATH_FAR;
	return b;
}

void
engine_forget_block(struct engine *e)
{
	e->block_facts.table = NULL;
}

void
engine_facts_of_change(struct engine *e, const struct table *t, const struct change *c,
    const struct ip_prefix *ip, struct route_facts *f)
{
	*f = engine_block_facts(e, t, c->after)->facts;
	f->rov = engine_rov_of(e, c->net, ip, f);
	set_net_facts(e, t, ip, c->after, f);
}

bool
route_is_ours(
    const struct engine *e, const struct table *t, const struct route_facts *f, uint32_t rules_true)
{
	if (f->has_origin &&
	    (f->origin == t->peer->local_as || detect_is_ours(e->detect, f->origin)))
		return true;
	return (rules_true & RULES_HIJACK) == 0 && detect_own_of(e->detect, f->prefix) != NULL;
}
