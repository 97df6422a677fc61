/*
 * What a router makes of origins, against our VRPs. It says so in an extended community (RFC 8097)
 * of what it accepts and uses, and in gauges of its reports (RFC 9972: invalid, valid and not-found
 * of what it accepts, and of what it sends). Where that is otherwise for long, it is told
 * (troubles.c):
 *
 *   takes      not for invalid what is so by our VRPs: its validator is stale, or it has local
 *              exceptions
 *   stricter   for invalid what is not: the same, or our data is
 *   sends      to other networks what it takes for invalid, by its count alone: where its
 *              Adj-RIB-Out is monitored, the rules say it of each route
 *   shows      to other networks what it makes of a route, in the community: that is nobody's
 *              business, and somebody may believe it (RFC 8097 2)
 *
 * For the first only routes of which the rules of origin validation are true are looked at, and
 * these are few: a table with every look at the router, or a part of one that has many, one after
 * the other. The others are counted by the slow walk over all routes (survey.c).
 */
#include "collector/engine/engine_private.h"

#include <stdlib.h>

#include "base/pure/text.h"

enum {
	STATE_INVALID = 2, /* RFC 8097 2 */
	STATES = 3,
	LOOK_MAX = 20000, /* invalid routes of a table that are looked at */
	/* with a look, of all routers together, but at least; what a route costs */
	LOOK_SLOTS = 65536,
	LOOK_LEAST = 2048,
	ROUTE_COSTS = 32,
};

/* After a session came up, with an End-of-RIB and without. */
static const int64_t SOON_US = 10 * 1000000, LATE_US = 30 * 1000000;

/* Gauges of a family (RFC 9972), of post-policy Adj-RIB-In and Adj-RIB-Out. */
enum gauge { INVALID, VALID, NOT_FOUND, GAUGES };
static const uint16_t gauges_in[GAUGES] = { 35, 36, 37 }, gauges_out[GAUGES] = { 41, 42, 43 };

/* The state in the communities; STATES for none. */
static unsigned
state_of(struct cursor communities)
{
	while (cur_left(&communities) >= 8) {
		const uint8_t *one = cur_take(&communities, 8);

		if (one[0] == 0x43 && one[1] == 0x00)
			return one[7] < STATES ? one[7] : STATES;
	}
	return STATES;
}

/* Does what goes there leave our network, and organisation, to be used? */
static bool
goes_out(const struct engine *e, const struct peer *p)
{
	return p->outside && p->relation != NEIGHBOR_COLLECTOR &&
	       !detect_is_own_sibling(e->detect, p->as);
}

/* Is it one of the tables in which the router says what it makes of a route? */
static bool
is_looked_at(const struct engine *e, const struct table *t)
{
	return t->peer->judged && t->peer->live != NULL && t->routes.kind != NET_KEY &&
	       (t->view == BMP_VIEW_LOC_RIB ||
		   ((t->view == BMP_VIEW_IN_POST || t->view == BMP_VIEW_OUT_POST) &&
		       goes_out(e, t->peer)));
}

static bool
statistic(const struct table *t, uint16_t type, uint64_t *value)
{
	const struct peer_statistics *kept = t->peer->statistics;

	for (unsigned k = 0; kept != NULL && k < kept->n; k++)
		if (kept->v[k].type == type && kept->v[k].per_family &&
		    bgp_family_equal(kept->v[k].family, t->family)) {
			*value = kept->v[k].value;
			return true;
		}
	return false;
}

/* How many it counts as invalid; false when it does not say, in this session, or validates nothing.
 */
static bool
counted(const struct table *t, uint64_t *invalid)
{
	const uint16_t *gauges = t->view == BMP_VIEW_IN_POST	? gauges_in
				 : t->view == BMP_VIEW_OUT_POST ? gauges_out
								: NULL;
	uint64_t all = 0, one;

	if (gauges == NULL || t->peer->statistics == NULL ||
	    t->peer->statistics->at_us < peer_began_us(t->peer))
		return false;
	for (unsigned k = 0; k < GAUGES; k++) {
		if (!statistic(t, gauges[k], &one))
			return false;
		all += one;
		if (k == INVALID)
			*invalid = one;
	}
	return all > 0;
}

/* --- what it does not take for invalid */

/* How many of our invalid ones it does not count as such. */
static uint32_t
uncounted(const struct table *t, uint32_t invalid)
{
	uint64_t its;

	return counted(t, &its) && its < invalid ? invalid - (uint32_t)its : 0;
}

static void
look_at_route(const struct engine *e, const struct table *t, struct rov_look *l, uint32_t net,
    uint32_t path_id)
{
	const struct route *r = routes_find(&t->routes, net, path_id);

	if (r == NULL)
		return;
	l->invalid++;
	if (t->view == BMP_VIEW_OUT_POST ||
	    state_of(attrs_value(&e->rib.attrs, r->attrs, ATTR_EXT_COMMUNITIES)) >= STATE_INVALID)
		return;
	l->found.n++;
	l->found.net = net;
	l->found.marked = true;
}

static uint32_t
budget_of(const struct engine *e)
{
	uint32_t each = LOOK_SLOTS / (e->routers_n != 0 ? e->routers_n : 1);

	return each < LOOK_LEAST ? LOOK_LEAST : each;
}

/* false: there is more of it. */
static bool
look_at_table(const struct engine *e, struct table *t)
{
	struct rov_look *l = &t->rov_look;
	uint32_t budget = budget_of(e), net, path_id, rules, n;

	if (l->at == 0 || l->size != t->routes.rules_max)
		*l = (struct rov_look){
			.size = t->routes.rules_max, .whole = rov_can_be_seen(e, t), .seen = l->seen
		};
	while (l->invalid < LOOK_MAX &&
	       routes_rules_next(&t->routes, &l->at, &budget, &net, &path_id, &rules)) {
		if ((rules & RULES_ROV) == 0)
			continue;
		look_at_route(e, t, l, net, path_id);
		budget -= budget < ROUTE_COSTS ? budget : ROUTE_COSTS;
	}
	if (l->invalid < LOOK_MAX && l->at != UINT32_MAX)
		return false;
	t->rov_states = l->found;
	if (t->peer->statistics != NULL && (n = uncounted(t, l->invalid)) > l->found.n) {
		t->rov_states.n = n;
		t->rov_states.marked = false;
	}
	*l = (struct rov_look){ .seen = l->seen || l->whole };
	return true;
}

/* --- what the walk finds */

bool
rov_may_mark(const struct engine *e, const struct table *t)
{
	return is_looked_at(e, t);
}

void
rov_mark(const struct engine *e, const struct table *t, uint32_t net, attrs_block block,
    struct rov_marks *m)
{
	unsigned state = state_of(attrs_value(&e->rib.attrs, block, ATTR_EXT_COMMUNITIES));
	bool out = t->view == BMP_VIEW_OUT_POST, invalid, has_origin;
	bool counts = t->peer->statistics != NULL && t->peer->statistics->rov;
	uint32_t origin = 0;
	struct ip_prefix ip;

	if (out && state < STATES) {
		m->shown_n++;
		m->shown = net;
	}
	if (e->vrps == NULL || !(counts || (state == STATE_INVALID && !out)))
		return;
	net_prefix(&e->rib.nets, net, &ip);
	has_origin = engine_origin(e, t, block, &origin);
	invalid = vrp_validate(e->vrps, &ip, has_origin, origin).state == ROV_INVALID;
	m->invalid += invalid;
	if (state != STATE_INVALID || out || invalid)
		return;
	m->stricter_n++;
	m->net = net;
}

/* --- adding up */

/* Its Adj-RIB-Out of a family is monitored. */
static bool
has_out(const struct peer *p, struct bgp_family family)
{
	for (const struct table *t = p->tables; t != NULL; t = t->next)
		if (t->view == BMP_VIEW_OUT_POST && bgp_family_equal(t->family, family))
			return true;
	return peer_has_end(p, BMP_VIEW_OUT_POST, family);
}

/* What it sends to this neighbour and takes for invalid, where its count alone shows it; by its
 * last report, which may be one of a session before. */
static uint64_t
sent_to(const struct engine *e, const struct peer *p)
{
	const struct peer_statistics *kept = p->statistics;
	uint64_t n = 0;

	if (kept == NULL || !kept->rov || !p->judged || !goes_out(e, p))
		return 0;
	for (unsigned k = 0; k < kept->n; k++)
		if (kept->v[k].type == gauges_out[INVALID] && kept->v[k].per_family &&
		    !has_out(p, kept->v[k].family))
			n += kept->v[k].value;
	return n;
}

static bool
is_reported(const struct peer *p)
{
	return p->up && p->live != NULL && p->statistics != NULL &&
	       p->statistics->at_us >= peer_began_us(p);
}

/* What it counts as invalid beyond what is so by our VRPs. Of ADD-PATH the walk does not see all.
 */
static uint32_t
counted_beyond(const struct table *t)
{
	uint64_t its;

	if (t->routes.addpath || !counted(t, &its) || its <= t->marks.invalid)
		return 0;
	its -= t->marks.invalid;
	return its < UINT32_MAX ? (uint32_t)its : UINT32_MAX;
}

/* The walk has counted what is invalid of all of the table. */
static bool
is_walked(const struct table *t)
{
	return t->marks.whole && t->marks.counts;
}

static uint32_t
counted_too_many(const struct table *t)
{
	return is_walked(t) ? counted_beyond(t) : 0;
}

/* Routes of a table. */
static uint32_t
found_in(const struct table *t, enum rov_odds odds)
{
	uint32_t more;

	switch (odds) {
	case ROV_TAKES:
		return t->rov_states.n;
	case ROV_STRICTER:
		more = counted_too_many(t);
		return more > t->marks.stricter_n ? more : t->marks.stricter_n;
	case ROV_SHOWS:
		return t->marks.shown_n;
	default:
		return 0;
	}
}

/* --- what cannot be seen now */

static bool
is_of(const struct table *t, const struct rov_past *past)
{
	return t->view == past->view && bgp_family_equal(t->family, past->family);
}

static struct rov_past *
past_of(struct peer *p, const struct table *t)
{
	struct rov_past *past = p->rov_past;

	while (past != NULL && !is_of(t, past))
		past = past->next;
	if (past != NULL || (past = calloc(1, sizeof(*past))) == NULL)
		return past;
	past->view = t->view;
	past->family = t->family;
	past->next = p->rov_past;
	p->rov_past = past;
	return past;
}

static bool
is_by_count(const struct table *t, enum rov_odds odds)
{
	return odds == ROV_TAKES      ? !t->rov_states.marked
	       : odds == ROV_STRICTER ? counted_too_many(t) > t->marks.stricter_n
				      : false;
}

void
rov_remember(struct peer *p)
{
	for (struct table *t = p->tables; t != NULL; t = t->next) {
		for (enum rov_odds odds = 0; odds < ROV_ODDS; odds++) {
			uint32_t n = found_in(t, odds);
			struct rov_past *past = n > 0 ? past_of(p, t) : NULL;

			if (past == NULL || n < past->n[odds])
				continue;
			past->n[odds] = n;
			past->by_count[odds] = is_by_count(t, odds);
		}
		t->rov_look = (struct rov_look){ .size = 0 };
		t->marks.whole = t->marks_now.whole = false;
	}
}

void
rov_forget(struct peer *p)
{
	while (p->rov_past != NULL) {
		struct rov_past *past = p->rov_past;

		p->rov_past = past->next;
		free(past);
	}
}

bool
rov_awaits(const struct engine *e, const struct peer *p)
{
	const struct router *r = p->router;

	if (!r->expired && r->rov[ROV_SENDS].since_us != 0 && sent_to(e, p) > 0)
		return true;
	for (const struct rov_past *past = p->rov_past; past != NULL; past = past->next)
		for (enum rov_odds odds = 0; odds < ROV_ODDS; odds++)
			if (!r->expired && r->rov[odds].since_us != 0 && past->n[odds] > 0)
				return true;
	return false;
}

/* An End-of-RIB may come before what it ends, and where there are none, routes take their time. */
static bool
has_had_time(const struct engine *e, const struct peer *p, uint8_t view, struct bgp_family family)
{
	return e->now_us - p->up_us > (peer_has_end(p, view, family) ? SOON_US : LATE_US);
}

bool
rov_can_be_seen(const struct engine *e, const struct table *t)
{
	return table_has_told_all(e, t) && has_had_time(e, t->peer, t->view, t->family);
}

struct rov_marks
rov_marks_of(const struct engine *e, const struct table *t)
{
	return (struct rov_marks){ .whole = rov_can_be_seen(e, t),
		.counts = t->peer->statistics != NULL && t->peer->statistics->rov };
}

static bool
is_counted_again(const struct table *t, enum rov_odds odds)
{
	uint64_t its;

	return counted(t, &its) && (odds != ROV_STRICTER || is_walked(t));
}

/* Has what was found then been looked at again? Where there is no table, there is no such route. */
static bool
is_seen_again(
    const struct engine *e, const struct peer *p, const struct rov_past *past, enum rov_odds odds)
{
	bool any = false;

	if (p->live == NULL || !p->up)
		return false;
	for (const struct table *t = p->tables; t != NULL; t = t->next) {
		if (!is_of(t, past))
			continue;
		any = true;
		if (is_looked_at(e, t) &&
		    (!(odds == ROV_TAKES ? t->rov_look.seen : t->marks.whole) ||
			(past->by_count[odds] && !is_counted_again(t, odds))))
			return false;
	}
	return any || (peer_has_told_all(e, p, past->view, past->family) &&
			  has_had_time(e, p, past->view, past->family));
}

/* By how many there were more than are found now. */
static uint32_t
missing(
    const struct engine *e, const struct peer *p, const struct rov_past *past, enum rov_odds odds)
{
	uint32_t n = past->n[odds];

	for (const struct table *t = p->tables; t != NULL; t = t->next)
		if (is_of(t, past) && is_looked_at(e, t))
			n -= found_in(t, odds) < n ? found_in(t, odds) : n;
	return n;
}

/* --- all of a router */

/* A view shows what another one does: the one that has most counts. With *most: those, too, that
 * were found and cannot be seen now. */
static uint64_t
sum_of(const struct engine *e, const struct router *r, enum rov_odds odds, uint64_t *most)
{
	uint64_t by_view[BMP_VIEWS] = { 0 }, unseen[BMP_VIEWS] = { 0 }, sum = 0;

	*most = 0;
	for (const struct peer *p = r->peers; p != NULL && odds == ROV_SENDS; p = p->next) {
		uint64_t n = sent_to(e, p);

		sum += is_reported(p) ? n : 0;
		*most += n;
	}
	for (const struct peer *p = r->peers; p != NULL; p = p->next) {
		for (const struct table *t = p->tables; t != NULL; t = t->next)
			if (is_looked_at(e, t)) {
				by_view[t->view] += found_in(t, odds);
				if (odds == ROV_STRICTER && !is_walked(t))
					unseen[t->view] += counted_beyond(t);
			}
		for (struct rov_past *past = p->rov_past; past != NULL; past = past->next)
			if (past->n[odds] > 0 && is_seen_again(e, p, past, odds))
				past->n[odds] = 0;
			else
				unseen[past->view] += missing(e, p, past, odds);
	}
	for (unsigned v = 0; v < BMP_VIEWS; v++) {
		sum = by_view[v] > sum ? by_view[v] : sum;
		*most = by_view[v] + unseen[v] > *most ? by_view[v] + unseen[v] : *most;
	}
	*most = sum > *most ? sum : *most;
	return sum;
}

bool
rov_is_told(const struct router *r, enum rov_odds odds)
{
	return r->rov[odds].told;
}

bool
rov_is_known(const struct engine *e, const struct router *r, enum rov_odds odds)
{
	bool walked = e->survey.walks >= r->rov_walks + 2; /* one whole one in the session */
	bool validated = e->vrps != NULL && !e->rov_frozen;

	return (odds == ROV_TAKES ? r->rov_looked && validated
				  : walked && (odds != ROV_STRICTER || validated)) &&
	       !r->rov[odds].unknown && (r->rov[odds].since_us == 0 || rov_is_told(r, odds));
}

/* The number that is told follows when it is twice as many, or half. What cannot be seen is as it
 * was, and does not grow older. */
static void
take_sum(const struct engine *e, struct router *r, enum rov_odds odds)
{
	struct rov_sum *s = &r->rov[odds];
	uint64_t most, sum = sum_of(e, r, odds, &most);
	uint32_t n = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
	int64_t before_us = s->at_us;

	s->at_us = e->now_us;
	s->unknown = n < e->config.rov_mismatch_least && most >= e->config.rov_mismatch_least;
	if (s->unknown) {
		s->since_us += s->since_us != 0 && !s->told ? e->now_us - before_us : 0;
		return;
	}
	if (n < e->config.rov_mismatch_least)
		s->since_us = 0;
	else if (s->since_us == 0)
		s->since_us = e->now_us;
	s->told = s->since_us != 0 &&
		  e->now_us - s->since_us >= (int64_t)e->config.rov_mismatch_s * 1000000;
	if (s->told && (n < most || (n / 2 < s->n && n > s->n / 2)))
		return;
	s->n = n;
	s->example[0] = '\0';
}

void
rov_states_look(struct engine *e, struct router *r)
{
	bool validated = e->vrps != NULL && !e->rov_frozen;
	bool looked = false, whole = true;
	uint32_t at = 0;

	if (!r->synced || e->config.rov_mismatch_least == 0)
		return;
	take_sum(e, r, ROV_SENDS);
	take_sum(e, r, ROV_SHOWS);
	if (!validated)
		return;
	for (struct peer *p = r->peers; p != NULL && !looked; p = p->next)
		for (struct table *t = p->tables; t != NULL && !looked; t = t->next)
			if (is_looked_at(e, t) && at++ == r->rov_at) {
				whole = look_at_table(e, t);
				looked = true;
			}
	r->rov_at = looked ? r->rov_at + whole : 0;
	r->rov_looked |= !looked; /* at all of them */
	take_sum(e, r, ROV_TAKES);
	if (e->survey.walks >= r->rov_walks + 2)
		take_sum(e, r, ROV_STRICTER);
}

/* --- one of them */

static bool
has_net(const struct table *t, enum rov_odds odds, uint32_t *net)
{
	*net = odds == ROV_TAKES      ? t->rov_states.net
	       : odds == ROV_STRICTER ? t->marks.net
				      : t->marks.shown;
	return odds == ROV_TAKES      ? t->rov_states.n > 0 && t->rov_states.marked
	       : odds == ROV_STRICTER ? t->marks.stricter_n > 0
				      : t->marks.shown_n > 0;
}

/* A table with such routes, one of which a route is known first; NULL for none. */
static const struct table *
example(const struct engine *e, const struct router *r, enum rov_odds odds)
{
	const struct table *found = NULL;
	uint32_t net;

	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		for (const struct table *t = p->tables; t != NULL; t = t->next)
			if (is_looked_at(e, t) && found_in(t, odds) > 0 &&
			    (found == NULL ||
				(has_net(t, odds, &net) && !has_net(found, odds, &net))))
				found = t;
	return found;
}

static void
put_neighbor(struct txt *t, const struct peer *p)
{
	char address[IP_ADDR_TEXT_MAX];

	txt_putf(t, "%s AS%u", ip_addr_format(&p->address, address), p->as);
}

static void
put_table(const struct engine *e, struct txt *t, const struct table *x, enum rov_odds odds)
{
	char prefix[IP_PREFIX_TEXT_MAX];
	struct ip_prefix ip;
	uint32_t net;

	if (has_net(x, odds, &net) && net_in_use(&e->rib.nets, net)) {
		net_prefix(&e->rib.nets, net, &ip);
		txt_putf(t, "%s in ", ip_prefix_format(&ip, prefix));
	}
	if (x->view == BMP_VIEW_LOC_RIB) {
		txt_puts(t, "the Loc-RIB");
	} else if (x->view == BMP_VIEW_OUT_POST) {
		txt_puts(t, "what goes to ");
		put_neighbor(t, x->peer);
	} else {
		txt_puts(t, "what ");
		put_neighbor(t, x->peer);
		txt_puts(t, " sends");
	}
}

const char *
rov_example(const struct engine *e, struct router *r, enum rov_odds odds)
{
	char *out = r->rov[odds].example;
	const struct peer *p = r->peers;
	const struct table *x;
	struct txt t;

	if (out[0] != '\0')
		return out;
	t = txt_of(out, sizeof(r->rov[odds].example));
	if (odds != ROV_SENDS) {
		x = example(e, r, odds);
		if (x != NULL)
			put_table(e, &t, x, odds);
		return out;
	}
	while (p != NULL && sent_to(e, p) == 0)
		p = p->next;
	if (p != NULL)
		put_neighbor(&t, p);
	return out;
}
