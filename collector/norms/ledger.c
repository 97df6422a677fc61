#include "collector/norms/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ptrmap.h"
#include "collector/norms/ledger_private.h"

const char *const ledger_fate_names[FATES] = { "sent", "accepted", "used", "spread", "held",
	"unproved" };
const char *const ledger_reach_names[REACHES] = { "filtered", "received", "accepted", "in-use",
	"passed-on", "unknown" };

struct ledger *
ledger_new(ledger_row put, void *ctx)
{
	struct ledger *l = calloc(1, sizeof(*l));

	if (l != NULL) {
		l->put = put;
		l->ctx = ctx;
	}
	return l;
}

void
ledger_free(struct ledger *l)
{
	if (l == NULL)
		return;
	while (l->items != NULL)
		ledger_take_out(l, &l->items);
	ptrmap_free(&l->by_name);
	free(l);
}

/* --- time */

static void
add_session(struct ledger_item *i, uint64_t dt)
{
	if (i->state == LEDGER_UNKNOWN)
		return;
	*(i->state == LEDGER_DOWN ? &i->down_s : &i->known_s) += dt;
	for (unsigned k = 0; i->state == LEDGER_KNOWN && k < LEDGER_COUNTS; k++)
		if (i->has[k]) {
			i->count_s[k] += dt;
			i->sum[k] += dt * i->n[k];
		}
	i->dirty = true;
}

static void
add_way(struct ledger_item *i, uint64_t dt, int64_t to_s)
{
	if (!i->here)
		return;
	i->reach_s[i->reach] += dt;
	if (i->open)
		i->spans[i->spans_n - 1].to_s = to_s;
	i->dirty = true;
}

static void
add_time(struct ledger *l, int64_t to_s)
{
	uint64_t dt = (uint64_t)(to_s - l->now_s);

	l->watched_s += dt;
	l->dirty = true;
	for (struct ledger_item *i = l->items; i != NULL; i = i->next) {
		if (i->name.kind == ITEM_SESSION || i->name.kind == ITEM_USE)
			add_session(i, dt);
		if (i->name.kind == ITEM_WAY)
			add_way(i, dt, to_s);
		for (unsigned k = 0; i->name.kind == ITEM_WRONG && k < FATES; k++) {
			i->fate_s[k] += dt * i->fate[k];
			i->dirty |= i->fate[k] > 0;
		}
	}
	l->now_s = to_s;
}

/* A new day: what is there goes on, from nothing. */
static void
begin_day(struct ledger *l)
{
	l->watched_s = l->left_out = 0;
	for (struct ledger_item **at = &l->items; *at != NULL;) {
		struct ledger_item *i = *at;
		uint32_t any = 0;

		for (unsigned k = 0; k < FATES; k++)
			any |= i->fate[k];
		if (i->name.kind == ITEM_WRONG ? any == 0 : !i->here) {
			ledger_take_out(l, at);
			continue;
		}
		i->known_s = i->down_s = 0;
		memset(i->count_s, 0, sizeof(i->count_s));
		memset(i->sum, 0, sizeof(i->sum));
		memcpy(i->most, i->n, sizeof(i->most));
		memset(i->fate_s, 0, sizeof(i->fate_s));
		memcpy(i->fate_most, i->fate, sizeof(i->fate_most));
		memset(i->reach_s, 0, sizeof(i->reach_s));
		i->more = 0;
		i->beyond = false;
		i->spans_n = i->open;
		i->spans[0] = (struct norm_span){ l->now_s, l->now_s };
		at = &i->next;
	}
}

/* Nobody watched: nobody knows what has become of what was there. */
static void
go_blind(struct ledger *l)
{
	for (struct ledger_item *i = l->items; i != NULL; i = i->next) {
		i->blind = i->open || i->blind;
		i->open = false;
	}
}

static void
skip(struct ledger *l, int64_t now_s)
{
	bool other_day = l->now_s != 0 && l->now_s / NORM_DAY_S != now_s / NORM_DAY_S;

	go_blind(l);
	if (other_day)
		ledger_put_day(l, l->now_s);
	l->now_s = now_s;
	if (other_day)
		begin_day(l);
}

void
ledger_advance(struct ledger *l, int64_t now_s)
{
	if (l->now_s - now_s > 0 && l->now_s - now_s < NORM_DAY_S)
		return; /* the clock was set back: until it is there again nothing is known */
	if (l->now_s == 0 || now_s < l->now_s || now_s - l->now_s > LEDGER_GAP_S) {
		skip(l, now_s);
		return;
	}
	while (l->now_s < now_s) {
		int64_t midnight_s = (l->now_s / NORM_DAY_S + 1) * NORM_DAY_S;

		add_time(l, now_s < midnight_s ? now_s : midnight_s);
		if (l->now_s < midnight_s)
			return;
		ledger_put_day(l, midnight_s - 1);
		begin_day(l);
	}
}

/* --- what is so now */

void
ledger_begin(struct ledger *l)
{
	l->round++;
	l->missing = 0;
	memset(l->neighbors, 0, sizeof(l->neighbors));
	memset(l->known, 0, sizeof(l->known));
	for (struct ledger_item *i = l->items; i != NULL; i = i->next)
		memset(i->fate, 0, sizeof(i->fate));
}

/* Has the neighbour a session of that family? Who is behind a route server has none. Now and then
 * one that has none is taken for one that has. */
static uint32_t
neighbor_bit(uint32_t asn, bool ipv6, uint64_t *bit)
{
	uint32_t at = (asn << 1 | ipv6) * 0x9e3779b1U >> 16;

	*bit = 1ULL << at % 64;
	return at / 64;
}

void
ledger_session(struct ledger *l, const struct ledger_session *s)
{
	struct ledger_name name = ledger_name(ITEM_SESSION, s->asn, s->ipv6, 0, s->name);
	struct ledger_item *i = ledger_item(l, &name);
	uint64_t bit;
	uint32_t at = neighbor_bit(s->asn, s->ipv6, &bit);

	l->neighbors[at] |= bit;
	if (s->state == LEDGER_KNOWN)
		l->known[at] |= bit;
	if (i == NULL)
		return;
	i->here = true;
	i->round = l->round;
	i->state = s->state;
	i->relation = s->relation;
	i->limit = s->limit;
	for (unsigned k = 0; k < LEDGER_COUNTS; k++) {
		i->has[k] = s->has[k];
		i->n[k] = s->state == LEDGER_KNOWN && s->has[k] ? s->n[k] : 0;
		if (i->n[k] > i->most[k])
			i->most[k] = i->n[k];
	}
}

void
ledger_use(struct ledger *l, const struct ledger_use *u)
{
	struct ledger_name name = ledger_name(ITEM_USE, u->asn, u->ipv6, 0, u->router);
	struct ledger_item *i;
	uint64_t bit;

	if ((l->neighbors[neighbor_bit(u->asn, u->ipv6, &bit)] & bit) == 0 ||
	    (i = ledger_item(l, &name)) == NULL)
		return;
	i->here = true;
	i->round = l->round;
	i->state = LEDGER_KNOWN;
	for (unsigned k = 0; k < LEDGER_USES; k++) {
		i->has[k] = u->has[k];
		i->n[k] = u->has[k] ? u->n[k] : 0;
		if (i->n[k] > i->most[k])
			i->most[k] = i->n[k];
	}
}

static uint8_t
reach_of(const struct ledger_way *w)
{
	return w->unknown		 ? REACH_UNKNOWN
	       : w->n[FATE_SPREAD] > 0	 ? REACH_PASSED_ON
	       : w->n[FATE_USED] > 0	 ? REACH_IN_USE
	       : w->n[FATE_ACCEPTED] > 0 ? REACH_ACCEPTED
	       : w->unproved > 0	 ? REACH_RECEIVED
					 : REACH_FILTERED;
}

/* It is passed on: from now on, or still after a time in which nobody watched. */
static void
open_span(struct ledger *l, struct ledger_item *i)
{
	struct norm_span *last = i->spans_n > 0 ? &i->spans[i->spans_n - 1] : NULL;

	if (i->open)
		return;
	if (i->blind && last != NULL && l->now_s - last->to_s <= LEDGER_BRIDGE_S)
		last->to_s = l->now_s;
	else if (i->spans_n == LEDGER_SPANS_MAX) {
		i->more += !i->beyond;
		i->beyond = true;
		return;
	} else
		i->spans[i->spans_n++] = (struct norm_span){ l->now_s, l->now_s };
	i->open = true;
}

/* Of a neighbour with sessions wrong routes are counted in the time in which all that it sends is
 * known: what they are compared with is not counted before. */
static void
count_wrong(struct ledger *l, const struct ledger_way *w)
{
	uint64_t bit;
	uint32_t at = neighbor_bit(w->asn, w->ipv6, &bit);
	struct ledger_name name = ledger_name(ITEM_WRONG, w->asn, w->ipv6, w->rule, "");
	uint32_t held = w->n[FATE_SENT] - w->unproved;
	struct ledger_item *i;

	if ((l->neighbors[at] & ~l->known[at] & bit) != 0 || (i = ledger_item(l, &name)) == NULL)
		return;
	for (unsigned k = 0; k <= FATE_SPREAD; k++)
		i->fate[k] += w->n[k];
	i->fate[FATE_HELD] += held > w->n[FATE_ACCEPTED] ? held - w->n[FATE_ACCEPTED] : 0;
	i->fate[FATE_UNPROVED] += w->unproved;
}

void
ledger_way(struct ledger *l, const struct ledger_way *w)
{
	char text[LEDGER_NAME_MAX];
	struct ledger_name name;
	struct ledger_item *i;

	if (w->rule >= RULES)
		return;
	if (!w->unknown)
		count_wrong(l, w);
	snprintf(text, sizeof(text), "%c%c %s %" PRIu32, w->ours ? 'o' : '-',
	    w->doubtful ? 'd' : '-', w->id, w->occurrence);
	name = ledger_name(ITEM_WAY, w->asn, w->ipv6, w->rule, text);
	i = ledger_item(l, &name);
	if (i == NULL)
		return;
	i->here = true;
	i->round = l->round;
	i->reach = reach_of(w);
	if (i->reach == REACH_PASSED_ON && !w->doubtful &&
	    norm_metric_of(rule_info[w->rule].norm, w->ours) != METRICS) {
		open_span(l, i);
		i->blind = false;
	} else {
		i->blind = i->reach == REACH_UNKNOWN && (i->open || i->blind);
		i->beyond &= i->reach == REACH_UNKNOWN;
		i->open = false;
	}
}

void
ledger_end(struct ledger *l)
{
	if (l->missing > l->left_out)
		l->left_out = l->missing;
	for (struct ledger_item *i = l->items; i != NULL; i = i->next) {
		for (unsigned k = 0; k < FATES; k++)
			if (i->fate[k] > i->fate_most[k])
				i->fate_most[k] = i->fate[k];
		if (i->round == l->round || i->name.kind == ITEM_WRONG)
			continue;
		i->here = i->open = i->beyond = false;
		i->state = LEDGER_UNKNOWN;
	}
}
