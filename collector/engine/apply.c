/*
 * From an UPDATE to the RIB. Withdrawals first, then announcements (RFC 4271 4.3; an UPDATE may use
 * the classic fields and both MP attributes, RFC 7606 5.1). A malformed UPDATE is treated as RFC
 * 7606 says and costs no session.
 *
 * Here it is read, checked and counted; its routes go through the pipeline.
 */
#include "collector/engine/engine_private.h"

/*
 * The UPDATE that is being applied, and its session. Faults in the fields of routes are kept apart
 * from those in the attributes: a field that cannot be read to its end does not make the attributes
 * doubtful.
 */
struct update_run {
	struct engine_session *s;
	struct peer *p;
	struct bmp_peer *live;
	struct bmp_update *u;
	struct faults walked;
};

/* Every prefix of a field goes into the pipeline. q: the attributes with which it is announced;
 * NULL: it is withdrawn. Returns how many. */
static uint64_t
push_field(struct update_run *update, struct table *table, struct cursor field, uint16_t afi,
    const struct attrs_probe *q)
{
	struct engine *e = update->s->engine;
	const uint8_t *start = update->u->bgp->start;
	struct pipeline_entry *d = NULL;
	struct bgp_prefix nlri;
	uint64_t n = 0;

	while (bgp_prefix_next(&field, afi, table->routes.addpath, start, &nlri, &update->walked)) {
		if (d == NULL) {
			d = pipeline_entry(e);
			d->table = table;
			d->router_us = update->u->router_us;
			d->account = update->p->router->account;
			d->announced = q != NULL;
			if (q != NULL)
				d->attrs = *q;
		}
		pipeline_add(e, d, &nlri);
		n++;
		if (d->n == PIPELINE_ROUTES) {
			pipeline_push(e, d);
			d = NULL;
		}
	}
	if (d != NULL)
		pipeline_push(e, d);
	return n;
}

/* The routes of a field. announced: does the message announce them? Then they count as announced,
 * even when they are withdrawn instead (q is NULL). */
static void
apply_routes(struct update_run *update, struct bgp_family family, struct cursor field,
    bool path_ids, const struct attrs_probe *q, bool announced)
{
	struct bmp_stream *stream = update->s->stream;
	struct table *table = peer_table(update->p, (uint8_t)update->u->view, family, path_ids);
	uint64_t n;

	if (table == NULL)
		return;
	n = push_field(update, table, field, family.afi, q);
	bmp_stream_count(stream, update->live, family, announced ? n : 0, announced ? 0 : n);
}

/* May the attributes be believed (RFC 7606)? They are checked once, though an UPDATE may announce
 * in two fields. Routes that cannot be read do not count: only they are lost (RFC 7606 5.3, 5.4).
 */
static bool
update_usable(struct engine *e, struct bmp_update *u)
{
	if (!u->checked) {
		bgp_update_check(u->bgp, &u->context, u->faults);
		u->checked = true;
		u->refused = faults_withdraw(u->faults);
		e->treated_as_withdraw += u->refused;
	}
	return !u->refused;
}

static void
announce(struct update_run *update, struct bgp_family family, struct cursor field, bool path_ids,
    const struct cursor *mp_next_hop)
{
	struct engine *e = update->s->engine;
	const struct attrs_extra extra = { .mp_next_hop = mp_next_hop };
	const struct bmp_update *u = update->u;
	struct attrs_probe q;
	bool usable = update_usable(e, update->u); /* which may discard some */

	if (usable)
		attrs_probe_make(&e->rib.attrs, &q, u->bgp, &extra, u->context.encoding.as4);
	apply_routes(update, family, field, path_ids, usable ? &q : NULL, true);
}

static void
withdraw_all(struct update_run *update)
{
	static const struct bgp_family v4 = { AFI_IPV4, SAFI_UNICAST };
	struct bmp_update *u = update->u;
	struct bgp_update *b = u->bgp;

	if (cur_left(&b->withdrawn) > 0)
		apply_routes(
		    update, v4, b->withdrawn, u->context.encoding.path_ids_classic, NULL, false);
	if (b->unreach.present && bgp_family_is_plain(b->unreach.family))
		apply_routes(update, b->unreach.family, b->unreach.nlri,
		    u->context.encoding.path_ids_unreach, NULL, false);
	else if (b->unreach.present && other_family_has_keys(b->unreach.family)) {
		pipeline_flush(update->s->engine);
		other_family_withdraw(update->s->engine, update->p, u, &update->walked);
	}
}

static void
announce_all(struct update_run *update)
{
	static const struct bgp_family v4 = { AFI_IPV4, SAFI_UNICAST };
	struct bmp_update *u = update->u;
	struct bgp_update *b = u->bgp;

	if (cur_left(&b->nlri) > 0)
		announce(update, v4, b->nlri, u->context.encoding.path_ids_classic, NULL);
	if (b->reach.present && bgp_family_is_plain(b->reach.family) &&
	    cur_left(&b->reach.nlri) > 0)
		announce(update, b->reach.family, b->reach.nlri, u->context.encoding.path_ids_reach,
		    &b->reach.next_hop);
	else if (b->reach.present && other_family_has_keys(b->reach.family) &&
		 cur_left(&b->reach.nlri) > 0) {
		pipeline_flush(update->s->engine);
		other_family_announce(update->s->engine, update->p, u,
		    update_usable(update->s->engine, u), &update->walked);
	}
}

/* Attributes that came with nothing to announce, or with routes of a family that is not kept. No
 * route depends on them, but their faults are reported all the same. A plain withdrawal has none.
 */
static bool
unchecked_attributes(const struct bmp_update *u)
{
	const struct bgp_update *b = u->bgp;

	return !u->checked &&
	       (b->attrs_n > 0 || b->reach.present ||
		   (b->unreach.present &&
		       (b->unreach.flags & (ATTR_OPTIONAL | ATTR_TRANSITIVE)) != ATTR_OPTIONAL));
}

void
engine_apply(struct engine_session *s, struct peer *p, struct bmp_peer *live, struct bmp_update *u)
{
	struct update_run update;

	update.s = s; /* member by member: the list of faults needs no zeros */
	update.p = p;
	update.live = live;
	update.u = u;
	faults_begin(&update.walked);
	withdraw_all(&update);
	announce_all(&update);
	if (unchecked_attributes(u)) {
		u->checked = true;
		bgp_update_check(u->bgp, &u->context, u->faults);
	}
	if (update.walked.n > 0)
		faults_join(u->faults, &update.walked);
}
