/*
 * From a change to findings. The truth of every rule for a route is kept as its mark in the RIB;
 * only what differs from it is told, so a re-dump or a repeated announcement says nothing.
 */
#include "collector/engine/engine_private.h"

#include <string.h>

#include "parsers/bgp/update.h"

/* What the prefix's cache holds: a validation result in three bits. */
enum { ROV_CACHED_NOT_FOUND, ROV_CACHED_VALID, ROV_CACHED_ASN, ROV_CACHED_LENGTH };

struct rov_result
engine_rov(
    struct engine *e, uint32_t prefix, const struct ip_prefix *ip, bool has_origin, uint32_t origin)
{
	static const struct rov_result results[] = {
		[ROV_CACHED_NOT_FOUND] = { ROV_NOT_FOUND, ROV_REASON_NONE },
		[ROV_CACHED_VALID] = { ROV_VALID, ROV_REASON_NONE },
		[ROV_CACHED_ASN] = { ROV_INVALID, ROV_REASON_ASN },
		[ROV_CACHED_LENGTH] = { ROV_INVALID, ROV_REASON_LENGTH },
	};
	uint32_t key = has_origin ? origin : 0; /* AS 0 matches nothing either */
	unsigned value = net_cache_get(&e->rib.prefixes, prefix, key);
	struct rov_result r;

	if (value < NET_CACHE_NONE)
		return results[value];
	r = vrp_validate(e->vrps, ip, has_origin, origin);
	for (value = 0; results[value].state != r.state || results[value].reason != r.reason;)
		value++;
	net_cache_put(&e->rib.prefixes, prefix, key, value);
	return r;
}

/* Origin of a route (RFC 6811 2): of its path, the local AS when the path is empty. */
bool
engine_origin(const struct engine *e, const struct table *t, uint32_t block, uint32_t *origin)
{
	uint32_t path = attrs_path(&e->rib.attrs, block);
	struct cursor value;

	if (path != 0 && path_origin(&e->rib.attrs, path, origin))
		return true;
	*origin = t->peer->local_as;
	if (path == 0)
		return *origin != 0;
	value = path_value(&e->rib.attrs, path);
	return cur_left(&value) == 0 && *origin != 0;
}

static uint16_t
path_bits(struct engine *e, uint32_t path)
{
	uint16_t generation = detect_generation(e->detect), bits;

	if (path == 0)
		return PATH_EMPTY;
	if (path_verdict(&e->rib.attrs, path, generation, &bits))
		return bits;
	bits = detect_path(e->detect, path_value(&e->rib.attrs, path));
	path_verdict_set(&e->rib.attrs, path, generation, bits);
	return bits;
}

static void
make_facts(struct engine *e, const struct table *t, uint32_t prefix, const struct ip_prefix *ip,
    uint32_t block, struct route_facts *f)
{
	const struct peer *p = t->peer;
	uint32_t path = attrs_path(&e->rib.attrs, block);

	f->prefix = ip;
	f->has_origin = engine_origin(e, t, block, &f->origin);
	f->path = path_bits(e, path);
	/* an empty path of unknown AS has no origin to be judged by */
	f->rov = f->path & PATH_EMPTY && !f->has_origin
		     ? (struct rov_result){ ROV_NOT_FOUND, ROV_REASON_NONE }
		     : engine_rov(e, prefix, ip, f->has_origin, f->origin);
	f->has_otc = attrs_otc(&e->rib.attrs, block, &f->otc);
	f->view = t->view;
	f->relation = p->relation;
	f->local_as = p->local_as;
	f->remote_as = p->as;
	f->inherited = e->leaks_n > 0 ? leak_inherited(e, t, prefix, path, NULL) : 0;
}

static void
set_scope(struct engine *e, const struct table *t, uint32_t prefix, uint32_t block,
    const struct detect *d, struct finding *f)
{
	const struct leak *source = NULL;
	const struct detect_own *own;

	switch (rule_info[f->rule].scope) {
	case SCOPE_ORIGIN:
		f->scope_as = f->has_origin ? f->origin : 0;
		break;
	case SCOPE_NEIGHBOR:
		f->scope_as = t->peer->as;
		if (leak_inherited(e, t, prefix, attrs_path(&e->rib.attrs, block), &source) &&
		    source != NULL) {
			f->scope_as = source->neighbor_as;
			f->outbound = 0;
		}
		break;
	case SCOPE_OWN_PREFIX:
		own = detect_own_of(d, &f->prefix);
		if (own != NULL)
			f->own = own->prefix;
		f->scope_as = f->has_origin ? f->origin : 0;
		break;
	default:
		break;
	}
}

/* The VRPs that decided: those of the origin first, then the most specific others. */
static void
set_vrps(struct engine *e, struct finding *f)
{
	struct vrp all[32];
	size_t n = vrp_covering(e->vrps, &f->prefix, all, 32);

	if (n > 32)
		n = 32;
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < n && f->vrps_n < FINDING_VRPS_MAX; i++)
			if ((f->has_origin && all[i].asn == f->origin) == (pass == 0))
				f->vrps[f->vrps_n++] = all[i];
}

static void
send(struct engine *e, const struct table *t, const struct change *c, const struct ip_prefix *ip,
    uint32_t block, enum rule rule, bool on, uint8_t cause, int64_t router_us)
{
	const struct peer *p = t->peer;
	const struct detect *d =
	    !on && cause == FINDING_CONFIG && e->detect_old != NULL ? e->detect_old : e->detect;
	uint32_t path = attrs_path(&e->rib.attrs, block);
	struct finding f = { .rule = (uint8_t)rule,
		.on = on,
		.view = t->view,
		.cause = cause,
		.relation = p->relation,
		.relation_configured = p->relation_configured,
		.outbound = t->view == BMP_VIEW_OUT_PRE || t->view == BMP_VIEW_OUT_POST,
		.views_monitored = p->router->views_monitored,
		.router = p->router->number,
		.peer = p->address,
		.peer_as = p->as,
		.local_as = p->local_as,
		.prefix = *ip,
		.path_id = c->path_id,
		.at_us = e->now_us,
		.router_us = router_us };

	f.has_origin = engine_origin(e, t, block, &f.origin);
	f.has_otc = attrs_otc(&e->rib.attrs, block, &f.otc);
	set_scope(e, t, c->prefix, block, d, &f);
	if (on) {
		e->findings_on++;
		if (path != 0)
			finding_set_path(&f, path_value(&e->rib.attrs, path));
		if (rule == RULE_LEAK_PEERLOCK && path != 0)
			f.provider_free_as = detect_path_provider_free(e->detect,
			    path_value(&e->rib.attrs, path),
			    path_bits(e, path) & PATH_BEYOND_STRANGER);
		if (rule == RULE_ROV_ASN || rule == RULE_ROV_LENGTH)
			set_vrps(e, &f);
	} else {
		e->findings_off++;
	}
	e->ops->finding(e->ctx, &f);
}

/* Do the two blocks put a true rule into the same scope? Only the origin can differ between routes
 * of one slot. */
static bool
same_scope(const struct engine *e, const struct table *t, uint32_t before, uint32_t after)
{
	uint32_t a = 0, b = 0;
	bool has_a, has_b;

	if (before == after)
		return true;
	has_a = engine_origin(e, t, before, &a);
	has_b = engine_origin(e, t, after, &b);
	return has_a == has_b && (!has_a || a == b);
}

static bool
scoped_by_origin(int rule)
{
	return rule_info[rule].scope != SCOPE_NEIGHBOR;
}

/* Tell what became false, then what became true. */
static void
send_edges(struct engine *e, struct table *t, struct change *c, const struct ip_prefix *ip,
    uint16_t rules_true, uint8_t cause, int64_t router_us)
{
	bool moved = c->before != 0 && c->after != 0 && !same_scope(e, t, c->before, c->after);
	uint8_t off_cause = cause == FINDING_ANNOUNCED ? FINDING_REPLACED : cause;

	for (int r = 0; r < RULES; r++) {
		bool was = c->rules_true >> r & 1, is = rules_true >> r & 1,
		     shift = was && is && moved && scoped_by_origin(r);

		if (was && (!is || shift))
			send(e, t, c, ip, c->before, (enum rule)r, false, off_cause, router_us);
	}
	for (int r = 0; r < RULES; r++) {
		bool was = c->rules_true >> r & 1, is = rules_true >> r & 1,
		     shift = was && is && moved && scoped_by_origin(r);

		if (is && (!was || shift))
			send(e, t, c, ip, c->after, (enum rule)r, true, cause, router_us);
	}
}

/* Leaks on their way in are remembered, so that the other views know the route again. */
static void
count_leaks(struct engine *e, struct table *t, const struct change *c, uint16_t rules_true)
{
	uint32_t before = c->before != 0 ? attrs_path(&e->rib.attrs, c->before) : 0;
	uint32_t after = c->after != 0 ? attrs_path(&e->rib.attrs, c->after) : 0;
	uint16_t was = c->rules_true & RULES_LEAK, is = rules_true & RULES_LEAK;

	if (t->view != BMP_VIEW_IN_PRE && t->view != BMP_VIEW_IN_POST)
		return;
	if (before == after) {
		leak_count(e, t, c->prefix, after, (uint16_t)(is & ~was), (uint16_t)(was & ~is));
	} else {
		if (is != 0)
			leak_count(e, t, c->prefix, after, is, 0);
		if (was != 0)
			leak_count(e, t, c->prefix, before, 0, was);
	}
}

void
engine_evaluate(
    struct engine *e, struct table *t, struct change *c, uint8_t cause, int64_t router_us)
{
	struct ip_prefix ip;
	struct route_facts facts;
	uint16_t rules_true = 0;

	if (c->same)
		return;
	if (c->prefix & NET_KEY) { /* no rule judges what lies in a VPN */
		other_family_changed(e, t, c, cause, router_us);
		return;
	}
	if (c->after == 0 && c->rules_true == 0)
		return;
	net_prefix(&e->rib.prefixes, c->prefix, &ip);
	if (c->after != 0) {
		make_facts(e, t, c->prefix, &ip, c->after, &facts);
		rules_true = detect_route(e->detect, &facts);
	}
	if (rules_true == 0 && c->rules_true == 0)
		return;
	send_edges(e, t, c, &ip, rules_true, cause, router_us);
	if (c->route != NULL && rules_true != c->rules_true)
		routes_set_rules_true(&t->routes, c->route, c->prefix, c->path_id, rules_true);
	if ((rules_true | c->rules_true) & RULES_LEAK)
		count_leaks(e, t, c, rules_true);
}

void
engine_reevaluate(
    struct engine *e, struct table *t, uint32_t prefix, uint32_t path_id, uint8_t cause)
{
	struct route *r = routes_find(&t->routes, prefix, path_id);
	struct change c = { .route = r, .prefix = prefix, .path_id = path_id };

	if (r == NULL)
		return;
	c.before = c.after = r->attrs;
	c.rules_true = routes_rules_true(&t->routes, r, prefix, path_id);
	engine_evaluate(e, t, &c, cause, 0);
}
