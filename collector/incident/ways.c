/*
 * How far the routes of an incident got, by who sends them. Counted when a member comes and goes,
 * so that asking, which is often (collector/daemon/norm_keeper.h), walks over no routes. A member
 * remembers where it was counted: what its session is to us may change meanwhile.
 */
#include <stdlib.h>

#include "collector/incident/incident_private.h"

/* WAY_STAGES: it is not counted. */
static uint8_t
stage_of(const struct source *s, uint8_t view)
{
	if (view == VIEW_LOC_RIB)
		return WAY_USED;
	if (incident_stays_inside(s->relation))
		return WAY_STAGES;
	return view == VIEW_IN_PRE     ? WAY_SENT
	       : view == VIEW_IN_POST  ? WAY_ACCEPTED
	       : view == VIEW_OUT_POST ? WAY_SPREAD
				       : WAY_STAGES;
}

static bool
is_inbound(uint8_t view)
{
	return view == VIEW_IN_PRE || view == VIEW_IN_POST;
}

static struct way
way_of(const struct source *s, const struct member *m)
{
	const struct seen *seen = m->seen;
	/* what we have of somebody, with our own origin, he has forged, or it comes back to us; in
	 * a path that is ours alone the peer stands for nobody */
	bool of_nobody = seen->via_as == 0 || seen->via_as == s->as;
	bool ours = !is_inbound(m->view) && (seen->by_us || (seen->own_origin && of_nobody));

	/* our own prefix under a ROA of others is a mistake in the RPKI, or worse, and no hijack */
	bool is_own_invalid = ours && seen->own.family != IP_NONE &&
			      rules_primary(m->rules) == RULE_ROV_ASN;

	return (struct way){ .asn = ours		  ? 0
				    : is_inbound(m->view) ? s->as
							  : seen->via_as,
		.rule = (uint8_t)rules_primary(m->rules),
		.ipv6 = m->prefix.family == IP_V6,
		.ours = ours,
		.doubtful = seen->benign != BENIGN_NONE || seen->inferred || is_own_invalid };
}

/* The one that was found comes to the front: routes come in the order of their sessions. */
static struct way *
find(struct incident *i, const struct way *like)
{
	struct way **at = &i->ways, *w;

	while ((w = *at) != NULL &&
	       (w->asn != like->asn || w->rule != like->rule || w->ipv6 != like->ipv6 ||
		   w->ours != like->ours || w->doubtful != like->doubtful))
		at = &w->next;
	if (w != NULL)
		*at = w->next;
	else if ((w = malloc(sizeof(*w))) == NULL)
		return NULL;
	else
		*w = *like;
	w->next = i->ways;
	return i->ways = w;
}

void
way_add(const struct incidents *t, struct incident *i, struct member *m)
{
	const struct source *s = &t->sources[m->source];
	struct way like = way_of(s, m);

	m->stage = stage_of(s, m->view);
	m->way = m->stage < WAY_STAGES ? find(i, &like) : NULL;
	if (m->way != NULL)
		m->way->n[m->stage]++;
}

void
way_remove(struct incident *i, struct member *m)
{
	struct way *w = m->way, **at = &i->ways;
	uint32_t left = 0;

	m->way = NULL;
	if (w == NULL)
		return;
	w->n[m->stage]--;
	for (unsigned k = 0; k < WAY_STAGES; k++)
		left |= w->n[k];
	if (left != 0)
		return;
	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	free(w);
}

void
ways_free(struct incident *i)
{
	while (i->ways != NULL) {
		struct way *w = i->ways;

		i->ways = w->next;
		free(w);
	}
}

/* --- what nobody looks at behind the filter */

/* Routes that an AS sends in a family, of which no view shows whether they are accepted. */
struct unseen {
	uint64_t who; /* by_whom() */
	uint32_t n;
};

struct unseens {
	struct unseen *v; /* of one incident, sorted */
	uint32_t n, max;
	bool failed; /* out of memory */
};

static uint64_t
by_whom(uint32_t asn, bool ipv6)
{
	return (uint64_t)asn << 1 | ipv6;
}

static int
by_who(const void *a, const void *b)
{
	uint64_t x = ((const struct unseen *)a)->who, y = ((const struct unseen *)b)->who;

	return (x > y) - (x < y);
}

static bool
make_room(struct unseens *u, uint32_t n)
{
	struct unseen *v;

	if (n <= u->max)
		return true;
	v = realloc(u->v, n * sizeof(*v));
	if (v == NULL)
		return false;
	u->v = v;
	u->max = n;
	return true;
}

/* Each who sends once. */
static void
sum_up(struct unseens *u)
{
	uint32_t n = 0;

	qsort(u->v, u->n, sizeof(*u->v), by_who);
	for (uint32_t k = 0; k < u->n; k++)
		if (n > 0 && u->v[n - 1].who == u->v[k].who)
			u->v[n - 1].n += u->v[k].n;
		else
			u->v[n++] = u->v[k];
	u->n = n;
}

/* By those who have it, who may be as many as the ways are: each is looked at once. */
static void
look(const struct incidents *t, const struct incident *i, struct unseens *u)
{
	u->n = 0;
	u->failed = !make_room(u, i->holdings_n);
	for (uint32_t k = 0; k < i->holdings_n && !u->failed; k++) {
		const struct source *s = &t->sources[i->holdings[k].source];
		bool v6 = s->family == SOURCE_V6 || s->family == SOURCE_V6_LABELLED;

		if (i->holdings[k].n[VIEW_IN_PRE] > 0 && !incident_stays_inside(s->relation) &&
		    !(s->views_monitored & 1U << VIEW_IN_POST))
			u->v[u->n++] =
			    (struct unseen){ by_whom(s->as, v6), i->holdings[k].n[VIEW_IN_PRE] };
	}
	if (u->n > 0)
		sum_up(u);
}

/* Of what it sends; all of it when there is no memory to say better. */
static uint32_t
unproved(const struct unseens *u, const struct way *w)
{
	struct unseen key = { .who = by_whom(w->asn, w->ipv6) };
	const struct unseen *of = u->n > 0 ? bsearch(&key, u->v, u->n, sizeof(*u->v), by_who)
					   : NULL;
	uint32_t n = u->failed ? UINT32_MAX : of != NULL ? of->n : 0;

	return n < w->n[WAY_SENT] ? n : w->n[WAY_SENT];
}

/* --- telling */

static void
tell(const struct incident *i, const struct unseens *u,
    void (*each)(void *ctx, const struct incidents_way *), void *ctx)
{
	for (const struct way *w = i->ways; w != NULL; w = w->next) {
		struct incidents_way out = { .id = i->rec.id,
			.occurrence = i->rec.occurrence,
			.unknown = i->unknown,
			.asn = w->asn,
			.rule = w->rule,
			.ipv6 = w->ipv6,
			.ours = w->ours,
			.doubtful = w->doubtful,
			.unproved = unproved(u, w) };

		for (unsigned k = 0; k < WAY_STAGES; k++)
			out.n[k] = w->n[k];
		each(ctx, &out);
	}
}

void
incidents_each_way(
    const struct incidents *t, void (*each)(void *ctx, const struct incidents_way *), void *ctx)
{
	struct unseens u = { 0 };

	for (const struct incident *i = t->list; i != NULL; i = i->next)
		if (i->ways != NULL) {
			look(t, i, &u);
			tell(i, &u, each, ctx);
		}
	free(u.v);
}
