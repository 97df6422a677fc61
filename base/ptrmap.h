/*
 * ptrmap: elements that live elsewhere, found by the hash of their key. The owner computes hashes
 * and compares keys; the map keeps pointers and grows by doubling. A map of zeros is empty and has
 * no memory.
 *
 *   for (uint32_t at = 0; (p = ptrmap_next(&map, hash, &at)) != NULL;)
 *           if (it is the one)
 *                   return p;
 *
 * Not for what exists in millions: tagidx grows without a stall.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct ptrmap {
	struct ptrmap_slot *slots;
	uint32_t max, n;
};

/* Add an element, whether or not one of that key is there. p is not NULL. Returns false when out of
 * memory. */
bool ptrmap_add(struct ptrmap *, uint32_t hash, void *p);
/* Take out the element, which must be there. */
void ptrmap_remove(struct ptrmap *, uint32_t hash, const void *p);
/* The next element with that hash, in the order in which they were added; *at is 0 at first. NULL:
 * no more. The map must not change meanwhile. */
void *ptrmap_next(const struct ptrmap *, uint32_t hash, uint32_t *at);
/* Bring the place where those of that hash are, or would be, nearer. */
void ptrmap_prefetch(const struct ptrmap *, uint32_t hash);
/* Forget all elements, which are the owner's to free. */
void ptrmap_free(struct ptrmap *);
