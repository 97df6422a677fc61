/*
 * pool, slab and hashidx against plain arrays: random operations by seed, up to their limits and
 * back.
 */
#include "base/pool.h"

#include "base/hashidx.h"
#include "base/slab.h"
#include "tests/unit/support/harness.h"

enum { SEEDS = 20, STEPS = 20000 };

/* --- pool */

START_TEST(pool_against_an_array)
{
	enum { MAX = 500, SIZE = 12 };
	uint64_t rng = seed_of(_i);
	uint32_t live[MAX], n = 0, most = 0, owner[MAX + 1] = { 0 };
	struct pool p;

	ck_assert(pool_init(&p, SIZE, MAX));
	for (uint32_t step = 1; step <= STEPS; step++) {
		/* swings from empty to full and back */
		bool get = rnd(&rng) % 8 < (step / 2000 % 2 ? 1U : 7U);

		if (get) {
			uint32_t h = pool_get(&p);

			require((h == 0) == (n == MAX), "%u live", n);
			if (h == 0)
				continue;
			require(h <= MAX && owner[h] == 0, "handle %u given out twice", h);
			owner[h] = step;
			memset(pool_at(&p, h), (int)(step & 0xff), SIZE);
			live[n++] = h;
			most = n > most ? n : most;
		} else if (n > 0) {
			uint32_t at = rnd(&rng) % n, h = live[at];
			const uint8_t *b = pool_at(&p, h);

			for (int i = 0; i < SIZE; i++)
				require(b[i] == (owner[h] & 0xff), "handle %u", h);
			pool_put(&p, h);
			owner[h] = 0;
			live[at] = live[--n];
		}
		require(p.live == n, "%u, not %u", p.live, n);
		require(p.used == most, "a returned one is used before a new one");
		require(pool_bytes(&p) == (size_t)most * SIZE, "%zu", pool_bytes(&p));
	}
	ck_assert_uint_eq(most, MAX); /* the limit was reached */
	pool_fini(&p);
	pool_fini(&p);
}
END_TEST

START_TEST(pool_refuses_the_impossible)
{
	struct pool p;

	ck_assert(!pool_init(&p, 1U << 31, UINT32_MAX));
	pool_fini(&p);
	ck_assert(!pool_init(&p, 4, 0));
	pool_fini(&p);
	ck_assert(pool_init(&p, 4, 1));
	ck_assert_uint_eq(pool_get(&p), 1);
	ck_assert_uint_eq(pool_get(&p), 0);
	pool_put(&p, 1);
	ck_assert_uint_eq(pool_get(&p), 1);
	pool_fini(&p);
}
END_TEST

/* --- slab */

/* What a block of that size takes, by the header's words. */
static uint64_t
rounded(size_t size)
{
	uint64_t n = 512;

	if (size <= 512)
		return (size + 7) / 8 * 8;
	while (n < size)
		n *= 2;
	return n;
}

static size_t
random_size(uint64_t *rng)
{
	switch (rnd(rng) % 8) {
	case 0:
		return 1 + rnd(rng) % 8;
	case 1:
		return 505 + rnd(rng) % 16; /* about the border of the two kinds of classes */
	case 2:
		return 1 + rnd(rng) % 4096;
	case 3:
		return (size_t)1 << rnd(rng) % 13;
	default:
		return 1 + rnd(rng) % 100;
	}
}

START_TEST(slab_against_an_array)
{
	enum { MAX = 1000, OCTETS = 200000 };
	uint64_t rng = seed_of(_i), live = 0;
	struct {
		uint32_t handle;
		size_t size;
		uint8_t fill;
	} at[MAX];
	unsigned n = 0, full = 0;
	struct slab s;

	ck_assert(slab_init(&s, OCTETS));
	for (int step = 0; step < STEPS; step++) {
		if (n < MAX && rnd(&rng) % 8 < (step / 2000 % 2 ? 2U : 6U)) {
			size_t size = random_size(&rng);
			uint32_t h = slab_get(&s, size);

			if (h == 0) {
				full++;
				ck_assert_uint_gt(slab_bytes(&s) + rounded(size), OCTETS);
				continue;
			}
			ck_assert_uint_le((uint64_t)h * SLAB_UNIT + size, OCTETS);
			ck_assert_uint_eq((uintptr_t)slab_at(&s, h) % SLAB_UNIT, 0);
			at[n].handle = h;
			at[n].size = size;
			at[n].fill = (uint8_t)rnd(&rng);
			memset(
			    slab_at(&s, h), at[n].fill, size); /* two that overlap will be seen */
			n++;
			live += rounded(size);
		} else if (n > 0) {
			unsigned k = rnd(&rng) % n;
			const uint8_t *b = slab_at(&s, at[k].handle);

			for (size_t i = 0; i < at[k].size; i++)
				require(b[i] == at[k].fill, "handle %u", at[k].handle);
			slab_put(&s, at[k].handle, at[k].size);
			live -= rounded(at[k].size);
			at[k] = at[--n];
		}
		require(s.live == live, "step %d", step);
		require(slab_bytes(&s) <= OCTETS, "step %d", step);
	}
	while (n > 0) {
		n--;
		slab_put(&s, at[n].handle, at[n].size);
	}
	ck_assert_uint_eq(s.live, 0);
	ck_assert_uint_gt(full, 0);
	slab_fini(&s);
	slab_fini(&s);
}
END_TEST

START_TEST(slab_every_size)
{
	struct slab s;
	uint64_t live = 0;

	ck_assert(slab_init(&s, 64 << 20));
	for (size_t size = 1; size <= 128 << 10; size += size < 2100 ? 1 : 4093) {
		uint32_t a = slab_get(&s, size), b = slab_get(&s, size);

		ck_assert(a != 0 && b != 0 && a != b);
		live = rounded(size) * 2;
		ck_assert_msg(s.live == live, "%zu", size);
		memset(slab_at(&s, a), 1, size);
		memset(slab_at(&s, b), 2, size);
		ck_assert_uint_eq(*((uint8_t *)slab_at(&s, a) + size - 1), 1);
		slab_put(&s, b, size);
		slab_put(&s, a, size);
		ck_assert_uint_eq(slab_get(&s, size), a); /* the same class gives it again */
		slab_put(&s, a, size);
		ck_assert_uint_eq(s.live, 0);
	}
	ck_assert_uint_ne(slab_get(&s, 128 << 10), 0);
	slab_fini(&s);
}
END_TEST

/* --- hashidx */

struct item {
	uint32_t next, key;
};
struct keys {
	struct pool pool;
	struct hashidx index;
	uint32_t hash_mask; /* few bits: long chains */
};

static uint32_t
hash_of(const struct keys *k, uint32_t key)
{
	return key * 0x9e3779b1U & k->hash_mask;
}

static uint32_t *
item_next(void *owner, uint32_t h)
{
	struct keys *k = owner;

	return &((struct item *)pool_at(&k->pool, h))->next;
}

static uint32_t
item_hash(void *owner, uint32_t h)
{
	struct keys *k = owner;

	return hash_of(k, ((struct item *)pool_at(&k->pool, h))->key);
}

static const struct hashidx_ops item_ops = { item_next, item_hash };

static uint32_t
key_find(struct keys *k, uint32_t key)
{
	uint32_t h = *hashidx_head(&k->index, hash_of(k, key));

	while (h != 0 && ((struct item *)pool_at(&k->pool, h))->key != key)
		h = *item_next(k, h);
	return h;
}

/* Every element is in exactly one chain, the one its hash says. */
static void
check_chains(struct keys *k)
{
	uint32_t buckets = k->index.mask + 1 + k->index.split, seen = 0;

	for (uint32_t b = 0; b < buckets; b++) {
		for (uint32_t h = k->index.heads[b]; h != 0; h = *item_next(k, h)) {
			require(hashidx_head(&k->index, item_hash(k, h)) == &k->index.heads[b],
			    "%u", h);
			seen++;
		}
	}
	ck_assert_uint_eq(seen, k->index.n);
	ck_assert_uint_eq(hashidx_bytes(&k->index), (size_t)buckets * 4);
}

static const struct {
	const char *name;
	uint32_t max, mask;
} shapes[] = {
	{ "grows over four levels", 4000, UINT32_MAX },
	{ "index at its limit, chains grow", 256, UINT32_MAX },
	{ "few hashes", 4000, 0xff },
	{ "one hash", 500, 0 },
	{ "high bits only", 4000, 0xfffff000 },
	{ "not a power of two", 1000, UINT32_MAX },
};

static void
hashidx_run(unsigned shape, uint64_t rng)
{
	enum { KEYS = 4000 };
	uint32_t keys = shapes[shape].mask == 0 ? 500 : KEYS, n = 0;
	uint32_t handle[KEYS] = { 0 };
	struct keys k = { .hash_mask = shapes[shape].mask };

	ck_assert(pool_init(&k.pool, sizeof(struct item), KEYS));
	ck_assert(hashidx_init(&k.index, shapes[shape].max));
	for (int step = 0; step < STEPS; step++) {
		uint32_t key = rnd(&rng) % keys;
		bool add = rnd(&rng) % 8 < (step / 5000 % 2 ? 2U : 6U);

		require(key_find(&k, key) == handle[key], "%s: key %u, step %d", shapes[shape].name,
		    key, step);
		if (add && handle[key] == 0) {
			uint32_t h = pool_get(&k.pool);

			*(struct item *)pool_at(&k.pool, h) = (struct item){ .key = key };
			hashidx_insert(&k.index, hash_of(&k, key), h, &item_ops, &k);
			handle[key] = h;
			n++;
		} else if (!add && handle[key] != 0) {
			hashidx_remove(&k.index, hash_of(&k, key), handle[key], &item_ops, &k);
			pool_put(&k.pool, handle[key]);
			handle[key] = 0;
			n--;
		}
		require(k.index.n == n, "step %d", step);
		/* right after a split, and now and then */
		if (step % 512 == 0 || (add && k.index.split < 2 && step % 16 == 0))
			check_chains(&k);
	}
	check_chains(&k);
	for (uint32_t key = 0; key < keys; key++)
		ck_assert_uint_eq(key_find(&k, key), handle[key]);
	hashidx_fini(&k.index);
	pool_fini(&k.pool);
}

START_TEST(hashidx_against_an_array)
{
	for (unsigned shape = 0; shape < sizeof(shapes) / sizeof(shapes[0]); shape++)
		hashidx_run(shape, seed_of(_i) + shape);
}
END_TEST

/* One bucket at a time: a find between any two insertions sees every element. */
START_TEST(hashidx_while_splitting)
{
	enum { N = 1100 };
	struct keys k = { .hash_mask = UINT32_MAX };
	uint32_t buckets = 0;

	ck_assert(pool_init(&k.pool, sizeof(struct item), N));
	ck_assert(hashidx_init(&k.index, N));
	for (uint32_t key = 0; key < N; key++) {
		uint32_t h = pool_get(&k.pool), now;

		*(struct item *)pool_at(&k.pool, h) = (struct item){ .key = key };
		hashidx_insert(&k.index, hash_of(&k, key), h, &item_ops, &k);
		now = k.index.mask + 1 + k.index.split;
		ck_assert(buckets == 0 || now - buckets <= 1);
		buckets = now;
		for (uint32_t i = 0; i <= key; i++)
			require(key_find(&k, i) == i + 1, "key %u of %u", i, key);
	}
	ck_assert_uint_eq(buckets, N);
	hashidx_fini(&k.index);
	pool_fini(&k.pool);
}
END_TEST

HARNESS_MAIN("pool")
{
	TIMEOUT(120);
	LOOP(pool_against_an_array, SEEDS);
	TEST(pool_refuses_the_impossible);
	LOOP(slab_against_an_array, SEEDS);
	TEST(slab_every_size);
	LOOP(hashidx_against_an_array, SEEDS);
	TEST(hashidx_while_splitting);
}
