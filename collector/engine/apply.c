/*
 * From an UPDATE to the RIB. Withdrawals first, then announcements (RFC 4271 4.3; an UPDATE may use
 * the classic fields and both MP attributes, RFC 7606 5.1). A malformed UPDATE is treated as RFC
 * 7606 says and costs no session.
 *
 * Prefixes are applied in batches: first all hashes are made and the buckets fetched, then the
 * entries, then the slots, so that the memory's latencies overlap.
 */
#include "collector/engine/engine_private.h"

#include <string.h>

enum { BATCH = 32, AHEAD = 8 };

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

/* A field of it. */
struct run {
	struct engine *e;
	struct table *table;
	struct update_run *update;
	attrs_block block; /* 0: withdraw */
	uint64_t n;
};

struct item {
	struct net_probe probe;
	uint32_t path_id;
	uint32_t net; /* 0: there is none, or no room for one */
};

static void
announce_one(struct run *run, struct item *it)
{
	struct engine *e = run->e;
	struct change c;

	if (!rib_announce(&e->rib, &run->table->routes, it->net, it->path_id, run->block,
		engine_seconds(e), &c)) {
		net_drop_unused(&e->rib.nets, it->net);
		return;
	}
	engine_evaluate(e, run->table, &c, REASON_ANNOUNCED, run->update->u->router_us);
	rib_change_done(&e->rib, &c);
}

static void
withdraw_one(struct run *run, struct item *it)
{
	struct engine *e = run->e;
	struct change c;

	/* a withdrawal of what was never announced is normal (RFC 7854 9) */
	if (!rib_withdraw(&e->rib, &run->table->routes, it->net, it->path_id, &c))
		return;
	engine_evaluate(e, run->table, &c, REASON_WITHDRAWN, run->update->u->router_us);
	rib_change_done(&e->rib, &c);
}

static void
apply_batch(struct run *run, struct item *items, unsigned n)
{
	struct nets *p = &run->e->rib.nets;

	for (unsigned i = 0; i < n; i++)
		net_prefetch_entry(p, &items[i].probe);
	for (unsigned i = 0; i < n; i++) {
		items[i].net = run->block != 0 ? net_intern(p, &items[i].probe)
					       : net_find(p, &items[i].probe);
		if (items[i].net != 0)
			routes_prefetch(&run->table->routes, items[i].net);
	}
	for (unsigned i = 0; i < n; i++) {
		if (items[i].net == 0)
			continue;
		/* The same prefix may be twice in this batch, and its first withdrawal may have
		 * freed the net: look again. */
		if (run->block == 0 && i > 0) {
			items[i].net = net_find(p, &items[i].probe);
			if (items[i].net == 0)
				continue;
		}
		if (run->block != 0)
			announce_one(run, &items[i]);
		else
			withdraw_one(run, &items[i]);
	}
}

/* Every prefix of a field. */
static void
apply_field(struct run *run, struct cursor field, uint16_t afi, bool path_ids)
{
	const uint8_t *start = run->update->u->bgp->start;
	struct item items[BATCH];
	struct bgp_prefix nlri;
	unsigned n = 0;

	while (bgp_prefix_next(&field, afi, path_ids, start, &nlri, &run->update->walked)) {
		struct item *it = &items[n++];

		net_probe_make(&run->e->rib.nets, &it->probe, &nlri.prefix);
		it->path_id = nlri.path_id;
		net_prefetch_head(&run->e->rib.nets, &it->probe);
		run->n++;
		if (n == BATCH) {
			apply_batch(run, items, n);
			n = 0;
		}
	}
	apply_batch(run, items, n);
}

/* Apply the routes of a field; block 0 withdraws them. announced: does the message announce them?
 * Then they count as announced, even when they are withdrawn instead. */
static void
apply_routes(struct update_run *update, struct bgp_family family, struct cursor field,
    bool path_ids, attrs_block block, bool announced)
{
	struct engine *e = update->s->engine;
	struct run run = { .e = e, .update = update, .block = block };

	run.table = peer_table(update->p, (uint8_t)update->u->view, family, path_ids);
	if (run.table == NULL)
		return;
	apply_field(&run, field, family.afi, path_ids);
	if (announced)
		bmp_stream_count(update->s->stream, update->live, family, run.n, 0);
	else
		bmp_stream_count(update->s->stream, update->live, family, 0, run.n);
}

/* Attributes that are discarded when they come from an external peer (RFC 7606 7.5, 7.9, 7.10). */
static bool
has_internal_only(const struct bgp_update *b)
{
	return b->known &
	       (1U << ATTR_LOCAL_PREF | 1U << ATTR_ORIGINATOR_ID | 1U << ATTR_CLUSTER_LIST);
}

/* Fetch the buckets of the first prefixes of a field while the attributes are looked up. */
static void
fetch_ahead(const struct nets *p, struct cursor field, uint16_t afi, bool path_ids)
{
	struct faults ignored;
	struct net_probe q;
	struct bgp_prefix nlri;

	faults_begin(&ignored);
	for (int i = 0;
	     i < AHEAD && bgp_prefix_next(&field, afi, path_ids, field.pos, &nlri, &ignored); i++) {
		net_probe_make(p, &q, &nlri.prefix);
		net_prefetch_head(p, &q);
	}
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

/*
 * The block of the announcements of this UPDATE, with a reference of the caller's. 0: they must be
 * withdrawn instead (RFC 7606), or there is no room; *withdraw says which.
 */
static attrs_block
block_of(struct update_run *update, const struct cursor *mp_next_hop, struct cursor field,
    uint16_t afi, bool path_ids, bool *withdraw)
{
	struct engine *e = update->s->engine;
	struct bmp_update *u = update->u;
	const struct attrs_extra extra = { .mp_next_hop = mp_next_hop };
	struct bgp_update *b = u->bgp;
	struct attrs_probe q;
	bool discards = u->context.ebgp && has_internal_only(b);

	*withdraw = false;
	attrs_probe_make(&e->rib.attrs, &q, b, &extra, u->context.encoding.as4);
	attrs_prefetch(&e->rib.attrs, &q);
	fetch_ahead(&e->rib.nets, field, afi, path_ids);
	attrs_prefetch_entries(&e->rib.attrs, &q);
	/* Checked before the table is asked: in a dump much of it is new, and while
	 * this goes on the lines of the table arrive. */
	if (!update_usable(e, u)) {
		*withdraw = true;
		return 0;
	}
	if (u->faults->n > 0 || discards) /* attributes may have been discarded */
		attrs_probe_make(&e->rib.attrs, &q, b, &extra, u->context.encoding.as4);
	return attrs_intern(&e->rib.attrs, &q, update->p->router->account);
}

static void
announce(struct update_run *update, struct bgp_family family, struct cursor field, bool path_ids,
    const struct cursor *mp_next_hop)
{
	struct engine *e = update->s->engine;
	bool withdraw;
	attrs_block block = block_of(update, mp_next_hop, field, family.afi, path_ids, &withdraw);

	if (block == 0 && !withdraw)
		return;
	engine_forget_block(e);
	apply_routes(update, family, field, path_ids, block, true);
	if (block != 0)
		attrs_unref(&e->rib.attrs, block);
}

static void
withdraw_all(struct update_run *update)
{
	static const struct bgp_family v4 = { AFI_IPV4, SAFI_UNICAST };
	struct bmp_update *u = update->u;
	struct bgp_update *b = u->bgp;

	if (cur_left(&b->withdrawn) > 0)
		apply_routes(
		    update, v4, b->withdrawn, u->context.encoding.path_ids_classic, 0, false);
	if (b->unreach.present && bgp_family_is_plain(b->unreach.family))
		apply_routes(update, b->unreach.family, b->unreach.nlri,
		    u->context.encoding.path_ids_unreach, 0, false);
	else if (b->unreach.present && other_family_has_keys(b->unreach.family))
		other_family_withdraw(update->s->engine, update->p, u, &update->walked);
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
		 cur_left(&b->reach.nlri) > 0)
		other_family_announce(update->s->engine, update->p, u,
		    update_usable(update->s->engine, u), &update->walked);
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
