/*
 * Routes that we have from a provider, peer or route server, and pass on to another one. Without
 * the mark of RFC 9234 one of them shows nothing: somebody made an exception (a default route, an
 * address that is announced everywhere). It is our leak when there are more, from one AS to one
 * neighbour; then all of them are, until no more than one is left.
 *
 * They are counted as they come and go. Which rules are true of a route is kept with it, and so is,
 * in the bits that no rule has, that it is counted, and in which count: there is a new one when
 * which AS numbers are ours may have changed, and with it from whom a route is.
 */
#include "collector/engine/engine_private.h"

#include <stdlib.h>

#include "base/probe.h"

enum { PASSED_ON_FIRST = 64, EXCEPTION = 1, COUNTS = 15 };

static inline uint32_t
pair_hash(uint32_t peer, uint32_t asn)
{
	return (peer * 0x85ebca6bU ^ asn) * 0x9e3779b1U >> 8;
}

PROBE_DEFINE(passed_on, struct passed_on, e->asn == 0, pair_hash(e->peer, e->asn));

static struct passed_on *
find(const struct engine *e, uint32_t peer, uint32_t asn)
{
	uint32_t mask = e->passed_on_max - 1;

	if (e->passed_on_max == 0)
		return NULL;
	for (uint32_t i = pair_hash(peer, asn) & mask; !passed_on_is_free(&e->passed_on[i]);
	     i = (i + 1) & mask)
		if (e->passed_on[i].peer == peer && e->passed_on[i].asn == asn)
			return &e->passed_on[i];
	return NULL;
}

static struct passed_on *
make(struct engine *e, uint32_t peer, uint32_t asn)
{
	struct passed_on *p;

	if (e->passed_on_n >= e->passed_on_max / 2 &&
	    !passed_on_grow(&e->passed_on, &e->passed_on_max, PASSED_ON_FIRST))
		return NULL;
	p = passed_on_place(e->passed_on, e->passed_on_max, pair_hash(peer, asn));
	*p = (struct passed_on){ .peer = peer, .asn = asn };
	e->passed_on_n++;
	return p;
}

static void
take_out(struct engine *e, struct passed_on *p)
{
	passed_on_take_out(e->passed_on, e->passed_on_max, p);
	e->passed_on_n--;
}

static uint32_t
sender_of(const struct engine *e, const struct table *t, attrs_block block)
{
	uint32_t path = block != 0 ? attrs_path(&e->rib.attrs, block) : 0;

	return path != 0 ? detect_path_sender(
			       e->detect, path_value(&e->rib.attrs, path), t->peer->local_as)
			 : 0;
}

static uint32_t
note(const struct engine *e)
{
	return (e->passed_on_count + 1) << RULE_NOTE_SHIFT;
}

/* It is our leak from now on, or no longer: that changes what is true of its other routes. */
static void
turn(struct engine *e, struct peer *peer, struct passed_on *p, bool is_leak)
{
	p->is_leak = is_leak;
	peer->out_cause = is_leak ? REASON_ANNOUNCED : REASON_WITHDRAWN;
	e->due.peers = true;
}

static void
count_in(struct engine *e, struct peer *peer, uint32_t asn)
{
	struct passed_on *p = find(e, peer->number, asn);

	if (p == NULL && (p = make(e, peer->number, asn)) == NULL)
		return;
	p->n++;
	if (p->n >= LEAK_OWN_LEAST && !p->is_leak)
		turn(e, peer, p, true);
}

static void
count_out(struct engine *e, struct peer *peer, uint32_t asn)
{
	struct passed_on *p = find(e, peer->number, asn);

	if (p == NULL || p->n == 0)
		return;
	p->n--;
	if (p->n <= EXCEPTION && p->is_leak)
		turn(e, peer, p, false);
	if (p->n == 0)
		take_out(e, p);
}

uint32_t
passed_on_judge(struct engine *e, struct table *t, const struct change *c, uint32_t rules)
{
	bool is = rules >> RULE_LEAK_OWN & 1, was = (c->rules_true & RULE_NOTES) == note(e);
	uint32_t to = is ? sender_of(e, t, c->after) : 0,
		 from = was ? sender_of(e, t, c->before) : 0;
	const struct passed_on *p;

	if (to != from && to != 0)
		count_in(e, t->peer, to);
	if (to != from && from != 0)
		count_out(e, t->peer, from);
	p = to != 0 ? find(e, t->peer->number, to) : NULL;
	if (p == NULL || !p->is_leak)
		rules &= ~(1U << RULE_LEAK_OWN);
	return p != NULL ? rules | note(e) : rules;
}

void
passed_on_undo(struct engine *e, struct table *t, const struct change *c)
{
	count_out(e, t->peer, sender_of(e, t, c->after));
}

void
passed_on_again(struct engine *e)
{
	for (uint32_t i = 0; i < e->passed_on_max; i++)
		while (e->passed_on[i].asn != 0 && e->passed_on[i].n == 0)
			take_out(e, &e->passed_on[i]); /* others move up */
	for (uint32_t i = 0; i < e->passed_on_max; i++)
		e->passed_on[i].n = 0; /* what was a leak stays one */
	e->passed_on_count = (e->passed_on_count + 1) % COUNTS;
}
