#include "collector/engine/engine_private.h"

/* A net is held at most once for each route that is on the way. */
static_assert(PIPELINE_ENTRIES * PIPELINE_ROUTES <= NET_HOLDS_MAX, "too many on the way");

/* --- the stages of an entry */

/* The origin of what is announced with a net that has not been seen is looked for among the VRPs:
 * fetch the place first, and then what is there. */
static void
fetch_vrps(const struct engine *e, const struct pipeline_entry *d, const struct pipeline_route *r,
    void (*prefetch)(const struct vrp_set *, uint8_t family, uint64_t first))
{
	const struct net_probe *q = &r->probe;

	if (e->vrps == NULL || d->block == 0 || !net_cache_is_empty(&e->rib.nets, r->net))
		return;
	if (q->kind & NET_V6)
		prefetch(e->vrps, IP_V6, (uint64_t)q->w[0] << 32 | q->w[1]);
	else
		prefetch(e->vrps, IP_V4, (uint64_t)q->w[0] << 32);
}

/* Fetch the lines of the indexes. */
static void
lines(struct engine *e, struct pipeline_entry *d)
{
	if (d->announced)
		attrs_prefetch(&e->rib.attrs, &d->attrs);
	for (unsigned i = 0; i < d->n; i++)
		net_prefetch_head(&e->rib.nets, &d->route[i].probe);
}

/* The lines of the indexes are here: fetch the elements. */
static void
fetch(struct engine *e, struct pipeline_entry *d)
{
	if (d->announced)
		attrs_prefetch_entries(&e->rib.attrs, &d->attrs);
	for (unsigned i = 0; i < d->n; i++)
		net_prefetch_entry(&e->rib.nets, &d->route[i].probe);
}

/* The elements are here: find or make them, fetch the slots. What an earlier entry withdraws later
 * must not take the net away, so each is held. */
static void
find(struct engine *e, struct pipeline_entry *d)
{
	struct nets *nets = &e->rib.nets;

	if (d->announced)
		d->block = attrs_intern(&e->rib.attrs, &d->attrs, d->account);
	for (unsigned i = 0; i < d->n; i++) {
		struct pipeline_route *r = &d->route[i];

		/* announced with attributes that there is no room for: it stays as it was */
		r->net = !d->announced	 ? net_find(nets, &r->probe)
			 : d->block != 0 ? net_intern(nets, &r->probe)
					 : 0;
		if (r->net == 0)
			continue;
		net_ref(nets, r->net);
		r->slot = routes_slot(&d->table->routes, r->net, d->announced);
		if (r->slot != NULL)
			__builtin_prefetch(r->slot, 1);
		else
			routes_prefetch(&d->table->routes, r->net);
		fetch_vrps(e, d, r, vrp_prefetch_place);
	}
}

/* The slots are here: fetch the attributes that are replaced. */
static void
look(struct engine *e, struct pipeline_entry *d)
{
	for (unsigned i = 0; i < d->n; i++) {
		const struct pipeline_route *r = &d->route[i];
		const struct route *now = r->slot;

		if (r->net == 0)
			continue;
		if (now == NULL)
			now = routes_find(&d->table->routes, r->net, r->path_id);
		if (now != NULL && now->attrs != 0 && now->attrs != d->block)
			attrs_prefetch_block(&e->rib.attrs, now->attrs);
		fetch_vrps(e, d, r, vrp_prefetch_nodes);
	}
}

/* Returns whether a reference to the block, of those of the entry, is the route's now. */
static bool
announce(struct engine *e, struct pipeline_entry *d, struct pipeline_route *r)
{
	struct change c;
	bool is_new = false, done = rib_announce_held(&e->rib, &d->table->routes, r->slot, r->net,
				 r->path_id, d->block, engine_seconds(e), &c);

	if (done) {
		is_new = c.before == 0;
		engine_evaluate(e, d->table, &c, REASON_ANNOUNCED, d->router_us);
		rib_change_done(&e->rib, &c);
	}
	if (!is_new)
		net_unref(&e->rib.nets, r->net);
	return done;
}

static void
withdraw(struct engine *e, struct pipeline_entry *d, struct pipeline_route *r)
{
	struct change c;

	/* a withdrawal of what was never announced is normal (RFC 7854 9) */
	if (rib_withdraw(&e->rib, &d->table->routes, r->net, r->path_id, &c)) {
		engine_evaluate(e, d->table, &c, REASON_WITHDRAWN, d->router_us);
		rib_change_done(&e->rib, &c);
	}
	net_unref(&e->rib.nets, r->net);
}

static void
apply(struct engine *e, struct pipeline_entry *d)
{
	unsigned unused = 1;

	engine_forget_block(e);
	if (d->block != 0)
		attrs_ref_n(&e->rib.attrs, d->block, d->n);
	for (unsigned i = 0; i < d->n; i++) {
		struct pipeline_route *r = &d->route[i];

		if (r->net != 0 && !d->announced) {
			withdraw(e, d, r);
		} else if (r->net == 0 || !announce(e, d, r)) {
			d->table->peer->router->routes_refused += d->block != 0;
			unused++;
		}
	}
	if (d->block != 0)
		attrs_unref_n(&e->rib.attrs, d->block, unused);
}

void
pipeline_flush(struct engine *e)
{
	static void (*const stages[])(
	    struct engine *, struct pipeline_entry *) = { lines, fetch, find, look, apply };
	struct pipeline *p = &e->pipeline;

	for (unsigned s = 0; s < sizeof(stages) / sizeof(stages[0]); s++)
		for (unsigned i = 0; i < p->n; i++)
			stages[s](e, &p->entry[i]);
	p->n = 0;
}

/* --- filling one */

struct pipeline_entry *
pipeline_entry(struct engine *e)
{
	struct pipeline *p = &e->pipeline;
	struct pipeline_entry *d;

	if (p->n == PIPELINE_ENTRIES)
		pipeline_flush(e);
	d = &p->entry[p->n];
	d->n = 0;
	d->block = 0;
	return d;
}

void
pipeline_add(struct engine *e, struct pipeline_entry *d, const struct bgp_prefix *prefix)
{
	struct pipeline_route *r = &d->route[d->n++];

	assert(d->n <= PIPELINE_ROUTES);
	net_probe_make(&e->rib.nets, &r->probe, &prefix->prefix);
	r->path_id = prefix->path_id;
}

/* Take the octets of its attributes over; false when there are too many. */
static bool
take_attributes(struct pipeline_entry *d)
{
	size_t path = cur_left(&d->attrs.value[ATTRS_PATH]),
	       rest = cur_left(&d->attrs.value[ATTRS_REST]);

	if (path + rest > PIPELINE_ROOM)
		return false;
	memcpy(d->room, d->attrs.value[ATTRS_PATH].pos, path);
	memcpy(d->room + path, d->attrs.value[ATTRS_REST].pos, rest);
	d->attrs.value[ATTRS_PATH] = cur_of(d->room, path);
	d->attrs.value[ATTRS_REST] = cur_of(d->room + path, rest);
	return true;
}

void
pipeline_push(struct engine *e, struct pipeline_entry *d)
{
	bool kept = !d->announced || take_attributes(d);

	e->pipeline.n++;
	if (!kept)
		pipeline_flush(e);
}
