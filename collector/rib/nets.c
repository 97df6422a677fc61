#include "collector/rib/nets.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/bytes.h"

/* Length, cached value and references share a word. The length of a freed entry is one that no
 * prefix has. */
enum {
	REFS_MAX = (1 << 21) - 1,
	REFS_ROUTES = REFS_MAX - NET_HOLDS_MAX,
	LEN_FREE = 255,
	KEY_USUAL = 28
};

struct meta {
	uint32_t len : 8, cache : 3, refs : 21;
};

struct entry4 {
	uint32_t addr;
	struct meta meta;
	uint32_t key;
};
struct entry6 {
	uint32_t addr[4];
	struct meta meta;
	uint32_t key;
};
struct entry_key {
	uint32_t hash;
	struct meta meta; /* len: octets */
	uint8_t key[];
};
_Static_assert(sizeof(struct entry4) == 12, "IPv4 prefix grew");
_Static_assert(sizeof(struct entry6) == 24, "IPv6 prefix grew");

static struct entry4 *
at4(const struct nets *p, uint32_t h)
{
	return pool_at(&p->v4, h);
}

static struct entry6 *
at6(const struct nets *p, uint32_t h)
{
	return pool_at(&p->v6, h & ~NET_V6);
}

static struct entry_key *
at_key(const struct nets *p, uint32_t h)
{
	return slab_at(&p->keys, h & ~NET_KEY);
}

static struct meta *
meta_of(const struct nets *p, uint32_t h)
{
	return h & NET_V6 ? &at6(p, h)->meta : h & NET_KEY ? &at_key(p, h)->meta : &at4(p, h)->meta;
}

static uint32_t
hash4(uint64_t seed, uint32_t addr, uint8_t len)
{
	return hash_u64(seed, addr, len);
}

static uint32_t
hash6(uint64_t seed, const uint32_t w[4], uint8_t len)
{
	return hash_u64(
	    seed, (uint64_t)w[0] << 32 | w[1], ((uint64_t)w[2] << 32 | w[3]) * 131 + len);
}

static uint32_t
rehash4(const struct entry4 *e, uint64_t seed)
{
	return hash4(seed, e->addr, (uint8_t)e->meta.len);
}

static uint32_t
rehash6(const struct entry6 *e, uint64_t seed)
{
	return hash6(seed, e->addr, (uint8_t)e->meta.len);
}

bool
nets_init(struct nets *p, uint32_t max_v4, uint32_t max_v6, uint32_t max_keys, uint64_t seed)
{
	uint64_t key_octets = (uint64_t)max_keys * (sizeof(struct entry_key) + KEY_USUAL);

	memset(p, 0, sizeof(*p));
	p->seed = seed;
	p->keys_max = max_keys;
	if (pool_init(&p->v4, sizeof(struct entry4), max_v4) &&
	    pool_init(&p->v6, sizeof(struct entry6), max_v6) && slab_init(&p->keys, key_octets) &&
	    tagidx_init(&p->index4, max_v4) && tagidx_init(&p->index6, max_v6) &&
	    tagidx_init(&p->index_key, max_keys))
		return true;
	nets_fini(p);
	return false;
}

void
nets_fini(struct nets *p)
{
	pool_fini(&p->v4);
	pool_fini(&p->v6);
	slab_fini(&p->keys);
	tagidx_fini(&p->index4);
	tagidx_fini(&p->index6);
	tagidx_fini(&p->index_key);
}

void
net_probe_make(const struct nets *p, struct net_probe *q, const struct ip_prefix *ip)
{
	q->len = ip->len;
	q->w[0] = be32(ip->b);
	if (ip->family == IP_V6) {
		q->kind = NET_V6;
		for (int i = 1; i < 4; i++)
			q->w[i] = be32(ip->b + 4 * i);
		q->hash = hash6(p->seed, q->w, ip->len);
	} else {
		q->kind = 0;
		q->w[1] = q->w[2] = q->w[3] = 0;
		q->hash = hash4(p->seed, q->w[0], ip->len);
	}
}

void
net_probe_key(const struct nets *p, struct net_probe *q, const uint8_t *key, uint8_t len)
{
	q->kind = NET_KEY;
	q->key = key;
	q->len = len;
	q->hash = (uint32_t)hash_bytes(p->seed, key, len);
}

static const struct tagidx *
index_of(const struct nets *p, uint32_t kind)
{
	return kind == 0 ? &p->index4 : kind == NET_V6 ? &p->index6 : &p->index_key;
}

void
net_prefetch_head(const struct nets *p, const struct net_probe *q)
{
	__builtin_prefetch(tagidx_line(index_of(p, q->kind), q->hash), 1);
}

void
net_prefetch_entry(const struct nets *p, const struct net_probe *q)
{
	uint32_t h = tagidx_likely(index_of(p, q->kind), q->hash);

	if (h != 0)
		__builtin_prefetch(q->kind == 0	       ? (void *)at4(p, h)
				   : q->kind == NET_V6 ? (void *)at6(p, h)
						       : (void *)at_key(p, h),
		    1);
}

static uint32_t
find_key(const struct nets *p, const struct net_probe *q)
{
	struct tagidx_walk w;
	uint32_t h = tagidx_first(&p->index_key, q->hash, &w);

	for (; h != 0; h = tagidx_next(&p->index_key, q->hash, &w)) {
		const struct entry_key *e = at_key(p, h);

		if (e->meta.len == q->len && memcmp(e->key, q->key, q->len) == 0)
			return h | NET_KEY;
	}
	return 0;
}

static uint32_t
find6(const struct nets *p, const struct net_probe *q)
{
	struct tagidx_walk w;
	uint32_t h = tagidx_first(&p->index6, q->hash, &w);

	for (; h != 0; h = tagidx_next(&p->index6, q->hash, &w)) {
		const struct entry6 *e = at6(p, h);

		if (e->meta.len == q->len && memcmp(e->addr, q->w, sizeof(e->addr)) == 0)
			return h | NET_V6;
	}
	return 0;
}

uint32_t
net_find(const struct nets *p, const struct net_probe *q)
{
	struct tagidx_walk w;
	uint32_t h;

	if (q->kind != 0)
		return q->kind == NET_V6 ? find6(p, q) : find_key(p, q);
	for (h = tagidx_first(&p->index4, q->hash, &w); h != 0;
	     h = tagidx_next(&p->index4, q->hash, &w)) {
		const struct entry4 *e = at4(p, h);

		if (e->addr == q->w[0] && e->meta.len == q->len)
			return h;
	}
	return 0;
}

static uint32_t
intern_key(struct nets *p, const struct net_probe *q)
{
	uint32_t h = 0;
	struct entry_key *e;

	/* short ones, of which there is room for more, are no more than the index takes */
	if (p->keys_n < p->keys_max)
		h = slab_get(&p->keys, sizeof(struct entry_key) + q->len);
	if (h == 0 || h >= NET_KEY) {
		p->refused++;
		return 0;
	}
	e = at_key(p, h);
	e->hash = q->hash;
	e->meta = (struct meta){ .len = q->len, .cache = NET_CACHE_NONE };
	memcpy(e->key, q->key, q->len);
	tagidx_insert(&p->index_key, q->hash, h);
	p->keys_n++;
	return h | NET_KEY;
}

uint32_t
net_intern(struct nets *p, const struct net_probe *q)
{
	uint32_t h = net_find(p, q);

	if (h != 0)
		return h;
	if (q->kind == NET_KEY)
		return intern_key(p, q);
	h = pool_get(q->kind == NET_V6 ? &p->v6 : &p->v4);
	if (h == 0) {
		p->refused++;
		return 0;
	}
	if (q->kind == 0) {
		*at4(p, h) = (struct entry4){ .addr = q->w[0],
			.meta = { .len = q->len, .cache = NET_CACHE_NONE } };
		tagidx_insert(&p->index4, q->hash, h);
		return h;
	}
	*at6(p, h) = (struct entry6){ .meta = { .len = q->len, .cache = NET_CACHE_NONE } };
	memcpy(at6(p, h)->addr, q->w, sizeof(q->w));
	tagidx_insert(&p->index6, q->hash, h);
	return h | NET_V6;
}

static void
release(struct nets *p, uint32_t h)
{
	if (h & NET_V6) {
		tagidx_remove(&p->index6, rehash6(at6(p, h), p->seed), h & ~NET_V6);
		at6(p, h)->meta.len = LEN_FREE;
		pool_put(&p->v6, h & ~NET_V6);
	} else if (h & NET_KEY) {
		tagidx_remove(&p->index_key, at_key(p, h)->hash, h & ~NET_KEY);
		slab_put(&p->keys, h & ~NET_KEY, sizeof(struct entry_key) + at_key(p, h)->meta.len);
		p->keys_n--;
	} else {
		tagidx_remove(&p->index4, rehash4(at4(p, h), p->seed), h);
		at4(p, h)->meta.len = LEN_FREE;
		pool_put(&p->v4, h);
	}
}

bool
net_has_room(const struct nets *p, uint32_t h)
{
	return meta_of(p, h)->refs < REFS_ROUTES;
}

void
net_ref(struct nets *p, uint32_t h)
{
	struct meta *m = meta_of(p, h);

	assert(m->refs < REFS_MAX);
	m->refs++;
}

void
net_unref(struct nets *p, uint32_t h)
{
	struct meta *m = meta_of(p, h);

	assert(m->refs > 0);
	if (--m->refs == 0)
		release(p, h);
}

void
net_drop_unused(struct nets *p, uint32_t h)
{
	if (meta_of(p, h)->refs == 0)
		release(p, h);
}

void
net_prefix(const struct nets *p, uint32_t h, struct ip_prefix *out)
{
	memset(out, 0, sizeof(*out));
	out->len = (uint8_t)meta_of(p, h)->len;
	if (h & NET_V6) {
		out->family = IP_V6;
		for (int i = 0; i < 4; i++)
			put_be32(out->b + 4 * i, at6(p, h)->addr[i]);
	} else {
		out->family = IP_V4;
		put_be32(out->b, at4(p, h)->addr);
	}
}

struct cursor
net_key(const struct nets *p, uint32_t h)
{
	const struct entry_key *e = at_key(p, h);

	return cur_of(e->key, e->meta.len);
}

unsigned
net_cache_get(const struct nets *p, uint32_t h, uint32_t key)
{
	uint32_t have = h & NET_V6 ? at6(p, h)->key : at4(p, h)->key;

	return have == key ? meta_of(p, h)->cache : NET_CACHE_NONE;
}

bool
net_cache_is_empty(const struct nets *p, uint32_t h)
{
	return meta_of(p, h)->cache == NET_CACHE_NONE;
}

void
net_cache_put(struct nets *p, uint32_t h, uint32_t key, unsigned value)
{
	assert(value < NET_CACHE_NONE);
	if (h & NET_V6)
		at6(p, h)->key = key;
	else
		at4(p, h)->key = key;
	meta_of(p, h)->cache = value & NET_CACHE_NONE;
}

void
net_cache_clear(struct nets *p, uint32_t h)
{
	meta_of(p, h)->cache = NET_CACHE_NONE;
}

uint32_t
nets_count(const struct nets *p)
{
	return p->v4.live + p->v6.live + p->keys_n;
}

bool
net_in_use(const struct nets *p, uint32_t h)
{
	return meta_of(p, h)->len != LEN_FREE;
}

uint32_t
nets_next(const struct nets *p, uint32_t *cursor, uint32_t *budget)
{
	while (*cursor != NETS_END && *budget > 0) {
		bool v6 = *cursor & NET_V6;

		if ((*cursor & ~NET_KIND) == nets_top(p, v6)) {
			*cursor = v6 ? NETS_END : NET_V6;
			continue;
		}
		++*cursor;
		--*budget;
		if (net_in_use(p, *cursor))
			return *cursor;
	}
	return 0;
}

/* From n on: the next number up to `top` that lies in a part; else top + 1. Freed ones may be it.
 */
static uint32_t
seek4(const struct nets *p, const struct ip_parts *parts, uint32_t n, uint32_t top)
{
	for (; n <= top; n++) {
		const struct entry4 *e = at4(p, n);

		if (ip_parts_have(parts, IP_V4, e->addr) || e->meta.len < IP_PART_LEN4)
			break;
	}
	return n;
}

static uint32_t
seek6(const struct nets *p, const struct ip_parts *parts, uint32_t n, uint32_t top)
{
	for (; n <= top; n++) {
		const struct entry6 *e = at6(p, n);

		if (ip_parts_have(parts, IP_V6, e->addr[0]) || e->meta.len < IP_PART_LEN6)
			break;
	}
	return n;
}

uint32_t
nets_next_in(const struct nets *p, const struct ip_parts *parts, uint32_t *cursor, uint32_t *budget)
{
	enum { STEP = 8 };

	while (*cursor != NETS_END && *budget > 0) {
		uint32_t v6 = *cursor & NET_V6, at = *cursor & ~NET_KIND, top = nets_top(p, v6), n;

		if (at == top) {
			*cursor = v6 != 0 ? NETS_END : NET_V6;
			continue;
		}
		if (top - at > STEP)
			top = at + STEP;
		n = v6 != 0 ? seek6(p, parts, at + 1, top) : seek4(p, parts, at + 1, top);
		*cursor = v6 | (n <= top ? n : top);
		--*budget;
		if (n <= top && net_in_use(p, *cursor))
			return *cursor;
	}
	return 0;
}

size_t
nets_bytes(const struct nets *p)
{
	return pool_bytes(&p->v4) + pool_bytes(&p->v6) + slab_bytes(&p->keys) +
	       tagidx_bytes(&p->index4) + tagidx_bytes(&p->index6) + tagidx_bytes(&p->index_key);
}
