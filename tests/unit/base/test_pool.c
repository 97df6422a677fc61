/*
 * pool, slab and tagidx against plain arrays: random operations by seed, up to their limits and
 * back.
 */
#include "base/pool.h"

#include "base/slab.h"
#include "base/tagidx.h"
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
		return (size + 3) / 4 * 4;
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

/* --- tagidx */

/* Elements are the numbers of keys, from 1. */
struct keys {
	struct tagidx index;
	uint32_t hash_mask; /* few bits: many in a line */
};

static uint32_t
hash_of(const struct keys *k, uint32_t key)
{
	uint32_t h = key * 0x9e3779b1U;

	return (h ^ h >> 15) & k->hash_mask;
}

/* How often the element of the key is met. */
static unsigned
key_met(const struct keys *k, uint32_t key)
{
	uint32_t hash = hash_of(k, key), h;
	struct tagidx_walk w;
	unsigned n = 0;

	for (h = tagidx_first(&k->index, hash, &w); h != 0; h = tagidx_next(&k->index, hash, &w)) {
		require(tagidx_tag(hash_of(k, h - 1)) == tagidx_tag(hash), "%u", h);
		n += h == key + 1;
	}
	return n;
}

/* Every element is where its hash says, places are used from the first one on, there is no empty
 * line behind another, and none is lost. */
static void
check_lines(const struct keys *k)
{
	const struct tagidx *x = &k->index;
	uint32_t seen = 0, behind = 0;

	for (uint32_t b = 0; b < tagidx_lines(x); b++) {
		bool full = true;

		for (const struct tagidx_line *l = &x->lines[b]; l != NULL;
		     l = tagidx_behind(x, l)) {
			unsigned n = 0;

			require(full, "a line behind one that has room");
			while (n < TAGIDX_LINE && l->handle[n] != 0) {
				uint32_t hash = hash_of(k, l->handle[n] - 1);

				require(tagidx_line(x, hash) == &x->lines[b], "line %u", b);
				require(l->tag[n] == tagidx_tag(hash), "line %u", b);
				n++;
			}
			seen += n;
			for (full = n == TAGIDX_LINE; n < TAGIDX_LINE; n++)
				require(l->handle[n] == 0, "line %u", b);
			behind += l != &x->lines[b];
			require(l == &x->lines[b] || l->handle[0] != 0, "an empty line");
		}
	}
	ck_assert_uint_eq(seen, x->n);
	ck_assert_uint_eq(behind, x->further.live);
	ck_assert_uint_ge(tagidx_bytes(x), (size_t)tagidx_lines(x) * 64);
}

enum { KEYS = 40000 };

static const struct {
	const char *name;
	uint32_t max, mask, keys;
} shapes[] = {
	{ "grows over levels", KEYS, UINT32_MAX, KEYS },
	{ "index at its limit", 8000, UINT32_MAX, KEYS },
	{ "few hashes", KEYS, 0xff, 4000 },
	{ "one hash", 500, 0, 500 },
	{ "high bits only", KEYS, 0xfffff000, 4000 },
	{ "tags alike", KEYS, 0x3ff, 20000 },
};

static void
tagidx_run(unsigned shape, uint64_t rng)
{
	static bool there[KEYS];
	uint32_t keys = shapes[shape].keys, n = 0, first, max = shapes[shape].max;
	struct keys k = { .hash_mask = shapes[shape].mask };

	memset(there, 0, sizeof(there));
	ck_assert(tagidx_init(&k.index, max));
	first = tagidx_lines(&k.index);
	for (uint32_t step = 0; step < 5 * keys; step++) {
		uint32_t key = rnd(&rng) % keys;
		bool add = rnd(&rng) % 8 < (step / (2 * keys) % 2 ? 2U : 7U);

		require(key_met(&k, key) == there[key], "%s: key %u, step %u", shapes[shape].name,
		    key, step);
		if (add && !there[key] && n < max) {
			tagidx_insert(&k.index, hash_of(&k, key), key + 1);
			there[key] = true;
			n++;
		} else if (!add && there[key]) {
			tagidx_remove(&k.index, hash_of(&k, key), key + 1);
			there[key] = false;
			n--;
		}
		require(k.index.n == n, "step %u", step);
		if (step % (keys / 8) == 0)
			check_lines(&k);
	}
	check_lines(&k);
	if (keys == KEYS && max == KEYS)
		ck_assert_uint_gt(tagidx_lines(&k.index), 2 * first);
	for (uint32_t key = 0; key < keys; key++) {
		ck_assert_uint_eq(key_met(&k, key), there[key]);
		if (there[key])
			tagidx_remove(&k.index, hash_of(&k, key), key + 1);
	}
	ck_assert_uint_eq(k.index.n, 0);
	ck_assert_uint_eq(k.index.further.live, 0);
	tagidx_fini(&k.index);
}

START_TEST(tagidx_against_an_array)
{
	for (unsigned shape = 0; shape < sizeof(shapes) / sizeof(shapes[0]); shape++)
		tagidx_run(shape, seed_of(_i) + shape);
}
END_TEST

/* One line at a time: a find between any two insertions sees every element, and an element is not
 * looked at. */
START_TEST(tagidx_while_splitting)
{
	enum { N = 9000 };
	struct keys k = { .hash_mask = UINT32_MAX };
	uint32_t lines;

	ck_assert(tagidx_init(&k.index, N));
	lines = tagidx_lines(&k.index);
	for (uint32_t key = 0; key < N; key++) {
		tagidx_insert(&k.index, hash_of(&k, key), key + 1);
		ck_assert_uint_le(tagidx_lines(&k.index) - lines, 1);
		lines = tagidx_lines(&k.index);
		for (uint32_t i = key % 64; i <= key; i += 64)
			require(key_met(&k, i) == 1, "key %u of %u", i, key);
	}
	ck_assert_uint_eq(lines, (N + TAGIDX_FILL - 1) / TAGIDX_FILL);
	tagidx_fini(&k.index);
}
END_TEST

/* All that may be in it have one hash, or lines that are just more than full. */
START_TEST(tagidx_has_room)
{
	enum { N = 12000 };
	struct keys k = { .hash_mask = _i == 0 ? 0 : 0x3ff };

	ck_assert(tagidx_init(&k.index, N));
	for (uint32_t key = 0; key < N; key++)
		tagidx_insert(&k.index, hash_of(&k, key), key + 1);
	check_lines(&k);
	for (uint32_t key = N; key-- > 0;)
		tagidx_remove(&k.index, hash_of(&k, key), key + 1);
	check_lines(&k);
	tagidx_fini(&k.index);
	tagidx_fini(&k.index);
}
END_TEST

HARNESS_MAIN("pool")
{
	TIMEOUT(120);
	LOOP(pool_against_an_array, SEEDS);
	TEST(pool_refuses_the_impossible);
	LOOP(slab_against_an_array, SEEDS);
	TEST(slab_every_size);
	LOOP(tagidx_against_an_array, 6);
	TEST(tagidx_while_splitting);
	LOOP(tagidx_has_room, 2);
}
