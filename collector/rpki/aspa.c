/*
 * The snapshot: a hash table of customers, at most a quarter full, whose providers lie sorted one
 * after the other. A path costs one look-up per AS on it: as the customer of both its neighbours.
 */
#include "collector/rpki/aspa.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	uint32_t customer;
	uint32_t first, n; /* of its providers; n 0: the slot is free */
};

struct aspa_set {
	_Atomic uint32_t refs;
	uint64_t generation;
	size_t customers, pairs;
	uint32_t shift; /* 32 - log2 of the slots */
	struct entry *slots;
	uint32_t *providers;
};

/* --- lists */

bool
aspa_list_add(struct aspa_list *l, uint32_t customer, uint32_t provider)
{
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 64 : l->cap * 2;
		struct aspa_pair *bigger = realloc(l->v, cap * sizeof(*bigger));

		if (bigger == NULL)
			return false;
		l->v = bigger;
		l->cap = cap;
	}
	l->v[l->n++] = (struct aspa_pair){ customer, provider };
	return true;
}

static int
cmp_pair(const struct aspa_pair *a, const struct aspa_pair *b)
{
	if (a->customer != b->customer)
		return a->customer < b->customer ? -1 : 1;
	return (a->provider > b->provider) - (a->provider < b->provider);
}

static int
cmp_void(const void *a, const void *b)
{
	return cmp_pair(a, b);
}

void
aspa_list_sort_unique(struct aspa_list *l)
{
	size_t n = 0;

	if (l->n == 0)
		return;
	qsort(l->v, l->n, sizeof(*l->v), cmp_void);
	for (size_t i = 1; i < l->n; i++)
		if (cmp_pair(&l->v[n], &l->v[i]) != 0)
			l->v[++n] = l->v[i];
	l->n = n + 1;
}

size_t
aspa_list_find(const struct aspa_list *l, uint32_t customer)
{
	size_t lo = 0, hi = l->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (l->v[mid].customer < customer)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t
aspa_list_customers(const struct aspa_list *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += i == 0 || l->v[i].customer != l->v[i - 1].customer;
	return n;
}

bool
aspa_list_same(const struct aspa_list *a, const struct aspa_list *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->v, b->v, a->n * sizeof(*a->v)) == 0);
}

bool
aspa_list_copy(struct aspa_list *to, const struct aspa_list *from)
{
	*to = (struct aspa_list){ 0 };
	if (from->n == 0)
		return true;
	to->v = malloc(from->n * sizeof(*to->v));
	if (to->v == NULL)
		return false;
	memcpy(to->v, from->v, from->n * sizeof(*to->v));
	to->n = to->cap = from->n;
	return true;
}

bool
aspa_list_join(struct aspa_list *to, const struct aspa_list *more)
{
	size_t before = to->n;

	for (size_t i = 0; i < more->n; i++)
		if (!aspa_list_add(to, more->v[i].customer, more->v[i].provider)) {
			to->n = before;
			return false;
		}
	if (to->n > before)
		aspa_list_sort_unique(to);
	return true;
}

void
aspa_list_free(struct aspa_list *l)
{
	free(l->v);
	*l = (struct aspa_list){ 0 };
}

/* --- the snapshot */

static uint32_t
slot_of(const struct aspa_set *s, uint32_t asn)
{
	return asn * 0x9e3779b1U >> s->shift; /* golden ratio: the high bits are well mixed */
}

static const struct entry *
find(const struct aspa_set *s, uint32_t customer)
{
	uint32_t mask;

	if (s == NULL || s->customers == 0)
		return NULL;
	mask = UINT32_MAX >> s->shift;
	for (uint32_t at = slot_of(s, customer);; at = (at + 1) & mask) {
		const struct entry *e = &s->slots[at];

		if (e->n == 0)
			return NULL;
		if (e->customer == customer)
			return e;
	}
}

/* AS 0 is kept only where it is all that a customer lists. */
static void
fill(struct aspa_set *s, const struct aspa_list *l)
{
	uint32_t mask = UINT32_MAX >> s->shift;

	for (size_t i = 0, end; i < l->n; i = end) {
		uint32_t customer = l->v[i].customer, at = slot_of(s, customer);
		struct entry e = { customer, (uint32_t)s->pairs, 0 };

		for (end = i + 1; end < l->n && l->v[end].customer == customer; end++)
			;
		if (l->v[i].provider == 0 && end - i > 1)
			i++;
		for (; i < end; i++)
			s->providers[s->pairs++] = l->v[i].provider;
		e.n = (uint32_t)s->pairs - e.first;
		while (s->slots[at].n > 0)
			at = (at + 1) & mask;
		s->slots[at] = e;
		s->customers++;
	}
}

struct aspa_set *
aspa_set_new(const struct aspa_list *l, uint64_t generation)
{
	struct aspa_set *s = calloc(1, sizeof(*s));
	uint32_t bits = 3;

	if (s == NULL)
		return NULL;
	while (bits < 31 && ((size_t)1 << bits) < aspa_list_customers(l) * 4)
		bits++;
	atomic_init(&s->refs, 1);
	s->generation = generation;
	s->shift = 32 - bits;
	s->slots = calloc((size_t)1 << bits, sizeof(*s->slots));
	s->providers = calloc(l->n + 1, sizeof(*s->providers));
	if (s->slots == NULL || s->providers == NULL) {
		aspa_set_unref(s);
		return NULL;
	}
	fill(s, l);
	return s;
}

struct aspa_set *
aspa_set_ref(struct aspa_set *s)
{
	if (s != NULL)
		atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void
aspa_set_unref(struct aspa_set *s)
{
	if (s != NULL && atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) == 1) {
		free(s->slots);
		free(s->providers);
		free(s);
	}
}

uint64_t
aspa_set_generation(const struct aspa_set *s)
{
	return s != NULL ? s->generation : 0;
}

size_t
aspa_set_count(const struct aspa_set *s)
{
	return s != NULL ? s->customers : 0;
}

size_t
aspa_set_bytes(const struct aspa_set *s)
{
	return s == NULL ? 0
			 : sizeof(*s) + ((size_t)1 << (32 - s->shift)) * sizeof(*s->slots) +
			       s->pairs * sizeof(*s->providers);
}

const uint32_t *
aspa_providers(const struct aspa_set *s, uint32_t customer, size_t *n)
{
	const struct entry *e = find(s, customer);

	*n = e != NULL ? e->n : 0;
	return e != NULL ? s->providers + e->first : NULL;
}

bool
aspa_set_list(const struct aspa_set *s, struct aspa_list *out)
{
	*out = (struct aspa_list){ 0 };
	if (aspa_set_count(s) == 0)
		return true;
	for (size_t slot = 0; slot < (size_t)1 << (32 - s->shift); slot++)
		for (uint32_t i = 0; i < s->slots[slot].n; i++)
			if (!aspa_list_add(out, s->slots[slot].customer,
				s->providers[s->slots[slot].first + i])) {
				aspa_list_free(out);
				return false;
			}
	aspa_list_sort_unique(out);
	return true;
}

/* --- hops */

static enum aspa_hop
hop_of(const struct aspa_set *s, const struct entry *e, uint32_t provider)
{
	uint32_t lo, hi;

	if (e == NULL)
		return ASPA_NO_ATTESTATION;
	lo = e->first;
	hi = lo + e->n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (s->providers[mid] == provider)
			return ASPA_PROVIDER;
		if (s->providers[mid] < provider)
			lo = mid + 1;
		else
			hi = mid;
	}
	return ASPA_NOT_PROVIDER;
}

enum aspa_hop
aspa_hop(const struct aspa_set *s, uint32_t customer, uint32_t provider)
{
	return hop_of(s, find(s, customer), provider);
}

const char *
aspa_state_name(uint8_t state)
{
	static const char *const names[] = { "unknown", "valid", "invalid" };

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}

/* --- paths */

void
aspa_walk_start(struct aspa_walk *w, const struct aspa_set *set)
{
	memset(w, 0, sizeof(*w));
	w->set = set;
}

void
aspa_walk_as(struct aspa_walk *w, uint32_t asn)
{
	const struct entry *e;
	enum aspa_hop up, down;

	if (w->n > 0 && asn == w->last)
		return;
	e = find(w->set, asn);
	if (w->n++ == 0) {
		w->first = asn;
	} else {
		up = hop_of(w->set, e, w->last);
		down = hop_of(w->set, w->entry, asn);
		if (up != ASPA_PROVIDER)
			w->up_unproven = w->n;
		if (up == ASPA_NOT_PROVIDER) {
			w->up_broken = w->n;
			w->rising = (struct aspa_broken){ asn, w->last };
		}
		if (down != ASPA_PROVIDER && w->down_unproven == 0)
			w->down_unproven = w->n - 1;
		if (down == ASPA_NOT_PROVIDER && w->down_broken == 0) {
			w->down_broken = w->n - 1;
			w->descending = (struct aspa_broken){ w->last, asn };
		}
	}
	w->last = asn;
	w->entry = e;
}

void
aspa_walk_set(struct aspa_walk *w)
{
	w->set_seen = true;
}

enum aspa_gate
aspa_walk_gate(const struct aspa_walk *w, const uint32_t *neighbour)
{
	if (w->set_seen)
		return ASPA_GATE_SET;
	if (w->n == 0)
		return ASPA_GATE_EMPTY;
	return neighbour != NULL && *neighbour != w->first ? ASPA_GATE_FIRST_AS : ASPA_GATE_NONE;
}

/* The ramps of the draft's section 6: the one that rises from the origin ends at the AS whose next
 * hop is broken (not proven), the one that descends to us begins likewise; both are as long as the
 * path where there is none. Too short together: something lies between them. */
static bool
leaves_a_gap(const struct aspa_walk *w, uint32_t up, uint32_t down)
{
	uint32_t rise = up > 0 ? w->n - up + 1 : w->n, fall = down > 0 ? down : w->n;

	return rise + fall < w->n;
}

struct aspa_verdict
aspa_walk_end(const struct aspa_walk *w)
{
	struct aspa_verdict v = { .rising = w->rising, .descending = w->descending };

	v.up = w->up_broken > 0 ? ASPA_INVALID : w->up_unproven > 0 ? ASPA_UNKNOWN : ASPA_VALID;
	if (leaves_a_gap(w, w->up_broken, w->down_broken))
		v.down = ASPA_INVALID;
	else if (leaves_a_gap(w, w->up_unproven, w->down_unproven))
		v.down = ASPA_UNKNOWN;
	else
		v.down = ASPA_VALID;
	return v;
}

struct aspa_verdict
aspa_verify(const struct aspa_set *set, const uint32_t *asns, size_t n)
{
	struct aspa_walk w;

	aspa_walk_start(&w, set);
	for (size_t i = 0; i < n; i++)
		aspa_walk_as(&w, asns[i]);
	return aspa_walk_end(&w);
}

/* --- differences */

static bool
same_providers(const struct aspa_list *a, size_t i, const struct aspa_list *b, size_t k)
{
	uint32_t customer = a->v[i].customer;

	for (;; i++, k++) {
		bool more = i < a->n && a->v[i].customer == customer,
		     others = k < b->n && b->v[k].customer == customer;

		if (!more || !others)
			return more == others;
		if (a->v[i].provider != b->v[k].provider)
			return false;
	}
}

static size_t
next_customer(const struct aspa_list *l, size_t i)
{
	uint32_t customer = l->v[i].customer;

	while (i < l->n && l->v[i].customer == customer)
		i++;
	return i;
}

static size_t
differing(const struct aspa_list *a, const struct aspa_list *b, uint32_t *out)
{
	size_t i = 0, k = 0, n = 0;

	while (i < a->n || k < b->n) {
		bool left = k == b->n || (i < a->n && a->v[i].customer <= b->v[k].customer);
		bool right = i == a->n || (k < b->n && b->v[k].customer <= a->v[i].customer);

		if (!left || !right || !same_providers(a, i, b, k))
			out[n++] = left ? a->v[i].customer : b->v[k].customer;
		if (left)
			i = next_customer(a, i);
		if (right)
			k = next_customer(b, k);
	}
	return n;
}

bool
aspa_changed(const struct aspa_set *before, const struct aspa_set *after, uint32_t **out, size_t *n)
{
	struct aspa_list a, b;
	bool ok;

	*out = NULL;
	*n = 0;
	if (!aspa_set_list(before, &a))
		return false;
	ok = aspa_set_list(after, &b);
	if (ok)
		*out = calloc(aspa_set_count(before) + aspa_set_count(after) + 1, sizeof(**out));
	ok = ok && *out != NULL;
	if (ok)
		*n = differing(&a, &b, *out);
	aspa_list_free(&a);
	aspa_list_free(&b);
	return ok;
}
