/* Fills in a finding: the route, its peer, and what the rules saw. */
#include "collector/engine/engine_private.h"

#include <string.h>

#include "base/pure/text.h"

static void
set_peer(const struct engine *e, const struct table *t, struct finding *f)
{
	const struct peer *p = t->peer;

	f->router = p->router->number;
	f->peer = p->number;
	f->address = p->address;
	f->peer_as = p->as;
	f->local_as = p->local_as;
	f->relation = p->relation;
	f->relation_configured = p->relation_configured;
	f->like = peer_inferred(e, p);
	if (f->like != NEIGHBOR_UNKNOWN) {
		f->like_in = p->inferred.in;
		f->like_out = p->inferred.out;
		f->like_full = p->inferred.full;
	}
	f->views_monitored = peer_views(p, t->family);
	text_copy(f->table, sizeof(f->table), peer_table_name(p));
	peer_distinguisher(p, f->distinguisher);
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

/* The VRPs of a change that made the route invalid: those that went where it was valid by them,
 * else those that came. */
static void
set_cause(struct engine *e, const struct vrp_change *change, struct finding *f)
{
	bool valid = vrp_validate(change->before, &f->prefix, f->has_origin, f->origin).state ==
		     ROV_VALID;
	const struct vrp_set *in = valid ? change->before : e->vrps,
			     *not_in = valid ? e->vrps : change->before;
	struct vrp all[32];
	size_t n = vrp_covering(in, &f->prefix, all, 32);

	for (size_t i = 0; i < n && i < 32 && f->cause_vrps_n < FINDING_VRPS_MAX; i++) {
		if (vrp_set_has(not_in, &all[i]) ||
		    (valid && (all[i].asn != f->origin || all[i].max_len < f->prefix.len)))
			continue;
		f->cause_vrps_went |= (uint8_t)((unsigned)valid << f->cause_vrps_n);
		f->cause_vrps[f->cause_vrps_n++] = all[i];
	}
}

static void
set_next_hop(struct engine *e, attrs_block block, struct finding *f)
{
	struct cursor value = attrs_value(&e->rib.attrs, block, ATTR_MP_REACH);
	size_t n;

	if (cur_left(&value) == 0)
		value = attrs_value(&e->rib.attrs, block, ATTR_NEXT_HOP);
	n = cur_left(&value);
	/* the second address of an IPv6 next hop is link-local (RFC 2545 3) */
	if (n != 4 && n != 16 && n != 32)
		return;
	f->next_hop.family = n == 4 ? IP_V4 : IP_V6;
	memcpy(f->next_hop.b, value.pos, n == 4 ? 4 : 16);
}

static void
set_communities(struct engine *e, attrs_block block, struct finding *f)
{
	struct cursor value = attrs_value(&e->rib.attrs, block, ATTR_COMMUNITIES);

	while (cur_left(&value) >= 4 && f->communities_n < RECORD_COMMUNITIES_MAX)
		f->communities[f->communities_n++] = cur_u32(&value);
}

/* The neighbour that the route came in from: the first AS of the path that is not us. */
static uint32_t
via_as(struct engine *e, const struct table *t, uint32_t path)
{
	struct cursor value;
	struct as_segment seg;

	if (path == 0)
		return t->peer->as;
	value = path_value(&e->rib.attrs, path);
	while (as_path_next(&value, 4, &seg)) {
		if (seg.type != AS_SEQUENCE)
			continue;
		for (unsigned i = 0; i < seg.count; i++)
			if (as_segment_at(&seg, 4, i) != t->peer->local_as)
				return as_segment_at(&seg, 4, i);
	}
	return t->peer->as;
}

/* The hop that decides, and the ASPA that it breaks. */
static void
set_aspa(struct engine *e, uint32_t path, struct finding *f)
{
	struct aspa_broken broken = engine_aspa_broken(e, path);
	const uint32_t *providers;
	size_t n;

	f->aspa_customer = broken.customer;
	f->aspa_other = broken.other;
	providers = aspa_providers(e->aspas, broken.customer, &n);
	for (size_t i = 0; i < n && i < RECORD_ASPA_MAX; i++)
		f->aspa_providers[f->aspa_providers_n++] = providers[i];
}

/* Of a route that goes out: is it we who leak it, or does somebody leak it to us? An ASPA tells by
 * the hop that breaks it, and OTC, of what a customer or peer sent, by its place in the path; also
 * when the views in which it came in say nothing (any more). */
static bool
is_leak_of_ours(struct engine *e, const struct observation *o, uint32_t path,
    const struct finding *f, const struct known_leak *leak)
{
	uint32_t left = 0;
	uint8_t sender;
	bool inferred;

	if (o->rules & 1U << RULE_LEAK_OWN)
		return true;
	if (leak != NULL || (o->rules & RULES_LEAK) == 1U << RULE_LEAK_DETOUR)
		return false;
	sender = relation_of_sender(e, o->table, path, &inferred);
	if ((o->rules & RULES_LEAK) == 1U << RULE_ASPA)
		left = f->aspa_other;
	else if (f->has_otc && (relation_is_customer(sender) || sender == NEIGHBOR_PEER))
		left = detect_path_left_of(path_value(&e->rib.attrs, path), f->otc);
	return left == 0 || left == f->local_as || detect_is_ours(e->detect, left);
}

/* Of a leak that only the burst shows: who is caught at it, or was when it began. */
static uint32_t
burst_leaker(struct engine *e, const struct observation *o, uint32_t path)
{
	const struct router *r = o->table->peer->router;
	uint32_t leaker = bursts_leaker(e, r, path);

	return leaker != 0 ? leaker : leak_known(e, r, o->net, path);
}

/* Between whom the leaker stands: in the path, at its ends ourselves and whom we tell. */
static void
set_leak_sides(struct engine *e, uint32_t path, bool out, struct finding *f)
{
	if (path != 0)
		detect_path_beside(path_value(&e->rib.attrs, path), f->leaker_as, &f->leaked_to_as,
		    &f->leaked_from_as);
	if (f->by_us && f->leaked_from_as == 0)
		f->leaked_from_as = f->via_as;
	if (f->leaked_to_as == 0)
		f->leaked_to_as = out ? f->peer_as : f->local_as;
}

static void
set_leak(struct engine *e, const struct observation *o, uint32_t path, struct finding *f)
{
	const struct known_leak *leak = leak_of(e, o->table, o->prefix, path);
	bool out = o->table->view == BMP_VIEW_OUT_PRE || o->table->view == BMP_VIEW_OUT_POST;
	struct path_detour way = { .leaker = 0 };

	if (o->rules & 1U << RULE_LEAK_PEERLOCK && path != 0)
		f->provider_free_as =
		    detect_path_leak(e->detect, path_value(&e->rib.attrs, path), RULE_LEAK_PEERLOCK)
			.shown_by;
	if (o->rules & 1U << RULE_ASPA)
		set_aspa(e, path, f);
	if (o->rules & 1U << RULE_LEAK_DETOUR && detour_of(e, o->table, o->prefix, path, &way)) {
		f->direct_from_as = way.left;
		f->direct_to_as = way.right;
	}
	if (out && is_leak_of_ours(e, o, path, f, leak)) {
		f->by_us = true;
		f->leaker_as = f->local_as;
	} else if (leak != NULL) {
		f->leaker_as = leak->leaker_as;
	} else if (leak_is_detour(o->rules) && way.leaker != 0) {
		f->leaker_as = way.leaker;
	} else {
		f->leaker_as = (o->rules & RULES_LEAK) == 1U << RULE_LEAK_BURST
				   ? burst_leaker(e, o, path)
				   : leak_leaker(e, path, f->has_otc, f->otc, o->rules);
		if (f->leaker_as == 0)
			f->leaker_as = f->via_as;
	}
	set_leak_sides(e, path, out, f);
}

/* By whose relation, when it is another's than the neighbour's. */
static void
set_inferred(struct engine *e, const struct observation *o, uint32_t path, struct finding *f)
{
	struct upstream u;
	bool inferred = false;
	uint8_t sender;

	f->inferred = o->inferred;
	if (!f->inferred || path == 0)
		return;
	if (f->rules & 1U << RULE_LEAK_OWN) {
		sender = relation_of_sender(e, o->table, path, &inferred);
		f->inferred_as = inferred ? f->via_as : 0;
		f->inferred_relation = inferred ? sender : NEIGHBOR_UNKNOWN;
	} else if (f->rules & 1U << RULE_LEAK_UPSTREAM &&
		   relation_upstream(e, path, f->local_as, &u) && u.inferred) {
		f->inferred_as = u.asn;
		f->inferred_relation = u.provider ? NEIGHBOR_PROVIDER : NEIGHBOR_PEER;
	}
}

static bool
is_customers_as(struct engine *e, uint32_t asn)
{
	return detect_is_customer(e->detect, asn) || relation_has_customer(e, asn);
}

/* Did a customer send it, or originate it, or is it one's by a VRP? */
static bool
is_of_customers(struct engine *e, const struct finding *f)
{
	if (f->view <= VIEW_IN_POST && relation_is_customer(f->relation))
		return true;
	if (is_customers_as(e, f->via_as) || (f->has_origin && is_customers_as(e, f->origin)))
		return true;
	for (unsigned k = 0; k < f->vrps_n; k++)
		if (is_customers_as(e, f->vrps[k].asn))
			return true;
	return false;
}

/*
 * A network may mark all that it sends, also to who sells to it. A mark that is the origin's own
 * says little, then, when a peer sends it; more when a customer does, and it is nothing to us when
 * we were told of it by who sells to us.
 */
static bool
is_otc_of_origin(struct engine *e, const struct finding *f)
{
	if (f->rules != 1U << RULE_LEAK_OTC || f->by_us || !f->has_origin || f->otc != f->origin)
		return false;
	if (f->view <= VIEW_IN_POST)
		return f->relation == NEIGHBOR_PEER;
	return !is_customers_as(e, f->via_as);
}

/* Who peers with us at an exchange may well buy from a customer of ours. */
static bool
is_of_peer(struct engine *e, const struct finding *f, uint32_t path)
{
	struct upstream u;

	return f->rules == 1U << RULE_LEAK_UPSTREAM && !f->by_us &&
	       relation_upstream(e, path, f->local_as, &u) && !u.provider;
}

/* Why it is probably as it should be. */
static uint8_t
benign_of(struct engine *e, const struct finding *f, uint32_t path)
{
	if (is_otc_of_origin(e, f))
		return BENIGN_OTC_OF_ORIGIN;
	if (is_of_peer(e, f, path))
		return BENIGN_PEER_MAY_BUY;
	if ((f->rules & (1U << RULE_HIJACK_EXACT | 1U << RULE_HIJACK_SPECIFIC)) == 0 ||
	    !f->has_origin)
		return BENIGN_NONE;
	if (is_customers_as(e, f->origin) &&
	    vrp_validate(e->vrps, &f->prefix, true, f->origin).state == ROV_VALID)
		return BENIGN_CUSTOMER;
	return detect_scrubs(e->detect, &f->prefix, f->origin) ? BENIGN_SCRUBBER : BENIGN_NONE;
}

/* Who says that it is not handed out. */
static void
set_registry(struct engine *e, const struct observation *o, uint32_t path, struct finding *f)
{
	const struct delegated_source *s = NULL;

	if (o->rules & 1U << RULE_BOGON_PREFIX)
		s = detect_not_handed_out(e->detect, o->prefix);
	if (s == NULL && o->rules & 1U << RULE_BOGON_ASN && path != 0)
		s = detect_as_not_handed_out(
		    e->detect, path_value(&e->rib.attrs, path), &f->left_as);
	if (s == NULL)
		return;
	text_copy(f->registry, sizeof(f->registry), s->registry);
	f->registry_day = s->day;
}

/* Who did it, where it is neither the origin nor a leaker. */
static void
set_sender(const struct observation *o, struct finding *f)
{
	enum rule primary = rules_primary(o->rules);

	f->by_us = primary == RULE_NO_EXPORT;
	if (primary == RULE_NO_EXPORT)
		f->leaker_as = f->local_as;
	else if (primary == RULE_FIRST_AS)
		f->leaker_as = f->peer_as;
	else if (primary == RULE_UNLISTED)
		f->leaker_as = bmp_view_is_inbound(f->view) ? f->peer_as : f->via_as;
}

/* What the rules saw, for people and for the table of incidents. */
static void
set_evidence(struct engine *e, const struct observation *o, struct finding *f)
{
	uint32_t path = attrs_path(&e->rib.attrs, o->block);
	const struct detect_own *own;
	const struct ip_prefix *gone;

	f->has_origin = engine_origin(e, o->table, o->block, &f->origin);
	/* the AS that monitors is ours, also when the configuration does not say so */
	f->own_origin = f->has_origin &&
			(f->origin == f->local_as || detect_is_ours(e->detect, f->origin));
	f->has_otc = attrs_otc(&e->rib.attrs, o->block, &f->otc);
	f->via_as = via_as(e, o->table, path);
	if (path != 0)
		finding_set_path(f, path_value(&e->rib.attrs, path));
	own = detect_own_of(e->detect, &f->prefix);
	if (own != NULL)
		f->own = own->prefix;
	else if (o->rules & 1U << RULE_COVERING && (gone = own_gone_in(e, &f->prefix)) != NULL)
		f->own = *gone;
	if (o->rules & RULES_LEAK)
		set_leak(e, o, path, f);
	else
		set_sender(o, f);
	set_inferred(e, o, path, f);
	set_registry(e, o, path, f);
	if (rules_primary(o->rules) == RULE_FIRST_HOP && path != 0)
		f->leaker_as = neighbor_stranger(e, path_value(&e->rib.attrs, path));
	if (o->rules & RULES_ON_VRPS)
		set_vrps(e, f);
	if (o->rules & RULES_ROV && (o->cause == REASON_RPKI || o->cause == REASON_CONFIG) &&
	    job_vrp_change(e) != NULL)
		set_cause(e, job_vrp_change(e), f);
	f->of_customers = is_of_customers(e, f);
	f->benign = benign_of(e, f, path);
	set_next_hop(e, o->block, f);
	set_communities(e, o->block, f);
}

void
finding_build(struct engine *e, const struct observation *o, struct finding *f)
{
	memset(f, 0, offsetof(struct finding, path));
	f->prefix = *o->prefix;
	f->path_id = o->path_id;
	f->behind = peer_has_end(o->table->peer, o->table->view, o->table->family);
	f->view = o->table->view;
	f->labelled = o->table->family.safi == SAFI_LABELLED;
	f->rules = o->rules;
	f->dry_run = o->rules & detect_dry_run(e->detect);
	f->cause = o->cause;
	f->at_us = e->now_us;
	f->router_us = o->router_us;
	set_peer(e, o->table, f);
	if (o->rules != 0)
		set_evidence(e, o, f);
}
