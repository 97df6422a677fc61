#include "collector/rib/attrs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* Room for the rest of a block and for a widened path: twice the longest attribute field each, so
 * that a path which is longer than a part may be is seen to be, and refused. */
enum { SCRATCH = 4 * 65536, PART_MAX = UINT16_MAX };

/* Codes under which other data is kept beside the attributes. No message has attributes of these
 * codes. */
enum { EXTRA_NEXT_HOP = ATTR_MP_REACH, EXTRA_NLRI = ATTR_MP_UNREACH };

struct block {
	uint32_t next, hash, refs;
	uint32_t part[ATTRS_PARTS]; /* 0: the block has no such attribute */
	uint32_t account;
};
_Static_assert(sizeof(struct block) == 32, "attribute block grew");

/* Head of an interned part; its octets follow. */
struct part {
	uint32_t next, hash, refs;
	uint16_t len, flags;
	uint32_t note; /* with PART_HAS_NOTE; path: origin AS; rest: the OTC value */
};
/* A path keeps the owner's verdict, see path_verdict. */
struct path_part {
	struct part head;
	uint16_t generation, verdict;
};
_Static_assert(sizeof(struct part) == 20 && sizeof(struct path_part) == 24, "part grew");

enum { PART_HAS_NOTE = 1 };

static size_t
head_size(enum attrs_part kind)
{
	return kind == ATTRS_PATH ? sizeof(struct path_part) : sizeof(struct part);
}

static struct part *
part_at(const struct attrs *a, enum attrs_part kind, uint32_t h)
{
	return slab_at(&a->part[kind].slab, h);
}

static uint8_t *
part_bytes(const struct attrs *a, enum attrs_part kind, uint32_t h)
{
	return (uint8_t *)part_at(a, kind, h) + head_size(kind);
}

static struct block *
block_at(const struct attrs *a, uint32_t h)
{
	return pool_at(&a->blocks, h);
}

static uint32_t *
block_next(void *owner, uint32_t h)
{
	return &block_at(owner, h)->next;
}

static uint32_t
block_hash(void *owner, uint32_t h)
{
	return block_at(owner, h)->hash;
}

static uint32_t *
part_next(void *owner, uint32_t h)
{
	struct attrs_parts *t = owner;

	return &((struct part *)slab_at(&t->slab, h))->next;
}

static uint32_t
part_hash(void *owner, uint32_t h)
{
	struct attrs_parts *t = owner;

	return ((struct part *)slab_at(&t->slab, h))->hash;
}

static const struct hashidx_ops block_ops = { block_next, block_hash },
				part_ops = { part_next, part_hash };

bool
attrs_init(struct attrs *a, const struct attrs_limits *limits, uint64_t seed)
{
	bool ok;

	memset(a, 0, sizeof(*a));
	a->seed = seed;
	a->account_octets = limits->account_octets;
	a->scratch = malloc(SCRATCH);
	ok = a->scratch != NULL && pool_init(&a->blocks, sizeof(struct block), limits->blocks) &&
	     hashidx_init(&a->index, limits->blocks);
	for (int k = 0; k < ATTRS_PARTS && ok; k++)
		ok = slab_init(&a->part[k].slab, limits->part_octets) &&
		     hashidx_init(&a->part[k].index, limits->blocks);
	if (!ok)
		attrs_fini(a);
	return ok;
}

void
attrs_fini(struct attrs *a)
{
	free(a->scratch);
	free(a->accounts);
	pool_fini(&a->blocks);
	hashidx_fini(&a->index);
	for (int k = 0; k < ATTRS_PARTS; k++) {
		slab_fini(&a->part[k].slab);
		hashidx_fini(&a->part[k].index);
	}
	memset(a, 0, sizeof(*a));
}

/* --- cutting */

static void
set_part(struct attrs_probe *q, enum attrs_part kind, const uint8_t *value, size_t len)
{
	q->has[kind] = true;
	q->value[kind] = cur_of(value, len);
}

/* The path in its 4-octet form; scratch is used when it has to be widened. */
static void
probe_path(struct attrs_probe *q, const struct bgp_update *u, const struct bgp_attr *at, bool as4,
    uint8_t *scratch, size_t size)
{
	const struct bgp_attr *as4_path;

	if (as4) {
		set_part(q, ATTRS_PATH, at->value, at->len);
		return;
	}
	as4_path = bgp_update_as4_path(u);
	set_part(q, ATTRS_PATH, scratch,
	    as_path_widen(cur_of(at->value, at->len),
		as4_path != NULL ? cur_of(as4_path->value, as4_path->len) : cur_of(NULL, 0),
		scratch, size));
}

/* The path that a BGPSEC_PATH stands for, which itself stays with the rest. */
static void
probe_secure_path(struct attrs_probe *q, const struct bgp_update *u, uint8_t *scratch, size_t size)
{
	const struct bgp_attr *at = bgp_update_attr(u, ATTR_BGPSEC_PATH);

	if (at != NULL)
		set_part(q, ATTRS_PATH, scratch,
		    bgpsec_as_path(cur_of(at->value, at->len), scratch, size));
}

/* Append a TLV of our own behind those of the message; its flags are 0. */
static uint8_t *
put_extra(uint8_t *at, uint8_t code, const struct cursor *value)
{
	size_t n;

	if (value == NULL)
		return at;
	n = cur_left(value);
	*at++ = 0;
	*at++ = code;
	*at++ = (uint8_t)(n >> 8);
	*at++ = (uint8_t)n;
	memcpy(at, value->pos, n);
	return at + n;
}

void
attrs_probe_make(struct attrs *a, struct attrs_probe *q, const struct bgp_update *u,
    const struct attrs_extra *extra, bool as4)
{
	uint8_t *rest = a->scratch, *path_room = a->scratch + SCRATCH / 2;
	uint64_t h;

	memset(q->has, 0, sizeof(q->has));
	q->has_otc = false;
	q->otc = 0;
	for (unsigned i = 0; i < u->attrs_n; i++) {
		const struct bgp_attr *at = &u->attr[i];
		enum attrs_part kind = at->code == ATTR_AS_PATH		    ? ATTRS_PATH
				       : at->code == ATTR_COMMUNITIES	    ? ATTRS_COMM
				       : at->code == ATTR_LARGE_COMMUNITIES ? ATTRS_LARGE
									    : ATTRS_REST;

		if (kind == ATTRS_PATH)
			probe_path(q, u, at, as4, path_room, SCRATCH / 2);
		else if (kind != ATTRS_REST)
			set_part(q, kind, at->value, at->len);
		/* flags and code always; the length and value unless they live in a part */
		*rest++ = at->flags;
		*rest++ = at->code;
		if (kind != ATTRS_REST)
			continue;
		*rest++ = (uint8_t)(at->len >> 8);
		*rest++ = (uint8_t)at->len;
		memcpy(rest, at->value, at->len);
		rest += at->len;
		if (at->code == ATTR_OTC && at->len == 4) {
			q->has_otc = true;
			q->otc = be32(at->value);
		}
	}
	if (!q->has[ATTRS_PATH])
		probe_secure_path(q, u, path_room, SCRATCH / 2);
	rest = put_extra(rest, EXTRA_NEXT_HOP, extra->mp_next_hop);
	rest = put_extra(rest, EXTRA_NLRI, extra->nlri);
	set_part(q, ATTRS_REST, a->scratch, (size_t)(rest - a->scratch));
	h = a->seed;
	for (int k = 0; k < ATTRS_PARTS; k++) {
		uint64_t hk = 0;

		if (q->has[k])
			hk = hash_bytes(
			    a->seed + (uint64_t)k, q->value[k].pos, cur_left(&q->value[k]));
		q->part_hash[k] = (uint32_t)hk;
		h = (h ^ hk) * 0x9e3779b97f4a7c15ULL;
		h ^= h >> 29;
	}
	q->hash = (uint32_t)(h >> 32);
}

void
attrs_prefetch(const struct attrs *a, const struct attrs_probe *q)
{
	__builtin_prefetch(hashidx_head(&a->index, q->hash));
	for (int k = 0; k < ATTRS_PARTS; k++)
		if (q->has[k])
			__builtin_prefetch(hashidx_head(&a->part[k].index, q->part_hash[k]));
}

void
attrs_prefetch_entries(const struct attrs *a, const struct attrs_probe *q)
{
	uint32_t h = *hashidx_head(&a->index, q->hash);

	if (h != 0)
		__builtin_prefetch(block_at(a, h));
	for (int k = 0; k < ATTRS_PARTS; k++) {
		h = q->has[k] ? *hashidx_head(&a->part[k].index, q->part_hash[k]) : 0;
		if (h != 0)
			__builtin_prefetch(part_at(a, (enum attrs_part)k, h), 1);
	}
}

/* --- parts */

static bool
part_equal(const struct attrs *a, enum attrs_part kind, uint32_t h, const struct cursor *value)
{
	const struct part *p = part_at(a, kind, h);
	size_t n = cur_left(value);

	return p->len == n && (n == 0 || memcmp(part_bytes(a, kind, h), value->pos, n) == 0);
}

static uint32_t
part_find(const struct attrs *a, enum attrs_part kind, uint32_t hash, const struct cursor *value)
{
	uint32_t h = *hashidx_head(&a->part[kind].index, hash);

	for (; h != 0; h = part_at(a, kind, h)->next)
		if (part_at(a, kind, h)->hash == hash && part_equal(a, kind, h, value))
			return h;
	return 0;
}

/* Origin of a path: the last AS when the last segment is a sequence. */
static bool
origin_of(struct cursor value, uint32_t *origin)
{
	struct as_segment seg;
	bool has = false;

	while (as_path_next(&value, 4, &seg)) {
		has = seg.type == AS_SEQUENCE && seg.count > 0;
		if (has)
			*origin = as_segment_at(&seg, 4, seg.count - 1U);
	}
	return has;
}

static uint32_t
part_intern(struct attrs *a, enum attrs_part kind, const struct attrs_probe *q)
{
	struct attrs_parts *t = &a->part[kind];
	const struct cursor *value = &q->value[kind];
	size_t n = cur_left(value);
	uint32_t h = part_find(a, kind, q->part_hash[kind], value);
	struct part *p;

	if (h == 0) {
		if (t->index.n >= t->index.max ||
		    (h = slab_get(&t->slab, head_size(kind) + n)) == 0)
			return 0;
		p = part_at(a, kind, h);
		memset(p, 0, head_size(kind));
		p->hash = q->part_hash[kind];
		p->len = (uint16_t)n;
		if (n > 0)
			memcpy(part_bytes(a, kind, h), value->pos, n);
		if (kind == ATTRS_PATH && origin_of(*value, &p->note))
			p->flags = PART_HAS_NOTE;
		if (kind == ATTRS_REST && q->has_otc) {
			p->note = q->otc;
			p->flags = PART_HAS_NOTE;
		}
		hashidx_insert(&t->index, p->hash, h, &part_ops, t);
	}
	part_at(a, kind, h)->refs++;
	return h;
}

static void
part_unref(struct attrs *a, enum attrs_part kind, uint32_t h)
{
	struct attrs_parts *t = &a->part[kind];
	struct part *p = part_at(a, kind, h);

	assert(p->refs > 0);
	if (--p->refs > 0)
		return;
	hashidx_remove(&t->index, p->hash, h, &part_ops, t);
	slab_put(&t->slab, h, head_size(kind) + p->len);
}

/* --- blocks */

static bool
block_equal(const struct attrs *a, const struct block *b, const struct attrs_probe *q)
{
	for (int k = 0; k < ATTRS_PARTS; k++) {
		if ((b->part[k] != 0) != q->has[k])
			return false;
		if (q->has[k] && !part_equal(a, (enum attrs_part)k, b->part[k], &q->value[k]))
			return false;
	}
	return true;
}

uint32_t
attrs_find(struct attrs *a, const struct attrs_probe *q)
{
	uint32_t h = *hashidx_head(&a->index, q->hash);

	/* most blocks are new: fetch what attrs_add will look at, all at once */
	for (int k = 0; k < ATTRS_PARTS; k++)
		if (q->has[k])
			__builtin_prefetch(part_at(a, (enum attrs_part)k,
			    *hashidx_head(&a->part[k].index, q->part_hash[k])));
	for (; h != 0; h = block_at(a, h)->next) {
		if (block_at(a, h)->hash == q->hash && block_equal(a, block_at(a, h), q)) {
			a->hits++;
			return h;
		}
	}
	a->misses++;
	return 0;
}

static void
parts_unref(struct attrs *a, const uint32_t part[ATTRS_PARTS])
{
	for (int k = 0; k < ATTRS_PARTS; k++)
		if (part[k] != 0)
			part_unref(a, (enum attrs_part)k, part[k]);
}

/* --- accounts */

uint32_t
attrs_account_open(struct attrs *a)
{
	uint32_t id = 1, max = a->accounts_max == 0 ? 16 : 2 * a->accounts_max;
	struct attrs_account *v;

	while (id < a->accounts_max && a->accounts[id].used)
		id++;
	if (id >= a->accounts_max) {
		v = realloc(a->accounts, max * sizeof(*v));
		if (v == NULL)
			return 0;
		memset(v + a->accounts_max, 0, (max - a->accounts_max) * sizeof(*v));
		a->accounts = v;
		a->accounts_max = max;
	}
	a->accounts[id] = (struct attrs_account){ .used = true };
	return id;
}

void
attrs_account_close(struct attrs *a, uint32_t account)
{
	if (account == 0)
		return;
	a->accounts[account].closed = true;
	a->accounts[account].used = a->accounts[account].octets > 0;
}

const struct attrs_account *
attrs_account(const struct attrs *a, uint32_t account)
{
	static const struct attrs_account none;

	return account != 0 ? &a->accounts[account] : &none;
}

/* May the account have these octets, too? Then it has them. */
static bool
charge(struct attrs *a, uint32_t account, uint64_t octets)
{
	struct attrs_account *of;

	if (account == 0)
		return true;
	of = &a->accounts[account];
	if (a->account_octets != 0 && of->octets + octets > a->account_octets) {
		of->refused++;
		return false;
	}
	of->octets += octets;
	return true;
}

static void
refund(struct attrs *a, uint32_t account, uint64_t octets)
{
	if (account == 0)
		return;
	assert(a->accounts[account].octets >= octets);
	a->accounts[account].octets -= octets;
	if (a->accounts[account].closed)
		attrs_account_close(a, account);
}

static uint64_t
probe_octets(const struct attrs_probe *q)
{
	uint64_t n = sizeof(struct block);

	for (int k = 0; k < ATTRS_PARTS; k++)
		if (q->has[k])
			n += head_size((enum attrs_part)k) + cur_left(&q->value[k]);
	return n;
}

static uint64_t
block_octets(const struct attrs *a, const struct block *b)
{
	uint64_t n = sizeof(struct block);

	for (int k = 0; k < ATTRS_PARTS; k++)
		if (b->part[k] != 0)
			n += head_size((enum attrs_part)k) +
			     part_at(a, (enum attrs_part)k, b->part[k])->len;
	return n;
}

/* --- making and freeing */

/* Intern the parts; false when one is too long, or has no room. */
static bool
intern_parts(struct attrs *a, const struct attrs_probe *q, uint32_t part[ATTRS_PARTS])
{
	for (int k = 0; k < ATTRS_PARTS; k++)
		if (q->has[k] && (cur_left(&q->value[k]) > PART_MAX ||
				     (part[k] = part_intern(a, (enum attrs_part)k, q)) == 0))
			return false;
	return true;
}

uint32_t
attrs_add(struct attrs *a, const struct attrs_probe *q, uint32_t account)
{
	uint32_t part[ATTRS_PARTS] = { 0 };
	uint64_t octets = probe_octets(q);
	struct block *b;
	uint32_t h;

	if (!charge(a, account, octets)) {
		a->refused++;
		return 0;
	}
	if (!intern_parts(a, q, part) || (h = pool_get(&a->blocks)) == 0) {
		parts_unref(a, part);
		refund(a, account, octets);
		a->refused++;
		return 0;
	}
	b = block_at(a, h);
	*b = (struct block){ .hash = q->hash, .account = account };
	memcpy(b->part, part, sizeof(part));
	hashidx_insert(&a->index, q->hash, h, &block_ops, a);
	return h;
}

static void
block_release(struct attrs *a, uint32_t h)
{
	struct block *b = block_at(a, h);

	hashidx_remove(&a->index, b->hash, h, &block_ops, a);
	refund(a, b->account, block_octets(a, b));
	parts_unref(a, b->part);
	pool_put(&a->blocks, h);
}

void
attrs_ref(struct attrs *a, uint32_t h)
{
	struct block *b = block_at(a, h);

	assert(b->refs < UINT32_MAX);
	b->refs++;
}

void
attrs_unref(struct attrs *a, uint32_t h)
{
	struct block *b = block_at(a, h);

	assert(b->refs > 0);
	if (--b->refs == 0)
		block_release(a, h);
}

/* --- reading */

uint32_t
attrs_path(const struct attrs *a, uint32_t h)
{
	return block_at(a, h)->part[ATTRS_PATH];
}

bool
attrs_otc(const struct attrs *a, uint32_t h, uint32_t *otc)
{
	const struct part *p = part_at(a, ATTRS_REST, block_at(a, h)->part[ATTRS_REST]);

	*otc = p->note;
	return p->flags & PART_HAS_NOTE;
}

struct cursor
attrs_value(const struct attrs *a, uint32_t h, enum attrs_part kind)
{
	uint32_t part = block_at(a, h)->part[kind];

	if (part == 0)
		return cur_of(a->scratch, 0);
	return cur_of(part_bytes(a, kind, part), part_at(a, kind, part)->len);
}

struct cursor
path_value(const struct attrs *a, uint32_t path)
{
	return cur_of(part_bytes(a, ATTRS_PATH, path), part_at(a, ATTRS_PATH, path)->len);
}

bool
path_origin(const struct attrs *a, uint32_t path, uint32_t *origin)
{
	const struct part *p = part_at(a, ATTRS_PATH, path);

	*origin = p->note;
	return p->flags & PART_HAS_NOTE;
}

bool
path_verdict(const struct attrs *a, uint32_t path, uint16_t generation, uint16_t *verdict)
{
	const struct path_part *p = slab_at(&a->part[ATTRS_PATH].slab, path);

	*verdict = p->verdict;
	return p->generation == generation;
}

void
path_verdict_set(struct attrs *a, uint32_t path, uint16_t generation, uint16_t verdict)
{
	struct path_part *p = slab_at(&a->part[ATTRS_PATH].slab, path);

	p->generation = generation;
	p->verdict = verdict;
}

bool
paths_each(const struct attrs *a, uint32_t *cursor, uint32_t budget,
    void (*each)(void *ctx, uint32_t path), void *ctx)
{
	const struct hashidx *x = &a->part[ATTRS_PATH].index;

	for (; *cursor <= x->mask + x->split; ++*cursor) {
		if (budget == 0)
			return false;
		budget--;
		for (uint32_t h = x->heads[*cursor]; h != 0; h = part_at(a, ATTRS_PATH, h)->next)
			each(ctx, h);
	}
	return true;
}

uint32_t
path_find(const struct attrs *a, struct cursor value)
{
	uint64_t h = hash_bytes(a->seed + ATTRS_PATH, value.pos, cur_left(&value));

	return part_find(a, ATTRS_PATH, (uint32_t)h, &value);
}

/* One TLV with the extended length form where it is needed. */
static bool
put_tlv(struct cursor value, uint8_t flags, uint8_t code, uint8_t *out, size_t size, size_t *used)
{
	size_t n = cur_left(&value), at = *used;
	bool extended = n > 255 || (flags & ATTR_EXTENDED);

	if (n + 4 > size - at)
		return false;
	out[at++] = extended ? flags | ATTR_EXTENDED : flags;
	out[at++] = code;
	if (extended)
		out[at++] = (uint8_t)(n >> 8);
	out[at++] = (uint8_t)n;
	memcpy(out + at, value.pos, n);
	*used = at + n;
	return true;
}

size_t
attrs_rebuild(const struct attrs *a, uint32_t h, uint8_t *out, size_t size)
{
	struct cursor rest = attrs_value(a, h, ATTRS_REST);
	size_t used = 0;

	while (cur_left(&rest) > 0) {
		uint8_t flags = cur_u8(&rest), code = cur_u8(&rest);
		struct cursor value = code == ATTR_AS_PATH	 ? attrs_value(a, h, ATTRS_PATH)
				      : code == ATTR_COMMUNITIES ? attrs_value(a, h, ATTRS_COMM)
				      : code == ATTR_LARGE_COMMUNITIES
					  ? attrs_value(a, h, ATTRS_LARGE)
					  : cur_sub(&rest, cur_u16(&rest));

		if (code == EXTRA_NEXT_HOP || code == EXTRA_NLRI)
			continue;
		if (!put_tlv(value, flags, code, out, size, &used))
			return 0;
	}
	return used;
}

struct cursor
attrs_other(const struct attrs *a, uint32_t h, uint8_t wanted)
{
	struct cursor rest = attrs_value(a, h, ATTRS_REST);

	while (cur_left(&rest) > 0) {
		uint8_t code;
		struct cursor value;

		cur_u8(&rest);
		code = cur_u8(&rest);
		if (code == ATTR_AS_PATH || code == ATTR_COMMUNITIES ||
		    code == ATTR_LARGE_COMMUNITIES)
			continue;
		value = cur_sub(&rest, cur_u16(&rest));
		if (code == wanted)
			return value;
	}
	return cur_of(a->scratch, 0);
}

struct cursor
attrs_nlri(const struct attrs *a, uint32_t h)
{
	return attrs_other(a, h, EXTRA_NLRI);
}

void
attrs_sizes(const struct attrs *a, struct attrs_sizes *out)
{
	out->blocks = a->blocks.live;
	out->bytes = pool_bytes(&a->blocks) + hashidx_bytes(&a->index);
	for (int k = 0; k < ATTRS_PARTS; k++) {
		out->parts[k] = a->part[k].index.n;
		out->bytes += slab_bytes(&a->part[k].slab) + hashidx_bytes(&a->part[k].index);
	}
}
