/*
 * tally: how often each of many keys is there, and how many different ones there are. Keys are
 * hashes of 64 bits; two that collide count as one, which is one in billions. A tally of zeros is
 * empty and has no memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct tally {
	struct tally_slot *slots;
	uint32_t max, used; /* used: different keys */
};

struct tally_slot {
	uint64_t key; /* 0: free */
	uint32_t n;
	uint32_t value; /* the owner's, of the first time */
};

/* Count the key once more; *is_new says whether it was not there. Returns false when out of memory:
 * it is not counted. */
bool tally_add(struct tally *, uint64_t key, uint32_t value, bool *is_new);
/* Count it once less. Returns whether it is gone now; a key that is not there is left so. */
bool tally_remove(struct tally *, uint64_t key);
bool tally_has(const struct tally *, uint64_t key);
/* Up to max values, lowest first; returns how many. */
unsigned tally_values(const struct tally *, uint32_t *values, unsigned max);
/* The up to max that are there most often, most first; returns how many. */
unsigned tally_top(const struct tally *, struct tally_slot *top, unsigned max);
void tally_free(struct tally *);
