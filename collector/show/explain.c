/* Why the routes of a prefix are what they are to the rules, as JSON: `bellman explain` makes text
 * of it. */
#include <stdio.h>
#include <string.h>

#include "collector/show/show_private.h"

struct explaining {
	struct engine *engine;
	struct printer *printer;
	bool octets;
};

static void
put_peer(struct jw *j, const struct engine_route *r)
{
	const struct engine_peer_info *p = r->peer;

	jw_uint(j, "peer_as", p->as);
	jw_uint(j, "local_as", p->local_as);
	jw_string(j, "distinguisher", p->distinguisher);
	jw_string(j, "table", p->table_name);
	jw_string(j, "view", bmp_view_name(r->view));
	jw_string(
	    j, "relation", relation_name(r->facts != NULL ? r->facts->relation : p->relation));
	jw_string(j, "relation_from", show_relation_from(p));
	show_inferred(j, p);
	jw_bool(j, "judged", r->judged);
}

/* --- the facts */

/* What one VRP says of the route (RFC 6811 2). */
enum vrp_says { VRP_MATCHES, VRP_WRONG_AS, VRP_TOO_LONG };

static enum vrp_says
vrp_says(const struct vrp *v, const struct route_facts *f)
{
	if (!f->has_origin || v->asn != f->origin || v->asn == 0)
		return VRP_WRONG_AS;
	return f->prefix->len > v->max_len ? VRP_TOO_LONG : VRP_MATCHES;
}

static void
put_vrps(struct jw *j, const char *key, enum vrp_says says, const struct engine_explanation *x,
    const struct route_facts *f)
{
	char text[IP_PREFIX_TEXT_MAX];

	jw_array(j, key);
	for (unsigned i = 0; i < x->vrps_n && i < EXPLAIN_VRPS_MAX; i++) {
		const struct vrp *v = &x->vrps[i];

		if (vrp_says(v, f) != says)
			continue;
		jw_object(j, NULL);
		jw_string(j, "prefix", ip_prefix_format(&v->prefix, text));
		jw_uint(j, "max_length", v->max_len);
		jw_uint(j, "asn", v->asn);
		jw_end_object(j);
	}
	jw_end_array(j);
}

static void
put_rov(struct jw *j, const struct engine_explanation *x, const struct route_facts *f)
{
	jw_object(j, "rov");
	jw_string(j, "state", rov_state_name(f->rov.state));
	jw_string(j, "reason", rov_reason_name(f->rov.reason));
	put_vrps(j, "matched", VRP_MATCHES, x, f);
	put_vrps(j, "wrong_as", VRP_WRONG_AS, x, f);
	put_vrps(j, "too_long", VRP_TOO_LONG, x, f);
	jw_uint(j, "vrps", x->vrps_n);
	jw_bool(j, "frozen", x->rov_frozen);
	jw_end_object(j);
}

static void
put_broken(struct jw *j, const char *key, const struct aspa_broken *b)
{
	if (b->customer == 0)
		return;
	jw_object(j, key);
	jw_uint(j, "customer", b->customer);
	jw_uint(j, "other", b->other);
	jw_end_object(j);
}

/* In both directions: from a customer, peer or route server; from a provider. */
static void
put_aspa(struct jw *j, const struct engine_explanation *x)
{
	if (!x->has_aspa)
		return;
	jw_object(j, "aspa");
	jw_string(j, "upstream", aspa_state_name(x->aspa.up));
	jw_string(j, "downstream", aspa_state_name(x->aspa.down));
	put_broken(j, "rising", &x->aspa.rising);
	put_broken(j, "descending", &x->aspa.descending);
	jw_end_object(j);
}

/* Direct ways that routes of the prefix had at the router, and left. */
static void
put_ways(struct jw *j, const struct engine_explanation *x)
{
	if (x->ways_n == 0)
		return;
	jw_array(j, "direct_ways");
	for (unsigned i = 0; i < x->ways_n; i++) {
		jw_object(j, NULL);
		jw_uint(j, "from", x->ways[i].way.left);
		jw_uint(j, "to", x->ways[i].way.right);
		jw_uint(j, "leaker", x->ways[i].way.leaker);
		jw_bool(j, "left", x->ways[i].taken);
		jw_end_object(j);
	}
	jw_end_array(j);
}

/* Which AS a bit of the path is about; 0: none, or it is not known. */
static uint32_t
about(const struct engine_explanation *x, uint16_t bit)
{
	return bit == PATH_BEYOND_STRANGER ? x->beyond
	       : bit == PATH_PROVIDER_FREE ? x->provider_free
					   : 0;
}

/* What the path says by itself. */
static void
put_path(struct jw *j, const struct engine_explanation *x)
{
	jw_array(j, "path_says");
	for (unsigned i = 0; i < 16; i++) {
		uint16_t bit = (uint16_t)(1U << i);
		const char *words = x->path & bit ? detect_path_words(bit) : NULL;

		if (words != NULL && about(x, bit) != 0)
			jw_stringf(j, NULL, "%s, AS%u", words, about(x, bit));
		else if (words != NULL)
			jw_string(j, NULL, words);
	}
	jw_end_array(j);
	if (x->sender != 0)
		jw_uint(j, "sender", x->sender);
}

static void
put_origin(struct jw *j, const struct engine_route *r)
{
	const struct route_facts *f = r->facts;

	if (r->has_origin)
		jw_uint(j, "origin_as", r->origin);
	else
		jw_null(j, "origin_as");
	jw_string(j, "origin_from",
	    f != NULL && f->origin_unknown ? "nobody knows it"
	    : f != NULL && f->local_origin ? "originated in the AS of the speaker"
	    : r->has_origin		   ? "path"
					   : "the path ends in an AS_SET");
}

/* --- what follows from them */

static void
put_rules(struct jw *j, const char *key, uint32_t rules)
{
	jw_array(j, key);
	for (int i = 0; i < RULES; i++)
		if (rules >> i & 1)
			jw_string(j, NULL, rule_info[i].name);
	jw_end_array(j);
}

static void
put_whys(struct jw *j, const char *key, const struct detect_why *v, unsigned n)
{
	jw_array(j, key);
	for (unsigned i = 0; i < n; i++) {
		jw_object(j, NULL);
		jw_string(j, "rule", rule_info[v[i].rule].name);
		jw_string(j, "why", v[i].text);
		jw_end_object(j);
	}
	jw_end_array(j);
}

static void
put_judgement(struct jw *j, const struct engine_route *r, const struct engine_explanation *x)
{
	char text[IP_PREFIX_TEXT_MAX];

	if (r->facts == NULL)
		return;
	put_rov(j, x, r->facts);
	put_aspa(j, x);
	put_ways(j, x);
	if (x->own.family != IP_NONE) {
		jw_object(j, "own");
		jw_string(j, "prefix", ip_prefix_format(&x->own, text));
		jw_bool(j, "derived", x->own_derived);
		jw_bool(j, "origin_allowed", x->own_allowed);
		jw_end_object(j);
	}
	jw_bool(j, "blackhole", r->facts->blackhole);
	put_rules(j, "rules", r->rules_true);
	put_rules(j, "rules_dry_run", r->rules_true & x->dry_run);
	put_rules(j, "rules_inherited", r->rules_true & r->facts->inherited);
	put_whys(j, "true_because", x->why, x->why_n);
	put_whys(j, "not_true", x->why_not, x->why_not_n);
}

static bool
each_route(void *ctx, const struct engine_route *r)
{
	const struct explaining *to = ctx;
	struct printer *p = to->printer;
	struct engine_explanation x;
	char text[IP_PREFIX_TEXT_MAX];
	struct jw *j;

	engine_explain(to->engine, r, &x);
	printer_row(p, NULL, NULL);
	printer_string(p, "prefix", ip_prefix_format(&r->prefix, text));
	printer_string(p, "family", bgp_family_name(r->family, text, sizeof(text)));
	printer_string(p, "router", r->router);
	show_peer_name(p, r->peer);
	j = printer_json(p);
	put_peer(j, r);
	jw_uint(j, "path_id", r->path_id);
	jw_time_us(j, "since", r->since_us);
	jw_bool(j, "stale", r->stale);
	show_attributes(j, to->engine, r);
	put_origin(j, r);
	put_path(j, &x);
	put_judgement(j, r, &x);
	if (to->octets)
		show_octets(j, to->engine, r);
	printer_end(p);
	return p->out->len < SHOW_PIECE;
}

bool
show_explain_rows(struct engine *e, struct show_query *q, struct printer *p)
{
	struct explaining to = { .engine = e, .printer = p, .octets = q->octets };

	return engine_lookup(e, &q->prefix, &q->at, each_route, &to);
}

/* --- what is near */

struct nearness {
	const struct ip_prefix *to;
	struct printer *printer;
};

static bool
each_near(void *ctx, const struct ip_prefix *prefix)
{
	const struct nearness *n = ctx;
	char text[IP_PREFIX_TEXT_MAX];

	printer_row(n->printer, NULL, NULL);
	printer_string(n->printer, "near", prefix->len < n->to->len ? "covering" : "more-specific");
	printer_string(n->printer, "prefix", ip_prefix_format(prefix, text));
	printer_end(n->printer);
	return true;
}

bool
show_near_rows(struct engine *e, struct show_query *q, struct printer *p)
{
	struct nearness n = { .to = &q->prefix, .printer = p };

	return engine_near(e, &q->prefix, &q->at, each_near, &n);
}
