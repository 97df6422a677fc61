/*
 * The snapshot. VRP prefixes are kept sorted (address, then length), each with the index of its
 * nearest covering VRP prefix. All VRPs that cover a route are then found from the last prefix not
 * after it: up its chain of parents until one covers the route; that one and all above it do. The
 * search starts in a bucket of the leading bits, so it costs one or two cache misses. What the
 * first VRP of a prefix says stands in the node itself: most have no other.
 */
#include "collector/rpki/vrp.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/bytes.h"

enum {
	BITS4 = 18, /* leading bits of the IPv4 index */
	BITS6 = 18, /* of the IPv6 index, after 2000::/3 */
	FEW = 4096, /* VRPs: the indexes have fewer bits */
	BITS_OF_FEW = 8,
	NONE = -1,
};

struct node4 {
	uint32_t addr, asn; /* asn, max_len: of its first payload */
	int32_t parent;
	uint32_t more; /* the first of its other payloads */
	uint8_t len, max_len;
};
struct node6 {
	uint64_t hi, lo;
	uint32_t asn;
	int32_t parent;
	uint32_t more;
	uint8_t len, max_len;
};
_Static_assert(sizeof(struct node4) == 20 && sizeof(struct node6) == 32, "a node grew");

struct payload {
	uint32_t asn;
	uint8_t max_len;
};

struct vrp_set {
	_Atomic uint32_t refs;
	uint64_t generation;
	uint32_t n4, n6;  /* distinct prefixes */
	struct node4 *v4; /* and one more at the end, to close the payloads of the last */
	struct node6 *v6;
	struct payload *pay4, *pay6; /* but the first ones */
	uint32_t pay4_n, pay6_n;
	unsigned bits4, bits6;	   /* of the indexes */
	uint32_t *index4, *index6; /* first node whose leading bits are >= i */
};

int
vrp_cmp(const struct vrp *a, const struct vrp *b)
{
	int d = ip_prefix_cmp(&a->prefix, &b->prefix);

	if (d != 0)
		return d;
	if (a->max_len != b->max_len)
		return a->max_len < b->max_len ? -1 : 1;
	return a->asn < b->asn ? -1 : a->asn > b->asn;
}

bool
vrp_ok(const struct vrp *v)
{
	return v->prefix.family != IP_NONE && v->prefix.len <= v->max_len &&
	       v->max_len <= ip_bits(v->prefix.family);
}

/* --- lists */

bool
vrp_list_add(struct vrp_list *l, const struct vrp *v)
{
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 256 : l->cap * 2;
		struct vrp *bigger = realloc(l->v, cap * sizeof(*bigger));

		if (bigger == NULL)
			return false;
		l->v = bigger;
		l->cap = cap;
	}
	l->v[l->n++] = *v;
	return true;
}

/* Of two that differ in the trust anchor only, the same is kept whatever the order was. */
static int
cmp_void(const void *a, const void *b)
{
	const struct vrp *x = a, *y = b;
	int d = vrp_cmp(x, y);

	return d != 0 ? d : (x->ta > y->ta) - (x->ta < y->ta);
}

/* Where it is among 2^17: by the family and the first 16 bits. */
static uint32_t
drawer_of(const struct vrp *v)
{
	return (v->prefix.family == IP_V4 ? 0U : 1U << 16) | be16(v->prefix.b);
}

/* By drawers first: then only neighbours are compared. false: out of memory, nothing has changed.
 */
static bool
sort_by_drawers(struct vrp_list *l)
{
	enum { DRAWERS = 1 << 17 };
	uint32_t *ends = calloc(DRAWERS + 1, sizeof(*ends));
	struct vrp *to = malloc(l->n * sizeof(*to));
	bool ok = ends != NULL && to != NULL && l->n < UINT32_MAX;

	for (size_t i = 0; ok && i < l->n; i++)
		ends[drawer_of(&l->v[i]) + 1]++;
	for (size_t d = 0; ok && d < DRAWERS; d++)
		ends[d + 1] += ends[d];
	for (size_t i = 0; ok && i < l->n; i++) /* now it is where the next one goes */
		to[ends[drawer_of(&l->v[i])]++] = l->v[i];
	for (size_t d = 0; ok && d < DRAWERS; d++) {
		uint32_t from = d > 0 ? ends[d - 1] : 0;

		if (ends[d] - from > 1)
			qsort(to + from, ends[d] - from, sizeof(*to), cmp_void);
	}
	free(ends);
	if (!ok) {
		free(to);
		return false;
	}
	free(l->v);
	l->v = to;
	l->cap = l->n;
	return true;
}

static bool
is_sorted(const struct vrp_list *l)
{
	for (size_t i = 1; i < l->n; i++)
		if (cmp_void(&l->v[i - 1], &l->v[i]) > 0)
			return false;
	return true;
}

void
vrp_list_sort_unique(struct vrp_list *l)
{
	enum { MANY = 10000 };
	size_t n = 0;

	if (l->n == 0)
		return;
	if (!is_sorted(l) && (l->n < MANY || !sort_by_drawers(l)))
		qsort(l->v, l->n, sizeof(*l->v), cmp_void);
	for (size_t i = 1; i < l->n; i++)
		if (vrp_cmp(&l->v[n], &l->v[i]) != 0)
			l->v[++n] = l->v[i];
	l->n = n + 1;
}

const struct vrp *
vrp_list_find(const struct vrp_list *l, const struct vrp *v)
{
	size_t lo = 0, hi = l->n;

	while (lo < hi) { /* the first one that is not before it */
		size_t mid = lo + (hi - lo) / 2;

		if (vrp_cmp(&l->v[mid], v) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < l->n && vrp_cmp(&l->v[lo], v) == 0 ? &l->v[lo] : NULL;
}

bool
vrp_list_copy(struct vrp_list *to, const struct vrp_list *from)
{
	*to = (struct vrp_list){ 0 };
	if (from->n == 0)
		return true;
	to->v = malloc(from->n * sizeof(*to->v));
	if (to->v == NULL)
		return false;
	memcpy(to->v, from->v, from->n * sizeof(*to->v));
	to->n = to->cap = from->n;
	return true;
}

void
vrp_list_free(struct vrp_list *l)
{
	free(l->v);
	*l = (struct vrp_list){ 0 };
}

/* --- words of addresses */

static bool
covers4(const struct node4 *n, uint32_t addr, uint8_t len)
{
	return n->len <= len && (n->len == 0 || (n->addr ^ addr) >> (32 - n->len) == 0);
}

static bool
covers6(const struct node6 *n, uint64_t hi, uint64_t lo, uint8_t len)
{
	if (n->len > len)
		return false;
	if (n->len == 0)
		return true;
	if (n->len <= 64)
		return (n->hi ^ hi) >> (64 - n->len) == 0;
	return n->hi == hi && (n->len == 64 || (n->lo ^ lo) >> (128 - n->len) == 0);
}

/* Order-preserving: what lies outside of 2000::/3 falls into the first or the last bucket. */
static uint32_t
bucket6(const struct vrp_set *s, uint64_t hi)
{
	unsigned top = (unsigned)(hi >> 61);

	if (top != 1)
		return top == 0 ? 0 : (1U << s->bits6) - 1;
	return (uint32_t)(hi >> (61 - s->bits6)) & ((1U << s->bits6) - 1);
}

/* --- building */

static void
add4(struct vrp_set *s, const struct vrp *v)
{
	uint32_t addr = be32(v->prefix.b);
	struct node4 *last = s->n4 > 0 ? &s->v4[s->n4 - 1] : NULL;

	if (last == NULL || last->addr != addr || last->len != v->prefix.len) {
		int32_t parent = (int32_t)s->n4 - 1;

		while (parent != NONE && !covers4(&s->v4[parent], addr, v->prefix.len))
			parent = s->v4[parent].parent;
		s->v4[s->n4++] = (struct node4){ .addr = addr,
			.len = v->prefix.len,
			.parent = parent,
			.more = s->pay4_n,
			.asn = v->asn,
			.max_len = v->max_len };
		return;
	}
	s->pay4[s->pay4_n++] = (struct payload){ v->asn, v->max_len };
}

static void
add6(struct vrp_set *s, const struct vrp *v)
{
	uint64_t hi = be64(v->prefix.b), lo = be64(v->prefix.b + 8);
	struct node6 *last = s->n6 > 0 ? &s->v6[s->n6 - 1] : NULL;

	if (last == NULL || last->hi != hi || last->lo != lo || last->len != v->prefix.len) {
		int32_t parent = (int32_t)s->n6 - 1;

		while (parent != NONE && !covers6(&s->v6[parent], hi, lo, v->prefix.len))
			parent = s->v6[parent].parent;
		s->v6[s->n6++] = (struct node6){ .hi = hi,
			.lo = lo,
			.len = v->prefix.len,
			.parent = parent,
			.more = s->pay6_n,
			.asn = v->asn,
			.max_len = v->max_len };
		return;
	}
	s->pay6[s->pay6_n++] = (struct payload){ v->asn, v->max_len };
}

static void
build_indexes(struct vrp_set *s)
{
	uint32_t at = 0;

	for (uint32_t b = 0; b <= 1U << s->bits4; b++) {
		while (at < s->n4 && s->v4[at].addr >> (32 - s->bits4) < b)
			at++;
		s->index4[b] = at;
	}
	at = 0;
	for (uint32_t b = 0; b <= 1U << s->bits6; b++) {
		while (at < s->n6 && bucket6(s, s->v6[at].hi) < b)
			at++;
		s->index6[b] = at;
	}
}

static void
set_free(struct vrp_set *s)
{
	free(s->v4);
	free(s->v6);
	free(s->pay4);
	free(s->pay6);
	free(s->index4);
	free(s->index6);
	free(s);
}

struct vrp_set *
vrp_set_new(const struct vrp_list *l, uint64_t generation)
{
	struct vrp_set *s = calloc(1, sizeof(*s));
	size_t n4 = 0;

	if (s == NULL)
		return NULL;
	atomic_init(&s->refs, 1);
	s->generation = generation;
	s->bits4 = l->n > FEW ? BITS4 : BITS_OF_FEW;
	s->bits6 = l->n > FEW ? BITS6 : BITS_OF_FEW;
	for (size_t i = 0; i < l->n; i++)
		n4 += l->v[i].prefix.family == IP_V4;
	s->v4 = calloc(n4 + 1, sizeof(*s->v4));
	s->v6 = calloc(l->n - n4 + 1, sizeof(*s->v6));
	s->pay4 = calloc(n4 + 1, sizeof(*s->pay4));
	s->pay6 = calloc(l->n - n4 + 1, sizeof(*s->pay6));
	s->index4 = calloc((1U << s->bits4) + 1, sizeof(uint32_t));
	s->index6 = calloc((1U << s->bits6) + 1, sizeof(uint32_t));
	if (s->v4 == NULL || s->v6 == NULL || s->pay4 == NULL || s->pay6 == NULL ||
	    s->index4 == NULL || s->index6 == NULL) {
		set_free(s);
		return NULL;
	}
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].prefix.family == IP_V4)
			add4(s, &l->v[i]);
		else
			add6(s, &l->v[i]);
	}
	s->v4[s->n4].more = s->pay4_n;
	s->v6[s->n6].more = s->pay6_n;
	build_indexes(s);
	return s;
}

struct vrp_set *
vrp_set_ref(struct vrp_set *s)
{
	if (s != NULL)
		atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void
vrp_set_unref(struct vrp_set *s)
{
	if (s != NULL && atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) == 1)
		set_free(s);
}

uint64_t
vrp_set_generation(const struct vrp_set *s)
{
	return s != NULL ? s->generation : 0;
}

size_t
vrp_set_count(const struct vrp_set *s, uint8_t family)
{
	return s == NULL ? 0 : family == IP_V4 ? s->n4 + s->pay4_n : s->n6 + s->pay6_n;
}

size_t
vrp_set_bytes(const struct vrp_set *s)
{
	if (s == NULL)
		return 0;
	return s->n4 * sizeof(*s->v4) + s->n6 * sizeof(*s->v6) +
	       (s->pay4_n + s->pay6_n) * sizeof(struct payload) +
	       ((1U << s->bits4) + (1U << s->bits6)) * sizeof(uint32_t);
}

/* --- looking up */

/* Nearest VRP prefix that covers the route, NONE when there is none. */
static int32_t
nearest4(const struct vrp_set *s, uint32_t addr, uint8_t len)
{
	uint32_t b = addr >> (32 - s->bits4), lo = s->index4[b], hi = s->index4[b + 1];
	int32_t at;

	while (lo < hi) { /* first node after (addr, len) */
		uint32_t mid = lo + (hi - lo) / 2;
		const struct node4 *n = &s->v4[mid];

		if (n->addr < addr || (n->addr == addr && n->len <= len))
			lo = mid + 1;
		else
			hi = mid;
	}
	for (at = (int32_t)lo - 1; at != NONE && !covers4(&s->v4[at], addr, len);)
		at = s->v4[at].parent;
	return at;
}

static int32_t
nearest6(const struct vrp_set *s, uint64_t h, uint64_t l, uint8_t len)
{
	uint32_t b = bucket6(s, h), lo = s->index6[b], hi = s->index6[b + 1];
	int32_t at;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct node6 *n = &s->v6[mid];

		if (n->hi < h || (n->hi == h && (n->lo < l || (n->lo == l && n->len <= len))))
			lo = mid + 1;
		else
			hi = mid;
	}
	for (at = (int32_t)lo - 1; at != NONE && !covers6(&s->v6[at], h, l, len);)
		at = s->v6[at].parent;
	return at;
}

void
vrp_prefetch_place(const struct vrp_set *s, uint8_t family, uint64_t first)
{
	if (s == NULL)
		return;
	if (family == IP_V4)
		__builtin_prefetch(&s->index4[first >> (64 - s->bits4)]);
	else
		__builtin_prefetch(&s->index6[bucket6(s, first)]);
}

/* A search begins in the middle, and ends at the last that is not behind. */
void
vrp_prefetch_nodes(const struct vrp_set *s, uint8_t family, uint64_t first)
{
	const uint32_t *at;

	if (s == NULL)
		return;
	if (family == IP_V4) {
		at = &s->index4[first >> (64 - s->bits4)];
		__builtin_prefetch(&s->v4[at[0] + (at[1] - at[0]) / 2]);
		__builtin_prefetch(&s->v4[at[0] > 0 ? at[0] - 1 : 0]);
	} else {
		at = &s->index6[bucket6(s, first)];
		__builtin_prefetch(&s->v6[at[0] + (at[1] - at[0]) / 2]);
		__builtin_prefetch(&s->v6[at[0] > 0 ? at[0] - 1 : 0]);
	}
}

/* Of a node: how many payloads it has, and each. */
static uint32_t
payloads4(const struct vrp_set *s, uint32_t node)
{
	return 1 + s->v4[node + 1].more - s->v4[node].more;
}

static struct payload
payload4(const struct vrp_set *s, uint32_t node, uint32_t i)
{
	const struct node4 *n = &s->v4[node];

	return i == 0 ? (struct payload){ n->asn, n->max_len } : s->pay4[n->more + i - 1];
}

static uint32_t
payloads6(const struct vrp_set *s, uint32_t node)
{
	return 1 + s->v6[node + 1].more - s->v6[node].more;
}

static struct payload
payload6(const struct vrp_set *s, uint32_t node, uint32_t i)
{
	const struct node6 *n = &s->v6[node];

	return i == 0 ? (struct payload){ n->asn, n->max_len } : s->pay6[n->more + i - 1];
}

/* named: some covering VRP names this origin. */
struct verdict {
	bool valid, named;
};

static bool
match(struct verdict *v, struct payload p, uint8_t len, uint32_t origin)
{
	if (p.asn == origin) {
		v->named = true;
		v->valid |= len <= p.max_len;
	}
	return v->valid;
}

static struct rov_result
result_of(struct verdict v)
{
	if (v.valid)
		return (struct rov_result){ ROV_VALID, ROV_REASON_NONE };
	return (struct rov_result){ ROV_INVALID, v.named ? ROV_REASON_LENGTH : ROV_REASON_ASN };
}

/* origin 0 is none: no VRP of AS 0 makes a route valid. */
struct rov_result
vrp_validate(const struct vrp_set *s, const struct ip_prefix *p, bool has_origin, uint32_t origin)
{
	static const struct rov_result not_found = { ROV_NOT_FOUND, ROV_REASON_NONE };
	bool matches = has_origin && origin != 0;
	struct verdict v = { false, false };
	int32_t at;

	if (s == NULL)
		return not_found;
	if (p->family == IP_V4) {
		at = nearest4(s, be32(p->b), p->len);
		if (at == NONE)
			return not_found;
		for (; at != NONE && matches && !v.valid; at = s->v4[at].parent)
			for (uint32_t i = 0, n = payloads4(s, (uint32_t)at);
			     i < n && !match(&v, payload4(s, (uint32_t)at, i), p->len, origin);)
				i++;
		return result_of(v);
	}
	at = nearest6(s, be64(p->b), be64(p->b + 8), p->len);
	if (at == NONE)
		return not_found;
	for (; at != NONE && matches && !v.valid; at = s->v6[at].parent)
		for (uint32_t i = 0, n = payloads6(s, (uint32_t)at);
		     i < n && !match(&v, payload6(s, (uint32_t)at, i), p->len, origin);)
			i++;
	return result_of(v);
}

bool
vrp_set_covers(const struct vrp_set *s, const struct ip_prefix *p)
{
	if (s == NULL)
		return false;
	return p->family == IP_V4 ? nearest4(s, be32(p->b), p->len) != NONE
				  : nearest6(s, be64(p->b), be64(p->b + 8), p->len) != NONE;
}

static void
store(const struct vrp *v, struct vrp *out, size_t max, size_t *n)
{
	if (*n < max)
		out[*n] = *v;
	(*n)++;
}

static void
node_prefix4(const struct node4 *n, struct ip_prefix *p)
{
	uint8_t b[4];

	put_be32(b, n->addr);
	ip_prefix_make(p, IP_V4, b, n->len);
}

static void
node_prefix6(const struct node6 *n, struct ip_prefix *p)
{
	uint8_t b[16];

	put_be64(put_be64(b, n->hi), n->lo);
	ip_prefix_make(p, IP_V6, b, n->len);
}

size_t
vrp_covering(const struct vrp_set *s, const struct ip_prefix *p, struct vrp *out, size_t max)
{
	struct vrp v;
	size_t n = 0;

	if (s == NULL)
		return 0;
	if (p->family == IP_V4) {
		for (int32_t at = nearest4(s, be32(p->b), p->len); at != NONE;
		     at = s->v4[at].parent) {
			node_prefix4(&s->v4[at], &v.prefix);
			for (uint32_t i = 0; i < payloads4(s, (uint32_t)at); i++) {
				struct payload pay = payload4(s, (uint32_t)at, i);

				v.asn = pay.asn;
				v.max_len = pay.max_len;
				store(&v, out, max, &n);
			}
		}
		return n;
	}
	for (int32_t at = nearest6(s, be64(p->b), be64(p->b + 8), p->len); at != NONE;
	     at = s->v6[at].parent) {
		node_prefix6(&s->v6[at], &v.prefix);
		for (uint32_t i = 0; i < payloads6(s, (uint32_t)at); i++) {
			struct payload pay = payload6(s, (uint32_t)at, i);

			v.asn = pay.asn;
			v.max_len = pay.max_len;
			store(&v, out, max, &n);
		}
	}
	return n;
}

static bool
is_payload(struct payload p, const struct vrp *v)
{
	return p.asn == v->asn && p.max_len == v->max_len;
}

bool
vrp_set_has(const struct vrp_set *s, const struct vrp *v)
{
	bool has = false;
	int32_t at;

	if (s == NULL)
		return false;
	if (v->prefix.family == IP_V4) {
		at = nearest4(s, be32(v->prefix.b), v->prefix.len);
		if (at == NONE || s->v4[at].len != v->prefix.len)
			return false;
		for (uint32_t i = 0; i < payloads4(s, (uint32_t)at) && !has; i++)
			has = is_payload(payload4(s, (uint32_t)at, i), v);
		return has;
	}
	at = nearest6(s, be64(v->prefix.b), be64(v->prefix.b + 8), v->prefix.len);
	if (at == NONE || s->v6[at].len != v->prefix.len)
		return false;
	for (uint32_t i = 0; i < payloads6(s, (uint32_t)at) && !has; i++)
		has = is_payload(payload6(s, (uint32_t)at, i), v);
	return has;
}

/* --- difference */

/* Steps through a snapshot in the order of vrp_cmp. */
struct walk {
	const struct vrp_set *set;
	uint32_t node, pay; /* pay: of the node's payloads */
	bool v6;
};

static bool
walk_get(struct walk *w, struct vrp *v)
{
	const struct vrp_set *s = w->set;
	struct payload p;

	if (s == NULL)
		return false;
	if (!w->v6 && w->node >= s->n4) {
		w->v6 = true;
		w->node = w->pay = 0;
	}
	if (w->v6 && w->node >= s->n6)
		return false;
	if (!w->v6) {
		node_prefix4(&s->v4[w->node], &v->prefix);
		p = payload4(s, w->node, w->pay);
	} else {
		node_prefix6(&s->v6[w->node], &v->prefix);
		p = payload6(s, w->node, w->pay);
	}
	v->asn = p.asn;
	v->max_len = p.max_len;
	return true;
}

static void
walk_step(struct walk *w)
{
	if (++w->pay < (w->v6 ? payloads6(w->set, w->node) : payloads4(w->set, w->node)))
		return;
	w->node++;
	w->pay = 0;
}

size_t
vrp_set_of_asns(
    const struct vrp_set *s, const uint32_t *asns, size_t asns_n, struct vrp *out, size_t max)
{
	struct walk w = { .set = s };
	struct vrp v = { .ta = 0 };
	size_t n = 0;

	for (; walk_get(&w, &v); walk_step(&w))
		for (size_t i = 0; i < asns_n; i++)
			if (asns[i] == v.asn) {
				store(&v, out, max, &n);
				break;
			}
	return n;
}

void
vrp_set_each(const struct vrp_set *s, void (*each)(void *ctx, const struct vrp *), void *ctx)
{
	struct walk w = { .set = s };
	struct vrp v = { .ta = 0 };

	for (; walk_get(&w, &v); walk_step(&w))
		each(ctx, &v);
}

bool
vrp_delta_between(const struct vrp_set *before, const struct vrp_set *after, struct vrp_delta *d)
{
	struct walk a = { .set = before }, b = { .set = after };
	struct vrp va, vb;
	bool has_a, has_b;

	*d = (struct vrp_delta){ .generation = vrp_set_generation(after) };
	has_a = walk_get(&a, &va);
	has_b = walk_get(&b, &vb);
	while (has_a || has_b) {
		int c = !has_a ? 1 : !has_b ? -1 : vrp_cmp(&va, &vb);

		if ((c < 0 && !vrp_list_add(&d->removed, &va)) ||
		    (c > 0 && !vrp_list_add(&d->added, &vb))) {
			vrp_delta_free(d);
			return false;
		}
		if (c <= 0) {
			walk_step(&a);
			has_a = walk_get(&a, &va);
		}
		if (c >= 0) {
			walk_step(&b);
			has_b = walk_get(&b, &vb);
		}
	}
	return true;
}

void
vrp_delta_free(struct vrp_delta *d)
{
	vrp_list_free(&d->added);
	vrp_list_free(&d->removed);
}

const char *
rov_state_name(uint8_t state)
{
	return state == ROV_VALID ? "valid" : state == ROV_INVALID ? "invalid" : "not-found";
}

const char *
rov_reason_name(uint8_t reason)
{
	return reason == ROV_REASON_ASN	     ? "invalid-asn"
	       : reason == ROV_REASON_LENGTH ? "invalid-length"
					     : "";
}
