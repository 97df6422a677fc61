/* Fills in a finding: the route, its scope, and what the rule saw. */
#include "collector/engine/engine_private.h"

static void
set_scope(struct engine *e, const struct edge *edge, const struct detect *d, struct finding *f)
{
	const struct leak *leak;
	const struct detect_own *own;

	switch (rule_info[f->rule].scope) {
	case SCOPE_ORIGIN:
		f->scope_as = f->has_origin ? f->origin : 0;
		break;
	case SCOPE_NEIGHBOR:
		f->scope_as = edge->table->peer->as;
		leak = leak_of(e, edge->table, edge->net, attrs_path(&e->rib.attrs, edge->block));
		if (leak != NULL) {
			f->scope_as = leak->neighbor_as;
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

/* What the rule saw, for people. */
static void
set_evidence(struct engine *e, const struct edge *edge, struct finding *f)
{
	uint32_t path = attrs_path(&e->rib.attrs, edge->block);

	if (path != 0)
		finding_set_path(f, path_value(&e->rib.attrs, path));
	if (f->rule == RULE_LEAK_PEERLOCK && path != 0)
		f->provider_free_as = detect_path_provider_free(e->detect,
		    path_value(&e->rib.attrs, path),
		    engine_path_bits(e, path) & PATH_BEYOND_STRANGER);
	if (f->rule == RULE_ROV_ASN || f->rule == RULE_ROV_LENGTH)
		set_vrps(e, f);
}

void
finding_build(struct engine *e, const struct edge *edge, struct finding *f)
{
	const struct table *t = edge->table;
	const struct peer *p = t->peer;
	/* what a new configuration ends began under the one before: take the scope from that one */
	const struct detect *d = !edge->on && edge->cause == REASON_CONFIG && e->detect_old != NULL
				     ? e->detect_old
				     : e->detect;

	*f = (struct finding){ .rule = (uint8_t)edge->rule,
		.on = edge->on,
		.view = t->view,
		.cause = edge->cause,
		.relation = p->relation,
		.relation_configured = p->relation_configured,
		.outbound = t->view == BMP_VIEW_OUT_PRE || t->view == BMP_VIEW_OUT_POST,
		.views_monitored = peer_views(p, t->family),
		.router = p->router->number,
		.peer = p->address,
		.peer_as = p->as,
		.local_as = p->local_as,
		.prefix = *edge->prefix,
		.path_id = edge->path_id,
		.at_us = e->now_us,
		.router_us = edge->router_us };
	f->has_origin = engine_origin(e, t, edge->block, &f->origin);
	f->has_otc = attrs_otc(&e->rib.attrs, edge->block, &f->otc);
	set_scope(e, edge, d, f);
	if (edge->on)
		set_evidence(e, edge, f);
}
