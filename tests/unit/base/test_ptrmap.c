/* base: probe and ptrmap against an array, with hashes that collide. */
#include "base/ptrmap.h"

#include "base/probe.h"
#include "tests/unit/support/harness.h"

enum { KEYS = 300, STEPS = 20000, PROBE_MAX = 64 };

struct thing {
	uint32_t key;
	unsigned since; /* the step that added it */
	bool in;
};

/* Few hashes for many keys: long runs, that wrap around the end of the array. */
static uint32_t
poor_hash(uint32_t key)
{
	return key % 7 == 0 ? UINT32_MAX - key % 3 : key % 17 * 0x10001U;
}

static struct thing *
find(const struct ptrmap *m, uint32_t key)
{
	struct thing *t, *found = NULL;
	unsigned since = 0;

	for (uint32_t at = 0; (t = ptrmap_next(m, poor_hash(key), &at)) != NULL;) {
		require(
		    poor_hash(t->key) == poor_hash(key), "key %u for the hash of %u", t->key, key);
		require(t->since >= since, "key %u before an older one", t->key);
		since = t->since;
		if (t->key == key) {
			require(found == NULL, "key %u twice", key);
			found = t;
		}
	}
	return found;
}

START_TEST(ptrmap_against_an_array)
{
	static struct thing things[KEYS];
	struct ptrmap m = { 0 };
	uint64_t random = seed_of(_i);
	uint32_t n = 0;

	ck_assert_ptr_null(find(&m, 1));
	for (uint32_t k = 0; k < KEYS; k++)
		things[k] = (struct thing){ .key = k };
	for (unsigned step = 0; step < STEPS; step++) {
		struct thing *t = &things[rnd(&random) % KEYS];

		if (t->in)
			ptrmap_remove(&m, poor_hash(t->key), t);
		else
			require(ptrmap_add(&m, poor_hash(t->key), t), "out of memory");
		n = t->in ? n - 1 : n + 1;
		t->in = !t->in;
		t->since = step;
		require(m.n == n && m.n < m.max, "%u of %u, not %u", m.n, m.max, n);
		for (uint32_t k = rnd(&random) % 50; k < KEYS; k += 50)
			require(find(&m, k) == (things[k].in ? &things[k] : NULL),
			    "key %u at step %u", k, step);
	}
	ptrmap_free(&m);
	ck_assert_ptr_null(find(&m, 1));
}
END_TEST

struct element {
	uint32_t key; /* 0: free */
	uint32_t value;
};
PROBE_DEFINE(element, struct element, e->key == 0, poor_hash(e->key));

static struct element *
element_find(struct element *v, uint32_t max, uint32_t key)
{
	for (uint32_t i = poor_hash(key) & (max - 1); !element_is_free(&v[i]);
	     i = (i + 1) & (max - 1))
		if (v[i].key == key)
			return &v[i];
	return NULL;
}

/* Filled to all but one, emptied, in any order; and grown in between. */
START_TEST(probe_against_an_array)
{
	uint64_t random = seed_of(_i);
	uint32_t want[PROBE_MAX] = { 0 }, n = 0, max = 0;
	struct element *v = NULL;

	ck_assert(element_grow(&v, &max, 8));
	ck_assert_uint_eq(max, 8);
	for (unsigned step = 0; step < STEPS; step++) {
		uint32_t key = 1 + rnd(&random) % (PROBE_MAX - 1);

		if (want[key] != 0) {
			element_take_out(v, max, element_find(v, max, key));
			want[key] = 0;
			n--;
		} else if (n < max - 1) {
			want[key] = rnd(&random) | 1;
			*element_place(v, max, poor_hash(key)) = (struct element){ key, want[key] };
			n++;
		} else if (max < PROBE_MAX) {
			ck_assert(element_grow(&v, &max, 8));
		}
		for (uint32_t k = 1; k < PROBE_MAX; k++) {
			const struct element *e = element_find(v, max, k);

			require(
			    (e == NULL ? 0 : e->value) == want[k], "key %u at step %u", k, step);
		}
	}
	ck_assert_uint_eq(max, PROBE_MAX);
	free(v);
}
END_TEST

HARNESS_MAIN("ptrmap")
{
	TIMEOUT(60);
	LOOP(ptrmap_against_an_array, 5);
	LOOP(probe_against_an_array, 5);
}
