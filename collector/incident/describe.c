/*
 * What is there now, as a record: who has it, which routes are the newest and the gravest, and of
 * the first of them what the rules saw and who sent it.
 */
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

enum {
	LOOK_MAX = 65536, /* member routes that are looked at, the newest */
	MANY = 1000,	  /* incidents among which nobody looks for relatives */
};

/* --- which routes */

/* A prefix that may be shown: how far it got, and the member that shows who sent it. */
struct candidate {
	bool ours; /* hijacked, not only told with it */
	const struct member *sender;
	uint64_t order; /* of its newest member */
	uint8_t furthest;
	bool is_new;
};

struct candidates {
	struct candidate v[RECORD_EXAMPLES_MAX];
	unsigned n;
};

static bool
before(const struct candidate *a, const struct candidate *b)
{
	if (a->ours != b->ours)
		return a->ours;
	if (a->is_new != b->is_new)
		return a->is_new;
	if (a->furthest != b->furthest)
		return a->furthest > b->furthest;
	return a->order > b->order;
}

static void
sort_up(struct candidates *c, unsigned at)
{
	struct candidate moved = c->v[at];

	for (; at > 0 && before(&moved, &c->v[at - 1]); at--)
		c->v[at] = c->v[at - 1];
	c->v[at] = moved;
}

/* How far a member is from where the route came into our network. What another router of ours tells
 * came in there, or at yet another one. */
static unsigned
distance(const struct incidents *t, const struct member *m)
{
	bool inbound = m->view == VIEW_IN_PRE || m->view == VIEW_IN_POST;

	return inbound && incident_stays_inside(t->sources[m->source].relation)
		   ? 2 * VIEW_IN_POST + 1
		   : 2U * m->view;
}

/* The newest come first, so a sender that is there is newer than this member. */
static void
extend(const struct incidents *t, struct candidate *c, const struct member *m)
{
	if (m->view > c->furthest)
		c->furthest = m->view;
	if (distance(t, m) < distance(t, c->sender))
		c->sender = m;
}

static void
consider(const struct incidents *t, struct candidates *c, const struct member *m,
    uint64_t published_order)
{
	struct candidate it = { .sender = m,
		.ours = m->rules & RULES_HIJACK,
		.order = m->order,
		.furthest = m->view,
		.is_new = m->order > published_order };

	for (unsigned k = 0; k < c->n; k++) {
		if (ip_prefix_cmp(&c->v[k].sender->prefix, &m->prefix) == 0) {
			extend(t, &c->v[k], m);
			sort_up(c, k);
			return;
		}
	}
	if (c->n == RECORD_EXAMPLES_MAX) {
		if (!before(&it, &c->v[c->n - 1]))
			return;
		c->n--;
	}
	c->v[c->n] = it;
	sort_up(c, c->n++);
}

/* The first one's members of lower views may be older than what was looked at when it was found. */
static void
find_sender(const struct incidents *t, const struct incident *i, struct candidate *c)
{
	unsigned looked = 0;

	for (const struct member *m = i->members; m != NULL && looked < LOOK_MAX;
	     m = m->next, looked++)
		if (ip_prefix_cmp(&m->prefix, &c->sender->prefix) == 0)
			extend(t, c, m);
}

/* --- into the record */

/* Who stands before all the origins of what one neighbour sends: of many at once it is his doing
 * rather than theirs. 0: nobody does, or the neighbour himself. */
static uint32_t
common_suspect(const struct incident *i)
{
	unsigned looked = 0;
	uint32_t suspect = 0;

	for (const struct member *m = i->members; m != NULL && looked < LOOK_MAX;
	     m = m->next, looked++) {
		const struct seen *s = m->seen;
		uint32_t left = s->has_origin
				    ? detect_path_left_of(cur_of(s->path, s->path_len), s->origin)
				    : 0;

		if (left == 0 || left == s->via_as || (suspect != 0 && left != suspect))
			return 0;
		suspect = left;
	}
	return suspect;
}

/* What a relation is by no more than sizes of tables, where the rule rests on it. */
static void
set_inferred(struct record_facts *to, const struct incident *i, const struct seen *s,
    const struct source *source)
{
	to->inferred = incident_is_inferred(i);
	if (source->relation == NEIGHBOR_UNKNOWN && source->like != NEIGHBOR_UNKNOWN) {
		to->relation = source->like;
		to->relation_inferred = true;
		to->relation_in = source->like_in;
		to->relation_out = source->like_out;
		to->relation_full = source->like_full;
	}
	if (s->inferred) {
		to->inferred_as = s->inferred_as;
		to->inferred_relation = s->inferred_relation;
	}
}

static void
set_facts(struct record_facts *to, const struct incident *i, const struct member *m,
    const struct source *source)
{
	const struct seen *s = m->seen;
	const struct record_facts before = *to;

	*to = (struct record_facts){ .prefix = m->prefix,
		.first_view = m->view,
		.has_otc = s->has_otc && 1U << RULE_LEAK_OTC & m->rules,
		.provider_free_as = s->provider_free_as,
		.leaked_from_as = s->leaked_from_as,
		.leaked_to_as = s->leaked_to_as,
		.direct_from_as = s->direct_from_as,
		.direct_to_as = s->direct_to_as,
		.relation = source->relation,
		.relation_configured = source->relation_configured,
		.offender_as = i->width == WIDTH_NEIGHBOR && is_rov(i) ? common_suspect(i)
								       : i->doer_as,
		.benign = s->benign,
		.next_hop = s->next_hop,
		.communities_n = s->communities_n,
		.cause = before.cause,
		.cause_vrps_n = before.cause_vrps_n,
		.seen_us = m->since_us,
		.router_us = m->router_us };
	memcpy(to->cause_vrps, before.cause_vrps, sizeof(to->cause_vrps));
	if (m->rules & 1U << RULE_ASPA) {
		to->aspa_customer = s->aspa_customer;
		to->aspa_other = s->aspa_other;
		to->aspa_providers_n = s->aspa_providers_n;
		memcpy(to->aspa_providers, s->aspa_providers, sizeof(to->aspa_providers));
	}
	set_inferred(to, i, s, source);
	to->otc = to->has_otc ? s->otc : 0;
	memcpy(to->communities, s->communities, sizeof(to->communities));
	if (m->rules & (RULES_HIJACK | 1U << RULE_COVERING | 1U << RULE_OWN_SPECIFIC))
		to->own = s->own;
	if (!(m->rules & RULES_ON_VRPS))
		return;
	if (m->rules & RULES_ROV)
		to->rov = m->rules & 1U << RULE_ROV_LENGTH ? RECORD_ROV_LENGTH : RECORD_ROV_ASN;
	for (; to->vrps_n < s->vrps_n && to->vrps_n < RECORD_VRPS_MAX; to->vrps_n++) {
		const struct vrp *v = &s->vrps[to->vrps_n];

		to->vrps[to->vrps_n] = (struct record_vrp){ v->prefix, v->max_len, v->asn };
	}
}

/* The member that shows who sent it. */
static void
set_sender(
    struct incidents *t, struct incident *i, const struct member *m, struct record_incident *r)
{
	const struct source *s = &t->sources[m->source];
	const struct feed *f = feed_of(t, s->router);
	bool answers = incident_answers_hijack(t, i);

	text_copy(r->router, sizeof(r->router), f != NULL ? f->name : "");
	if (s->address.family != IP_NONE)
		ip_addr_format(&s->address, r->peer);
	else
		text_copy(r->peer, sizeof(r->peer), "loc-rib");
	r->peer_as = s->as;
	text_copy(r->table, sizeof(r->table), s->table);
	text_copy(r->distinguisher, sizeof(r->distinguisher), s->distinguisher);
	r->has_origin = m->seen->has_origin;
	r->origin = m->seen->origin;
	member_path(m, r->as_path, sizeof(r->as_path));
	set_facts(&r->facts, i, m, s);
	if (answers)
		r->facts.benign = BENIGN_ANSWER;
}

static void
set_routes(struct incidents *t, struct incident *i, struct record_incident *r)
{
	struct candidates c = { .n = 0 };
	unsigned looked = 0;

	for (const struct member *m = i->members; m != NULL && looked < LOOK_MAX;
	     m = m->next, looked++)
		consider(t, &c, m, i->published_order);
	if (c.n == 0)
		return;
	find_sender(t, i, &c.v[0]);
	r->examples_n = (uint8_t)c.n;
	for (unsigned k = 0; k < c.n; k++)
		r->examples[k] = c.v[k].sender->prefix;
	set_sender(t, i, c.v[0].sender, r);
}

static bool
is_same_holder(const struct incidents *t, const struct holding *h, const struct awaited *a)
{
	const struct source *s = &t->sources[h->source];
	const struct feed *f = feed_of(t, s->router);

	return f != NULL && a->family == HOLDER_V4 + s->family && strcmp(a->router, f->name) == 0 &&
	       strcmp(a->distinguisher, s->distinguisher) == 0 &&
	       memcmp(&a->peer, &s->address, sizeof(s->address)) == 0;
}

/* Who has not said yet whether all of it is over has what it had, when some of it has come back. */
static void
holder_of_holding(const struct incidents *t, const struct incident *i, const struct holding *h,
    struct record_holder *to)
{
	const struct source *s = &t->sources[h->source];
	const struct feed *f = feed_of(t, s->router);

	text_copy(to->router, sizeof(to->router), f != NULL ? f->name : "");
	text_copy(to->distinguisher, sizeof(to->distinguisher), s->distinguisher);
	to->peer = s->address;
	to->peer_as = s->as;
	to->family = (uint8_t)(HOLDER_V4 + s->family);
	to->routes = h->routes;
	to->since_us = h->since_us;
	to->lost = f == NULL || f->state == FEED_DOWN;
	for (unsigned v = 0; v < VIEWS; v++)
		if (h->n[v] > 0)
			to->views |= (uint8_t)(1U << v);
	for (uint32_t k = 0; k < i->awaited_n; k++) {
		const struct awaited *a = &i->awaited[k];

		if (!is_same_holder(t, h, a))
			continue;
		to->views |= a->views;
		to->routes = a->routes > to->routes ? a->routes : to->routes;
	}
}

static bool
is_holding(const struct incidents *t, const struct incident *i, const struct awaited *a)
{
	for (uint32_t k = 0; k < i->holdings_n; k++)
		if (is_same_holder(t, &i->holdings[k], a))
			return true;
	return false;
}

static void
holder_of_awaited(const struct awaited *a, struct record_holder *to)
{
	text_copy(to->router, sizeof(to->router), a->router);
	text_copy(to->distinguisher, sizeof(to->distinguisher), a->distinguisher);
	to->peer = a->peer;
	to->peer_as = a->peer_as;
	to->family = a->family;
	to->views = a->views;
	to->routes = a->routes;
	to->since_us = a->since_us;
	to->lost = true;
}

void
incident_holders(
    const struct incidents *t, const struct incident *i, uint32_t from, struct record_incident *r)
{
	uint32_t n = 0;

	memset(r->holders, 0, sizeof(r->holders));
	for (uint32_t k = 0; k < i->holdings_n; k++, n++)
		if (n >= from && n - from < RECORD_HOLDERS_MAX)
			holder_of_holding(t, i, &i->holdings[k], &r->holders[n - from]);
	for (uint32_t k = 0; k < i->awaited_n; k++) {
		if (is_holding(t, i, &i->awaited[k]))
			continue;
		if (n >= from && n - from < RECORD_HOLDERS_MAX)
			holder_of_awaited(&i->awaited[k], &r->holders[n - from]);
		n++;
	}
	r->holders_n = n - from;
}

static void
set_holders(struct incidents *t, struct incident *i, struct record_incident *r)
{
	uint32_t routers[64], routers_n = 0;

	for (uint32_t k = 0; k < i->holdings_n && routers_n < 64; k++) {
		const struct source *s = &t->sources[i->holdings[k].source];
		uint32_t known = 0;

		while (known < routers_n && routers[known] != s->router)
			known++;
		if (known == routers_n)
			routers[routers_n++] = s->router;
	}
	incident_holders(t, i, 0, r);
	if (routers_n > 0)
		r->routers_n = routers_n;
}

static void
set_facets(const struct incident *i, struct record_incident *r)
{
	r->facets_n = 0;
	for (unsigned k = 0; k < RULES && r->facets_n < RECORD_FACETS_MAX; k++)
		if (i->rules_n[k] > 0 && k != i->rule)
			text_copy(
			    r->facets[r->facets_n++], sizeof(r->facets[0]), rule_info[k].name);
}

/* Other open incidents of the same doer. */
static void
set_related(const struct incidents *t, const struct incident *i, struct record_incident *r)
{
	r->related_n = 0;
	if (i->doer_as == 0 || t->n > MANY) /* a storm has no relatives */
		return;
	for (const struct incident *o = t->list; o != NULL; o = o->next)
		if (o != i && o->published && o->doer_as == i->doer_as &&
		    r->related_n < RECORD_RELATED_MAX)
			text_copy(r->related[r->related_n++], RECORD_ID_MAX, o->rec.id);
}

struct record_incident *
incident_describe(struct incidents *t, struct incident *i)
{
	struct record_incident *r = incident_record(t, i);

	/* what has come back of what was there before a restart is less than was told */
	if (!i->restored || i->routes > 0) {
		r->prefixes_n = i->prefixes.used;
		/* what came and went while it was held is told all the same */
		r->views = i->published || i->routes > 0 ? incident_views(i) : i->seen_views;
		memcpy(r->view_counts, i->view_counts, sizeof(r->view_counts));
	}
	if (i->restored && i->published && i->prefixes.used < i->published_n) {
		r->prefixes_n = i->published_n;
		r->views |= i->published_views;
	}
	r->prefixes_added = i->added;
	r->prefixes_removed = i->removed;
	if (i->routes > 0) {
		r->views_missing = incident_views_missing(t, i);
		r->victims_n = i->victims.used;
		memset(r->victims, 0, sizeof(r->victims));
		tally_values(&i->victims, r->victims, RECORD_VICTIMS_MAX);
		if (1U << i->rule & RULES_HIJACK) /* ours, which has no AS number here */
			r->victims_n = 0;
		r->own_n = 1U << i->rule & RULES_HIJACK	  ? i->victims.used
			   : i->members->seen->own_origin ? i->prefixes.used
							  : 0;
		set_facets(i, r);
		set_routes(t, i, r);
	}
	if (i->routes > 0 || i->awaited_n > 0)
		set_holders(t, i, r);
	set_related(t, i, r);
	incident_words(t, i, r);
	record_evidence_of_facts(r);
	return r;
}
