#include "collector/rib/routes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/probe.h"
#include "collector/rib/nets.h"

struct route_slot {
	uint32_t net; /* 0 empty */
	uint32_t path_id;
	struct route route;
};
struct route_rules {
	uint32_t net; /* 0 empty */
	uint32_t path_id;
	uint32_t rules_true;
};

enum {
	PAGE = 512, /* routes: one 4 KiB page */
	SLOTS_FIRST = 16,
	DENSE_FROM = 4096, /* routes below which a table stays sparse */
	DENSE_SHARE = 4,   /* and at least one net in so many */
};

/* By the net alone, so that all paths of a net lie in one probe run. */
static inline uint32_t
slot_hash(uint32_t net)
{
	uint32_t h = net * 0x9e3779b1U;

	return h ^ h >> 15;
}

/* Routers choose path ids, so this takes a seed; nobody steps through these. */
static inline uint32_t
rules_hash(uint32_t net, uint32_t path_id)
{
	return hash_u64(hash_seed(), net, path_id);
}

PROBE_DEFINE(slot, struct route_slot, e->net == 0, slot_hash(e->net));
PROBE_DEFINE(rules, struct route_rules, e->net == 0, rules_hash(e->net, e->path_id));

void
routes_init(struct routes *t, uint32_t kind, bool addpath)
{
	memset(t, 0, sizeof(*t));
	t->kind = kind;
	t->addpath = addpath;
}

void
routes_free(struct routes *t)
{
	for (uint32_t i = 0; i < t->pages_n; i++)
		free(t->pages[i]);
	free(t->pages);
	free(t->slots);
	free(t->rules);
	routes_init(t, t->kind, t->addpath);
}

static uint32_t
number_of(uint32_t net)
{
	return net & ~NET_KIND;
}

void
routes_prefetch(const struct routes *t, uint32_t net)
{
	if (!t->dense) {
		if (t->slots_max > 0)
			__builtin_prefetch(&t->slots[slot_hash(net) & (t->slots_max - 1)], 1);
	} else if (number_of(net) / PAGE < t->pages_n && t->pages[number_of(net) / PAGE] != NULL) {
		__builtin_prefetch(&t->pages[number_of(net) / PAGE][number_of(net) % PAGE], 1);
	}
}

static struct route *
dense_at(const struct routes *t, uint32_t net)
{
	uint32_t n = number_of(net);

	if (n / PAGE >= t->pages_n || t->pages[n / PAGE] == NULL)
		return NULL;
	return &t->pages[n / PAGE][n % PAGE];
}

struct route *
routes_find(const struct routes *t, uint32_t net, uint32_t path_id)
{
	uint32_t mask = t->slots_max - 1;

	if (t->dense) {
		struct route *r = dense_at(t, net);

		return r != NULL && r->attrs != 0 ? r : NULL;
	}
	if (t->slots_max == 0)
		return NULL;
	for (uint32_t i = slot_hash(net) & mask; !slot_is_free(&t->slots[i]); i = (i + 1) & mask)
		if (t->slots[i].net == net && t->slots[i].path_id == path_id)
			return &t->slots[i].route;
	return NULL;
}

static struct route *
dense_put(struct routes *t, uint32_t net)
{
	uint32_t page = number_of(net) / PAGE;

	if (page >= t->pages_n) {
		uint32_t n = page + page / 2 + 16;
		struct route **pages = realloc(t->pages, n * sizeof(struct route *));

		if (pages == NULL)
			return NULL;
		memset(pages + t->pages_n, 0, (n - t->pages_n) * sizeof(struct route *));
		t->bytes += (n - t->pages_n) * sizeof(struct route *);
		t->pages = pages;
		t->pages_n = n;
	}
	if (t->pages[page] == NULL) {
		t->pages[page] = calloc(PAGE, sizeof(struct route));
		if (t->pages[page] == NULL)
			return NULL;
		t->bytes += PAGE * sizeof(struct route);
	}
	return &t->pages[page][number_of(net) % PAGE];
}

struct route *
routes_slot(struct routes *t, uint32_t net, bool make)
{
	struct route *r;

	if (!t->dense)
		return NULL;
	r = dense_at(t, net);
	return r != NULL || !make ? r : dense_put(t, net);
}

static bool
to_dense(struct routes *t)
{
	struct routes d = *t;

	d.pages = NULL;
	d.pages_n = 0;
	d.bytes = 0;
	for (uint32_t i = 0; i < t->slots_max; i++) {
		struct route *r;

		if (slot_is_free(&t->slots[i]))
			continue;
		r = dense_put(&d, t->slots[i].net);
		if (r == NULL) {
			for (uint32_t p = 0; p < d.pages_n; p++)
				free(d.pages[p]);
			free(d.pages);
			return false;
		}
		*r = t->slots[i].route;
	}
	free(t->slots);
	d.bytes += t->rules_max * sizeof(struct route_rules);
	d.slots = NULL;
	d.slots_max = 0;
	d.dense = true;
	*t = d;
	return true;
}

static bool
grow_sparse(struct routes *t)
{
	uint32_t before = t->slots_max;

	if (!slot_grow(&t->slots, &t->slots_max, SLOTS_FIRST))
		return false;
	t->bytes += (t->slots_max - before) * sizeof(*t->slots);
	return true;
}

/* 3/4 full: grow, or change shape when the peer carries enough of all nets. */
static bool
make_room(struct routes *t, uint32_t nets_top)
{
	if (t->n < t->slots_max - t->slots_max / 4)
		return true;
	if (!t->addpath && t->kind != NET_KEY && t->n >= DENSE_FROM &&
	    t->n >= nets_top / DENSE_SHARE)
		return to_dense(t);
	return grow_sparse(t);
}

/* Paths of a net in a sparse table. */
static unsigned
paths_n(const struct routes *t, uint32_t net)
{
	uint32_t mask = t->slots_max - 1;
	unsigned n = 0;

	if (t->slots_max == 0)
		return 0;
	for (uint32_t i = slot_hash(net) & mask; !slot_is_free(&t->slots[i]); i = (i + 1) & mask)
		n += t->slots[i].net == net;
	return n;
}

struct route *
routes_put(struct routes *t, uint32_t net, uint32_t path_id, uint32_t nets_top)
{
	struct route *r = routes_find(t, net, path_id);
	struct route_slot *s;

	if (r != NULL)
		return r;
	if (t->addpath && paths_n(t, net) >= ROUTE_PATHS_MAX)
		return NULL;
	if (!t->dense && !make_room(t, nets_top))
		return NULL;
	if (t->dense)
		return dense_put(t, net);
	s = slot_place(t->slots, t->slots_max, slot_hash(net));
	*s = (struct route_slot){ .net = net, .path_id = path_id };
	return &s->route;
}

void
routes_remove(struct routes *t, uint32_t net, uint32_t path_id)
{
	struct route *r = t->dense ? dense_at(t, net) : routes_find(t, net, path_id);

	if (r == NULL)
		return;
	if (r->any_rule)
		routes_set_rules_true(t, r, net, path_id, 0);
	if (r->attrs != 0) {
		assert(t->n > 0 && t->epoch_n[r->epoch] > 0);
		t->n--;
		t->epoch_n[r->epoch]--;
	}
	if (t->dense)
		memset(r, 0, sizeof(*r));
	else
		slot_take_out(t->slots, t->slots_max,
		    (struct route_slot *)(void *)((char *)r - offsetof(struct route_slot, route)));
}

void
routes_freshen(struct routes *t, struct route *r, bool is_new)
{
	assert(r->attrs != 0 && (is_new || t->epoch_n[r->epoch] > 0));
	if (is_new)
		t->n++;
	else
		t->epoch_n[r->epoch]--;
	r->epoch = (unsigned)t->epoch & (ROUTE_EPOCHS - 1);
	t->epoch_n[t->epoch]++;
}

uint32_t
routes_stale(const struct routes *t)
{
	assert(t->epoch_n[t->epoch] <= t->n);
	return t->n - t->epoch_n[t->epoch];
}

/* May the walk look at another slot? */
static bool
may_look(uint32_t i, uint32_t end, const uint32_t *budget)
{
	return *budget > 0 && i < end;
}

static bool
dense_next(
    const struct routes *t, uint32_t *cursor, uint32_t *budget, uint32_t *net, struct route **out)
{
	uint32_t i = *cursor, end = t->pages_n * PAGE;

	for (; may_look(i, end, budget); i++, --*budget) {
		struct route *page = t->pages[i / PAGE];

		if (page == NULL) {
			i |= PAGE - 1;
			continue;
		}
		if (page[i % PAGE].attrs != 0) {
			*net = i | t->kind;
			*out = &page[i % PAGE];
			*cursor = i + 1;
			return true;
		}
	}
	*cursor = i >= end ? UINT32_MAX : i;
	return false;
}

bool
routes_next(const struct routes *t, uint32_t *cursor, uint32_t *budget, uint32_t *net,
    uint32_t *path_id, struct route **out)
{
	uint32_t i;

	*path_id = 0;
	if (*cursor == UINT32_MAX)
		return false;
	if (t->dense)
		return dense_next(t, cursor, budget, net, out);
	/* Downwards: what moves into the place of a removed slot comes from above and has been
	 * shown.
	 */
	for (i = *cursor; may_look(i, t->slots_max, budget); i++, --*budget) {
		struct route_slot *s = &t->slots[t->slots_max - 1 - i];

		if (!slot_is_free(s)) {
			*net = s->net;
			*path_id = s->path_id;
			*out = &s->route;
			*cursor = i + 1;
			return true;
		}
	}
	*cursor = i >= t->slots_max ? UINT32_MAX : i;
	return false;
}

/* Routes left of one epoch are counted with another. */
static void
merge_epochs(struct routes *t, uint8_t from, uint8_t to)
{
	uint32_t cursor = 0, budget = UINT32_MAX, net, path_id;
	struct route *r;

	while (routes_next(t, &cursor, &budget, &net, &path_id, &r))
		if (r->epoch == from)
			r->epoch = (unsigned)to & (ROUTE_EPOCHS - 1);
	t->epoch_n[to] += t->epoch_n[from];
	t->epoch_n[from] = 0;
}

void
routes_advance(struct routes *t)
{
	uint8_t next = (uint8_t)((t->epoch + 1) % ROUTE_EPOCHS);

	/* sessions that ended before they were swept: stale is stale */
	if (t->epoch_n[next] > 0)
		merge_epochs(t, next, t->epoch);
	t->epoch = next;
}

unsigned
routes_paths(const struct routes *t, uint32_t net, uint32_t *ids, unsigned max)
{
	uint32_t mask = t->slots_max - 1;
	unsigned n = 0;

	if (t->dense) {
		const struct route *r = dense_at(t, net);

		if (r == NULL || r->attrs == 0 || max == 0)
			return 0;
		ids[0] = 0;
		return 1;
	}
	if (t->slots_max == 0)
		return 0;
	for (uint32_t i = slot_hash(net) & mask; !slot_is_free(&t->slots[i]) && n < max;
	     i = (i + 1) & mask)
		if (t->slots[i].net == net)
			ids[n++] = t->slots[i].path_id;
	return n;
}

/* --- rules that are true */

/* Those of the route, or the free element where they belong. */
static struct route_rules *
rules_at(const struct routes *t, uint32_t net, uint32_t path_id)
{
	uint32_t mask = t->rules_max - 1, i = rules_hash(net, path_id) & mask;

	while (!rules_is_free(&t->rules[i]) &&
	       (t->rules[i].net != net || t->rules[i].path_id != path_id))
		i = (i + 1) & mask;
	return &t->rules[i];
}

uint32_t
routes_rules_true(const struct routes *t, const struct route *r, uint32_t net, uint32_t path_id)
{
	return r->any_rule ? rules_at(t, net, path_id)->rules_true : 0;
}

bool
routes_rules_next(const struct routes *t, uint32_t *cursor, uint32_t *budget, uint32_t *net,
    uint32_t *path_id, uint32_t *rules_true)
{
	for (; *cursor<t->rules_max && * budget> 0; --*budget) {
		const struct route_rules *rules = &t->rules[(*cursor)++];

		if (rules_is_free(rules))
			continue;
		*net = rules->net;
		*path_id = rules->path_id;
		*rules_true = rules->rules_true;
		return true;
	}
	if (*cursor >= t->rules_max)
		*cursor = UINT32_MAX;
	return false;
}

static bool
grow_rules(struct routes *t)
{
	uint32_t before = t->rules_max;

	if (!rules_grow(&t->rules, &t->rules_max, SLOTS_FIRST))
		return false;
	t->bytes += (t->rules_max - before) * sizeof(*t->rules);
	return true;
}

bool
routes_set_rules_true(
    struct routes *t, struct route *r, uint32_t net, uint32_t path_id, uint32_t rules_true)
{
	struct route_rules *rules;

	if (!r->any_rule && rules_true == 0)
		return true;
	if (!r->any_rule && t->rules_n >= t->rules_max - t->rules_max / 4 && !grow_rules(t))
		return false;
	rules = rules_at(t, net, path_id);
	if (rules_true == 0) {
		assert(t->rules_n > 0);
		rules_take_out(t->rules, t->rules_max, rules);
		t->rules_n--;
		r->any_rule = 0;
		return true;
	}
	if (!r->any_rule)
		t->rules_n++;
	*rules = (struct route_rules){ .net = net, .path_id = path_id, .rules_true = rules_true };
	r->any_rule = 1;
	return true;
}
