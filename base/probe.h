/*
 * probe: open addressing over elements that the owner keeps in one array, whose length is a power
 * of two and of which at least one element is free. An element lies at the place of its hash or in
 * the run of used elements behind it; a removal moves the run's later elements up, so there are no
 * tombstones and a search ends at the first free element. Elements of one hash lie in the order in
 * which they came, also after removals and growth.
 *
 *   PROBE_DEFINE(member, struct member, e->prefix.family == IP_NONE, member_hash(e))
 *
 * defines, for an array of struct member that is zeroed where it is free:
 *
 *   struct member *member_place(struct member *v, uint32_t max, uint32_t hash);
 *       The first free element behind that hash: where an element that is not there belongs.
 *   void member_take_out(struct member *v, uint32_t max, struct member *gone);
 *       Free the element; elements of its run may move.
 *   bool member_grow(struct member **v, uint32_t *max, uint32_t first);
 *       Twice as many elements, `first` where there are none: *v and *max are new, the old array
 *       is freed. false when out of memory: all is as before.
 *
 * A search is a loop of the owner's, so that the comparison is inlined:
 *
 *   for (uint32_t i = hash & (max - 1); v[i] is used; i = (i + 1) & (max - 1))
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* is_free and hash: expressions over `const type *e`. */
#define PROBE_DEFINE(name, type, is_free, hash)                                                    \
	static inline bool name##_is_free(const type *e)                                           \
	{                                                                                          \
		return is_free;                                                                    \
	}                                                                                          \
	static inline uint32_t name##_home(const type *e, uint32_t mask)                           \
	{                                                                                          \
		return (hash)&mask;                                                                \
	}                                                                                          \
	static inline type *name##_place(type *v, uint32_t max, uint32_t at)                       \
	{                                                                                          \
		uint32_t i = at & (max - 1);                                                       \
                                                                                                   \
		while (!name##_is_free(&v[i]))                                                     \
			i = (i + 1) & (max - 1);                                                   \
		return &v[i];                                                                      \
	}                                                                                          \
	__attribute__((unused)) static inline void name##_take_out(                                \
	    type *v, uint32_t max, type *gone)                                                     \
	{                                                                                          \
		uint32_t mask = max - 1, hole = (uint32_t)(gone - v);                              \
                                                                                                   \
		for (uint32_t i = (hole + 1) & mask; !name##_is_free(&v[i]); i = (i + 1) & mask) { \
			/* may it move up: is the hole between its home and its place? */          \
			if (((i - name##_home(&v[i], mask)) & mask) >= ((i - hole) & mask)) {      \
				v[hole] = v[i];                                                    \
				hole = i;                                                          \
			}                                                                          \
		}                                                                                  \
		memset(&v[hole], 0, sizeof(v[hole]));                                              \
	}                                                                                          \
	static inline bool name##_grow(type **v, uint32_t *max, uint32_t first)                    \
	{                                                                                          \
		uint32_t wanted = *max == 0 ? first : *max * 2, start = 0;                         \
		type *bigger = calloc(wanted, sizeof(*bigger));                                    \
                                                                                                   \
		if (bigger == NULL)                                                                \
			return false;                                                              \
		while (start < *max && !name##_is_free(&(*v)[start]))                              \
			start++; /* in the midst of a run its order would be lost */               \
		for (uint32_t i = start; i != start + *max; i++) {                                 \
			const type *e = &(*v)[i & (*max - 1)];                                     \
                                                                                                   \
			if (!name##_is_free(e))                                                    \
				*name##_place(bigger, wanted, name##_home(e, wanted - 1)) = *e;    \
		}                                                                                  \
		free(*v);                                                                          \
		*v = bigger;                                                                       \
		*max = wanted;                                                                     \
		return true;                                                                       \
	}                                                                                          \
	_Static_assert(sizeof(type) > 0, "a semicolon ends the definition")
