/* The neighbours of a router: who they are, and what they are to us. */
#include "collector/engine/engine_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"

enum { LATE_US = 30 * 1000000, QUIET_US = 10 * 1000000 };

/* --- what it is to us */

/* Set what the neighbour is to us: as configured, else by the AS numbers, else by the roles (RFC
 * 9234 4.2). A Loc-RIB is no neighbour. */
static void
set_relation(const struct engine *e, struct peer *p)
{
	enum relation r = NEIGHBOR_UNKNOWN;

	p->relation_configured = false;
	if (p->key.type != BMP_PEER_LOC_RIB) {
		r = detect_relation(e->detect, &p->address, p->as);
		p->relation_configured = r != NEIGHBOR_UNKNOWN;
		if (r == NEIGHBOR_UNKNOWN)
			r = detect_relation_by_as(e->detect, p->local_as, p->as);
		if (r == NEIGHBOR_UNKNOWN)
			r = relation_from_roles(p->sent_role, p->received_role);
		p->outside = r == NEIGHBOR_UNKNOWN
				 ? p->as != 0 && !detect_may_be_member(e->detect, p->as)
				 : r != NEIGHBOR_INTERNAL;
	}
	p->relation = (uint8_t)r;
}

bool
table_looks_at_relations(const struct engine *e, const struct table *t)
{
	uint8_t relation = t->peer->relation, like = peer_inferred(e, t->peer);

	if (t->view == BMP_VIEW_OUT_POST)
		return detect_gets_no_transit(relation) || like == NEIGHBOR_PROVIDER;
	return t->view <= BMP_VIEW_IN_POST &&
	       (relation_is_customer(relation) || like == NEIGHBOR_CUSTOMER);
}

void
peers_evaluate_by_relations(struct engine *e)
{
	for (struct router *r = e->routers; r != NULL; r = r->next)
		for (struct peer *p = r->peers; p != NULL; p = p->next)
			for (struct table *t = p->tables; t != NULL; t = t->next)
				if (table_looks_at_relations(e, t) && t->routes.kind != NET_KEY &&
				    t->routes.n > 0)
					job_evaluate(e, t, REASON_ROLES);
}

/* Sessions come and go together. */
void
peers_customers_tick(struct engine *e)
{
	if (e->customers_us == 0 || e->now_us < e->customers_us + QUIET_US)
		return;
	e->customers_us = 0;
	if (detect_is_for_customers(e->detect))
		job_reconfigure(e, REASON_ROLES);
}

/* Count it as what it is. Returns whether routes that its AS sent may be other than they were. */
static bool
count_relation(struct engine *e, struct peer *p, uint32_t asn, uint8_t relation)
{
	bool changed = false;

	if (asn == p->counted_as && relation == p->counted_relation)
		return false;
	changed |= relation_count(e, asn, relation, true);
	changed |= relation_count(e, p->counted_as, p->counted_relation, false);
	p->counted_as = asn;
	p->counted_relation = relation;
	return changed;
}

/* Count it as what it is, or looks like. */
static bool
count_peer(struct engine *e, struct peer *p)
{
	uint8_t relation = p->judged ? p->relation : NEIGHBOR_UNKNOWN, like = peer_inferred(e, p);

	return count_relation(e, p, p->as,
	    relation == NEIGHBOR_UNKNOWN && like != NEIGHBOR_UNKNOWN ? like | RELATION_INFERRED
								     : relation);
}

/* The same, and whether the rules judge it; true when something of it has changed. all: everything
 * will be evaluated in any case. */
static bool
refresh(struct engine *e, struct peer *p, bool all)
{
	char distinguisher[BGP_RD_TEXT_MAX];
	uint8_t relation = p->relation, like = peer_inferred(e, p);
	bool outside = p->outside, judged = p->judged;

	set_relation(e, p);
	inferred_recall(e, p);
	p->judged = peer_is_global(p) || detect_judges_vrf(e->detect, peer_table_name(p),
					     peer_distinguisher(p, distinguisher));
	if (count_peer(e, p) && !all)
		peers_evaluate_by_relations(e);
	return p->relation != relation || p->outside != outside || p->judged != judged ||
	       peer_inferred(e, p) != like;
}

static void
evaluate_again(struct engine *e, struct peer *p)
{
	for (struct table *t = p->tables; t != NULL; t = t->next)
		if (t->routes.kind != NET_KEY && t->routes.n > 0) /* no rule is for keys */
			job_evaluate(e, t, REASON_ROLES);
}

/* The same; if it has changed, evaluate the peer's routes again. */
static void
update(struct engine *e, struct peer *p)
{
	if (refresh(e, p, false))
		evaluate_again(e, p);
}

void
peer_count_inferred(struct engine *e, struct peer *p)
{
	if (count_peer(e, p))
		peers_evaluate_by_relations(e);
	evaluate_again(e, p);
}

void
peer_learn(struct engine *e, struct peer *p)
{
	const struct bmp_peer *live = p->live;
	bool other_as = p->as != live->as || p->local_as != live->local_as,
	     named = live->table_name[0] != '\0' &&
		     strncmp(p->table_name, live->table_name, sizeof(p->table_name) - 1) != 0;

	p->as = live->as;
	p->local_as = live->local_as;
	if (named)
		text_copy(p->table_name, sizeof(p->table_name), live->table_name);
	if (refresh(e, p, false) || other_as) /* the AS is the origin of some of its routes */
		evaluate_again(e, p);
	for (struct peer *q = p->router->peers; named && q != NULL; q = q->next)
		if (q != p && peers_share_table(p, q))
			update(e, q);
	if (p->key.type != BMP_PEER_LOC_RIB && p->relation != NEIGHBOR_INTERNAL)
		neighbor_seen(e, p->as);
}

void
peers_refresh_relations(struct engine *e)
{
	e->relations_version++;
	for (struct router *r = e->routers; r != NULL; r = r->next)
		for (struct peer *p = r->peers; p != NULL; p = p->next)
			(void)refresh(e, p, true);
}

/* What is monitored shows in each session anew. */
static void
forget_views(struct peer *p)
{
	memset(p->monitored, 0, sizeof(p->monitored));
	memset(p->complete, 0, sizeof(p->complete));
	p->late = false;
	p->last = NULL; /* the next route notes its view */
	volumes_begin(p);
}

/* --- a BGP session that begins anew */

/* Stale from now on. A sweep left over from the former session is called off: it would remove
 * routes that this one is about to announce. */
static void
make_stale(struct peer *p)
{
	rov_remember(p);
	forget_views(p);
	for (struct table *t = p->tables; t != NULL; t = t->next) {
		t->end_of_rib = false;
		job_call_off_sweep(t);
		routes_advance(&t->routes);
	}
}

static void
anew_is_over(struct peer *p)
{
	p->router->anew_n -= p->anew_us != 0;
	p->anew_us = 0;
}

void
peer_begin_anew(struct engine *e, struct peer *p, bool doubtful)
{
	make_stale(p);
	p->anew_doubtful = doubtful;
	p->router->anew_n += p->anew_us == 0;
	p->anew_us = e->now_us;
}

void
router_make_stale(struct router *r)
{
	for (struct peer *p = r->peers; p != NULL; p = p->next) {
		make_stale(p);
		anew_is_over(p); /* the router's own synchronisation sweeps */
	}
}

/* The feed is complete: what does the silence about a table say? The routes are gone; or nothing,
 * since the router does not show this view any more, or says nothing of the peer. */
static uint8_t
cause_of_sweep(const struct table *t)
{
	const struct peer *p = t->peer;

	return p->live != NULL && p->router->views_monitored >> t->view & 1 ? REASON_WITHDRAWN
									    : REASON_FEED_LOST;
}

void
peer_sweep(struct engine *e, struct peer *p)
{
	bool doubtful = p->anew_us != 0 && p->anew_doubtful;

	for (struct table *t = p->tables; t != NULL; t = t->next) {
		uint32_t stale = routes_stale(&t->routes);

		if (stale > 0 && (!doubtful || stale < t->routes.n))
			job_empty(e, t, EMPTY_STALE, cause_of_sweep(t));
	}
	anew_is_over(p);
}

/* --- what has told all it has */

/* Families that the rules judge, in the order of peer->monitored. */
static const struct bgp_family judged_families[] = { { AFI_IPV4, SAFI_UNICAST },
	{ AFI_IPV6, SAFI_UNICAST }, { AFI_IPV4, SAFI_LABELLED }, { AFI_IPV6, SAFI_LABELLED } };
enum { JUDGED_FAMILIES = 4 };

void
peer_begins(struct engine *e, struct peer *p)
{
	if (!p->router->settled)
		return;
	p->late = true;
	p->router->late_us = e->now_us;
}

void
peer_is_complete(struct engine *e, struct peer *p, uint8_t views)
{
	for (unsigned k = 0; k < JUDGED_FAMILIES; k++)
		emit_complete(e, p, judged_families[k], views);
}

void
peers_are_complete(struct engine *e, struct router *r)
{
	int64_t least = (int64_t)e->config.settle_s * 1000000 / 2;

	least = least < LATE_US ? least : LATE_US;
	for (struct peer *p = r->peers; p != NULL; p = p->next) {
		if (p->live == NULL)
			continue;
		if (e->now_us - p->live_us >= least)
			peer_is_complete(e, p, r->views_monitored);
		else
			peer_begins(e, p);
	}
}

/* Who, or of whom a view, began late, and has no End-of-RIB: complete when none has for a while. */
static void
late_ones(struct engine *e, struct router *r)
{
	if (e->now_us - r->late_us <= LATE_US)
		return;
	r->late_us = 0;
	for (struct peer *p = r->peers; p != NULL; p = p->next) {
		if (p->late && p->live != NULL)
			peer_is_complete(e, p, r->views_monitored);
		p->late = false;
	}
}

void
peers_tick(struct engine *e, struct router *r)
{
	if (r->session == NULL)
		return;
	if (r->late_us != 0)
		late_ones(e, r);
	for (struct peer *p = r->peers; p != NULL && r->anew_n > 0; p = p->next)
		if (p->anew_us != 0 &&
		    e->now_us - p->anew_us > (int64_t)e->config.settle_s * 1000000)
			peer_sweep(e, p);
}

/* --- coming and going */

static struct peer *
peer_new(struct engine *e, struct router *r, const struct bmp_peer_key *key)
{
	struct peer *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->key = *key;
	p->number = e->peers_n++;
	p->router = r;
	p->address = key->address;
	p->sent_role = p->received_role = BGP_ROLE_NONE;
	p->next = r->peers;
	r->peers = p;
	r->peers_n++;
	return p;
}

struct peer *
peer_of(struct engine *e, struct router *r, struct bmp_peer *live)
{
	struct peer *p = live->user;

	if (p != NULL)
		return p;
	for (p = r->peers; p != NULL; p = p->next)
		if (bmp_peer_key_equal(&p->key, &live->key))
			break;
	if (p == NULL && (p = peer_new(e, r, &live->key)) == NULL)
		return NULL;
	p->live = live;
	p->live_us = e->now_us;
	p->doubts_over = 0;
	live->user = p;
	peer_begins(e, p);
	peer_learn(e, p);
	return p;
}

static void
peer_free(struct engine *e, struct peer *p)
{
	if (count_relation(e, p, 0, NEIGHBOR_UNKNOWN))
		peers_evaluate_by_relations(e);
	while (p->tables != NULL) {
		struct table *t = p->tables;

		p->tables = t->next;
		peer_table_free(t);
	}
	if (e->infer_trial.peer == p)
		e->infer_trial.peer = NULL;
	rov_forget(p);
	free(p->statistics);
	free(p);
}

void
peers_forget(struct engine *e, struct router *r, bool even_up)
{
	struct peer **at = &r->peers;

	if (e->jobs.tables != NULL) /* tables that are being emptied know their peer */
		return;
	while (*at != NULL) {
		struct peer *p = *at;
		bool wanted = p->live != NULL || ((p->up || rov_awaits(e, p)) && !even_up);

		for (const struct table *t = p->tables; t != NULL; t = t->next)
			wanted |= t->routes.n > 0;
		if (wanted) {
			at = &p->next;
			continue;
		}
		*at = p->next;
		r->peers_n--;
		anew_is_over(p);
		peer_roles_over(e, p);
		peer_aspa_over(e, p);
		peer_free(e, p);
	}
}

void
router_peers_free(struct engine *e, struct router *r)
{
	while (r->peers != NULL) {
		struct peer *p = r->peers;

		r->peers = p->next;
		peer_free(e, p);
	}
}

/* --- their tables */

/* The table is to be emptied and then freed; the caller has taken it out of the peer's list. */
static void
drop_table(struct engine *e, struct table *t, uint8_t cause)
{
	t->peer->last = NULL;
	t->next = NULL;
	t->detached = true;
	job_empty(e, t, EMPTY_ALL, cause);
}

void
peer_drop_tables(struct engine *e, struct peer *p, uint8_t cause)
{
	rov_remember(p);
	while (p->tables != NULL) {
		struct table *t = p->tables;

		p->tables = t->next;
		drop_table(e, t, cause);
	}
	forget_views(p);
}

void
peer_drop_misread(
    struct engine *e, struct peer *p, uint8_t view, struct bgp_family family, bool path_ids)
{
	struct table **at = &p->tables;

	while (*at != NULL) {
		struct table *t = *at;

		if (t->view != view || !bgp_family_equal(t->family, family) ||
		    t->routes.addpath == path_ids) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		drop_table(e, t, REASON_WITHDRAWN);
	}
}
