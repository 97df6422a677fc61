/*
 * From a change to a finding. Which rules are true of a route is kept with it in the RIB. A finding
 * is sent when some are, or were, and the route or what it is judged by has changed; it says all
 * that is true now, so that sending it twice says nothing new.
 */
#include "collector/engine/engine_private.h"

/* Tell what is true of the route now. */
static void
send(struct engine *e, const struct table *t, const struct change *c, const struct ip_prefix *ip,
    uint32_t rules_true, bool inferred, uint8_t cause, int64_t router_us)
{
	struct finding f;
	const struct observation o = { .table = t,
		.net = c->net,
		.path_id = c->path_id,
		.prefix = ip,
		.block = c->after,
		.rules = rules_true,
		.inferred = inferred,
		.cause = cause,
		.router_us = router_us };

	finding_build(e, &o, &f);
	if (rules_true != 0)
		e->findings_on++;
	else
		e->findings_off++;
	e->ops->finding(e->ctx, &f);
}

/* What a change is called when it ends what was true: an announcement replaces. */
static uint8_t
cause_of_end(uint8_t cause, const struct change *c)
{
	return cause == REASON_ANNOUNCED && c->before != 0 ? REASON_REPLACED : cause;
}

/* --- leaks */

/* Evaluate the same net in the views in which the rules cannot see a leak by themselves. Those
 * views count no leak, so this does not go on from there. */
static void
evaluate_elsewhere(struct engine *e, const struct router *r, uint32_t net, uint8_t cause)
{
	for (struct peer *p = r->peers; p != NULL; p = p->next)
		for (struct table *t = p->tables; t != NULL; t = t->next)
			if (!bmp_view_is_inbound(t->view) && t->routes.kind == (net & NET_KIND))
				engine_reevaluate(e, t, net, cause);
}

/* Why it begins or ends there: what is no change of this route is the cause there, too. */
static uint8_t
cause_elsewhere(uint8_t cause, bool begins)
{
	switch (cause) {
	case REASON_RPKI:
	case REASON_CONFIG:
	case REASON_ROLES:
	case REASON_FEED_LOST:
	case REASON_PEER_DOWN:
	case REASON_NONE:
		return cause;
	default:
		return begins			   ? REASON_ANNOUNCED
		       : cause == REASON_ANNOUNCED ? REASON_REPLACED
						   : REASON_WITHDRAWN;
	}
}

/* A change of one path of a net; block: the attributes that the rules were found true by. */
static void
count_leak(struct engine *e, const struct table *t, const struct ip_prefix *ip,
    struct leak_change *c, attrs_block block)
{
	uint8_t cause = c->cause;
	uint32_t otc = 0;
	struct path_detour way;

	if (c->begin != 0) {
		bool has_otc = attrs_otc(&e->rib.attrs, block, &otc);

		c->leaker_as = leak_is_detour(c->begin) && detour_of(e, t, ip, c->path, &way)
				   ? way.leaker
			       : c->begin == 1U << RULE_LEAK_BURST
				   ? bursts_leaker(e, t->peer->router, c->path)
				   : leak_leaker(e, c->path, has_otc, otc, c->begin);
		if (c->leaker_as == 0)
			c->leaker_as = t->peer->as;
	}
	c->cause = cause_elsewhere(cause, c->begin != 0);
	if (leak_count(e, t, ip, c))
		evaluate_elsewhere(e, t->peer->router, c->net, c->cause);
	c->cause = cause;
}

/* Leaks on their way in are remembered, so that the other views know the route again. */
static void
count_leaks(struct engine *e, const struct table *t, const struct change *c,
    const struct ip_prefix *ip, uint32_t rules_true, bool inferred, uint8_t cause)
{
	uint32_t before = c->before != 0 ? attrs_path(&e->rib.attrs, c->before) : 0;
	uint32_t after = c->after != 0 ? attrs_path(&e->rib.attrs, c->after) : 0;
	uint32_t was = c->rules_true & RULES_LEAK, is = rules_true & RULES_LEAK;
	struct leak_change begins = { .net = c->net,
		.path = after,
		.begin = is,
		.inferred = inferred,
		.cause = cause },
			   ceases = { .net = c->net, .path = before, .cease = was, .cause = cause };

	if (before == after) {
		begins.begin = is & ~was;
		begins.cease = was & ~is;
		count_leak(e, t, ip, &begins, c->after);
	} else {
		count_leak(e, t, ip, &begins, c->after);
		count_leak(e, t, ip, &ceases, c->before);
	}
}

/* --- a route */

/* The data that origin validation rests on is too old to judge by: what was true of the route stays
 * true of it while its origin stays, and nothing becomes true. */
static uint32_t
frozen_verdict(const struct engine *e, const struct table *t, const struct change *c,
    const struct route_facts *f)
{
	uint32_t origin;
	bool has_origin;

	if ((c->rules_true & RULES_ON_VRPS) == 0 || c->before == 0)
		return 0;
	has_origin = engine_origin(e, t, c->before, &origin);
	if (has_origin != f->has_origin || (has_origin && origin != f->origin))
		return 0;
	return detect_admitted(e->detect, f, c->rules_true & RULES_ON_VRPS);
}

/* The same of ASPA: a path is judged as it was, and so it is enough that none becomes invalid. The
 * bit that is not to be true, or 0; what is inherited is true where it came in. */
static uint32_t
frozen_aspa(const struct engine *e, const struct change *c, const struct route_facts *f)
{
	uint32_t aspa = 1U << RULE_ASPA & ~f->inherited;
	bool was = c->rules_true & aspa && c->before != 0 &&
		   attrs_path(&e->rib.attrs, c->before) == attrs_path(&e->rib.attrs, c->after);

	return was ? 0 : aspa;
}

/* A table that is taken out behind its peer, which is back: is the same route in its new table, and
 * has that been told? Then it is not over. */
static bool
stands_in_new_table(const struct table *t, const struct change *c)
{
	for (const struct table *x = t->detached ? t->peer->tables : NULL; x != NULL; x = x->next) {
		const struct route *r;

		if (x->view != t->view || !bgp_family_equal(x->family, t->family))
			continue;
		r = routes_find(&x->routes, c->net, c->path_id);
		if (r != NULL &&
		    (routes_rules_true(&x->routes, r, c->net, c->path_id) & ~RULE_NOTES) != 0)
			return true;
	}
	return false;
}

/* Keep what is true with the route. */
static void
keep(struct engine *e, struct table *t, const struct change *c, uint32_t rules_true)
{
	if (c->route == NULL || rules_true == c->rules_true)
		return;
	if (!routes_set_rules_true(&t->routes, c->route, c->net, c->path_id, rules_true) &&
	    rules_true & RULE_NOTES)
		passed_on_undo(e, t, c);
}

/* What was new of somebody who is caught now. */
static void
evaluate_noted(struct engine *e, const struct table *t, const struct offender *o)
{
	const struct router *r = t->peer->router;

	e->bursts.evaluating = o;
	for (uint32_t k = 0; k < o->noted_n; k++)
		for (struct peer *p = r->peers; p != NULL; p = p->next)
			for (struct table *x = p->tables; x != NULL; x = x->next)
				if (x->routes.kind == (o->noted[k] & NET_KIND) &&
				    net_in_use(&e->rib.nets, o->noted[k]))
					engine_reevaluate(e, x, o->noted[k], REASON_ANNOUNCED);
	e->bursts.evaluating = NULL;
}

static void
look_for_burst(struct engine *e, const struct table *t, const struct change *c,
    const struct route_facts *f, uint32_t rules_true)
{
	const struct offender *o = NULL;
	uint32_t path = attrs_path(&e->rib.attrs, c->after), leaker;

	if (e->bursts.evaluating != NULL)
		return;
	if (rules_true & RULES_PROVE_ORIGIN && f->has_origin &&
	    !detect_is_ours(e->detect, f->origin))
		o = bursts_prove(e, t, c, BURST_ORIGIN, f->origin);
	if (o != NULL)
		evaluate_noted(e, t, o);
	o = NULL;
	if (bmp_view_is_inbound(t->view) &&
	    (rules_true = detect_proofs_of_leak(f, rules_true)) != 0 &&
	    (leaker = leak_leaker(e, path, f->has_otc, f->otc, rules_true)) != 0)
		o = bursts_prove(e, t, c, BURST_LEAK, leaker);
	if (o != NULL)
		evaluate_noted(e, t, o);
}

/* Do the leak rules that are true rest on a relation that is no more than inferred? What a route
 * inherits is as certain as it was where it came in. */
static bool
rests_on_inferred(const struct engine *e, const struct table *t, const struct ip_prefix *ip,
    uint32_t path, const struct route_facts *facts, uint32_t rules_true)
{
	const struct known_leak *leak = facts->inherited != 0 ? leak_of(e, t, ip, path) : NULL;
	struct route_facts f;

	if (rules_true & (RULES_ROV | RULES_HIJACK))
		return false;
	if (leak == NULL || leak->certain)
		return detect_is_inferred(e->detect, facts, rules_true);
	f = *facts;
	f.inherited = 0;
	return (leak_rules(leak) & rules_true) == (rules_true & RULES_LEAK) ||
	       detect_is_inferred(e->detect, &f, rules_true);
}

/*
 * Nearly every route breaks nothing, and did not before: then it is enough that its block shows
 * nothing, which is known, that its prefix is one that no rule is about, and its origin not
 * invalid. *burst is set as bursts_rules has it.
 */
static bool
breaks_nothing(struct engine *e, const struct table *t, const struct change *c,
    const struct ip_prefix *ip, bool plain, uint32_t *burst)
{
	const struct block_facts *b = engine_block_facts(e, t, c->after);
	struct rov_result rov = engine_rov_of(e, c->net, ip, &b->facts);

	*burst = 0;
	if (e->bursts.n > 0 || c->rules_true & RULES_BURST)
		*burst = bursts_rules(e, t, c, &b->facts, rov.state == ROV_VALID);
	if (!plain || !b->silent || c->rules_true != 0 || *burst != 0 || rov.state == ROV_INVALID ||
	    detours_may(e, ip) || (e->own_gone.n > 0 && own_gone_in(e, ip) != NULL))
		return false;
	if (c->before != 0 && c->before != c->after && (b->far || proven_may(e, ip)))
		return false; /* it may be a detour */
	return leak_of(e, t, ip, attrs_path(&e->rib.attrs, c->after)) == NULL;
}

/* What is true of a route of a peer that is judged. */
static uint32_t
judge(struct engine *e, const struct table *t, const struct change *c, const struct ip_prefix *ip,
    struct route_facts *f)
{
	bool changed = c->before != 0 && c->before != c->after;
	uint32_t rules_true;

	f->rules_before = c->before != 0 ? c->rules_true : 0;
	if (!f->detour && changed &&
	    (f->path & PATH_FAR || proven_may(e, ip) || detect_own_of(e->detect, ip) != NULL))
		f->detour = detour_look(e, t, c, f);
	if (!f->detour && c->before != c->after && detours_may(e, ip))
		detour_direct(e, t, ip, attrs_path(&e->rib.attrs, c->after));
	rules_true = detect_route(e->detect, f);
	if (e->rov_frozen)
		rules_true = (rules_true & ~(uint32_t)RULES_ON_VRPS & ~frozen_aspa(e, c, f)) |
			     frozen_verdict(e, t, c, f);
	return rules_true;
}

/* Tell, keep and count what is true of it now. */
static void
conclude(struct engine *e, struct table *t, struct change *c, const struct ip_prefix *ip,
    const struct route_facts *f, uint32_t rules_true, uint8_t cause, int64_t router_us)
{
	uint32_t kept = rules_true, gone;
	bool inferred = false;

	if (kept >> RULE_LEAK_OWN & 1 || c->rules_true & RULE_NOTES)
		kept = passed_on_judge(e, t, c, rules_true);
	rules_true = kept & ~RULE_NOTES;
	if (rules_true & RULES_LEAK)
		inferred =
		    rests_on_inferred(e, t, ip, attrs_path(&e->rib.attrs, c->after), f, rules_true);
	if (rules_true != 0 || (c->rules_true & ~RULE_NOTES && !stands_in_new_table(t, c)))
		send(e, t, c, ip, rules_true, inferred,
		    rules_true != 0 ? cause : cause_of_end(cause, c), router_us);
	keep(e, t, c, kept);
	if ((kept | c->rules_true) >> RULE_LEAK_DETOUR & 1)
		detour_count(e, t, c, ip, kept);
	if (bmp_view_is_inbound(t->view) && (rules_true | c->rules_true) & RULES_LEAK)
		count_leaks(e, t, c, ip, rules_true, inferred, cause);
	gone = c->rules_true & ~rules_true & (RULES_PROVE_ORIGIN | RULES_PROVE_LEAK);
	if (gone != 0 && c->before != 0)
		bursts_unprove(e, t, c, gone);
	if (inferred) /* that proves nothing */
		rules_true &= ~(uint32_t)RULES_PROVE_LEAK;
	if (rules_true & (RULES_PROVE_ORIGIN | RULES_PROVE_LEAK))
		look_for_burst(e, t, c, f, rules_true);
}

/* The few of which a rule is, or was, or may be true. burst: as breaks_nothing has it. */
static void __attribute__((noinline)) evaluate_closely(struct engine *e, struct table *t,
    struct change *c, const struct ip_prefix *ip, uint32_t burst, uint8_t cause, int64_t router_us)
{
	struct route_facts facts;
	uint32_t rules_true = 0;

	if (c->after != 0 && t->peer->judged) {
		engine_facts_of_change(e, t, c, ip, &facts);
		facts.burst = burst;
		rules_true = judge(e, t, c, ip, &facts);
	}
	if (rules_true != 0 || c->rules_true != 0)
		conclude(e, t, c, ip, &facts, rules_true, cause, router_us);
}

void
engine_evaluate(
    struct engine *e, struct table *t, struct change *c, uint8_t cause, int64_t router_us)
{
	struct ip_prefix ip;
	uint32_t burst = 0;
	bool plain;

	if (c->same || (c->after == 0 && c->rules_true == 0 && !detect_has_own(e->detect)))
		return;
	net_prefix(&e->rib.nets, c->net, &ip);
	plain = detect_is_plain(e->detect, &ip);
	if (!plain && t->peer->judged && detect_is_near_own(e->detect, &ip)) {
		if (detect_own_of(e->detect, &ip) != NULL)
			presence_changed(e, t, c, &ip, cause);
		visible_changed(e, t, c, &ip, cause);
	}
	if (c->after == 0 && c->rules_true == 0)
		return;
	if (c->after != 0 && t->peer->judged) {
		bursts_see(e, t, c);
		if (breaks_nothing(e, t, c, &ip, plain, &burst))
			return;
	}
	evaluate_closely(e, t, c, &ip, burst, cause, router_us);
}

/* A path of a net, as it is. */
static void
evaluate_path(struct engine *e, struct table *t, uint32_t net, uint32_t path_id, uint8_t cause)
{
	struct route *r = routes_find(&t->routes, net, path_id);
	struct change c = { .route = r, .net = net, .path_id = path_id };

	if (r == NULL)
		return;
	c.before = c.after = r->attrs;
	c.rules_true = routes_rules_true(&t->routes, r, net, path_id);
	engine_forget_block(e);
	engine_evaluate(e, t, &c, cause, 0);
}

unsigned
engine_reevaluate(struct engine *e, struct table *t, uint32_t net, uint8_t cause)
{
	uint32_t ids[ROUTE_PATHS_MAX];
	unsigned n = routes_paths(&t->routes, net, ids, ROUTE_PATHS_MAX);

	for (unsigned i = 0; i < n; i++)
		evaluate_path(e, t, net, ids[i], cause);
	return n;
}

/* Other VRPs alone do nothing to a route that no rule was true of, whose prefix no rule is about,
 * and whose origin is not invalid by them; unless a VRP allowed an AS number that registries have
 * not handed out, or keeps the route out of a burst, or of what covers ours. */
static bool
stays_silent(struct engine *e, const struct table *t, uint32_t net, const struct ip_prefix *ip,
    uint64_t attrs)
{
	struct route_facts f;

	if (e->bursts.n > 0 || e->own_gone.n > 0)
		return false;
	f.path = engine_path_bits(e, attrs_path(&e->rib.attrs, attrs));
	if (f.path & (PATH_BOGON_ASN | PATH_EMPTY | PATH_CONFED))
		return false;
	f.has_origin = engine_origin(e, t, attrs, &f.origin);
	f.origin_unknown = false;
	return engine_rov_of(e, net, ip, &f).state != ROV_INVALID;
}

unsigned
engine_revalidate(struct engine *e, struct table *t, uint32_t net, uint8_t cause)
{
	uint32_t ids[ROUTE_PATHS_MAX];
	unsigned n = routes_paths(&t->routes, net, ids, ROUTE_PATHS_MAX);
	struct ip_prefix ip;
	bool plain;

	if (n == 0)
		return 0;
	net_prefix(&e->rib.nets, net, &ip);
	plain = detect_is_plain(e->detect, &ip);
	for (unsigned i = 0; i < n; i++) {
		const struct route *r = routes_find(&t->routes, net, ids[i]);

		if (r == NULL || !plain || r->any_rule || !stays_silent(e, t, net, &ip, r->attrs))
			evaluate_path(e, t, net, ids[i], cause);
	}
	return n;
}
