/*
 * VRPs (validated ROA payloads, RFC 6811): an immutable, sorted snapshot with a generation number,
 * origin validation against it, and the net difference between two snapshots.
 *
 * A snapshot is built by one thread and then only read; it is shared by reference count, which is
 * atomic.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/ip.h"

struct vrp {
	struct ip_prefix prefix;
	uint8_t max_len;
	uint8_t
	    ta; /* trust anchor, by the table of who made the list; 0: not told. No part of it */
	uint32_t asn;
};

/* Total order: prefix, max_len, asn. The trust anchor makes no difference. */
int vrp_cmp(const struct vrp *, const struct vrp *);
/* prefix.len <= max_len <= width of the family. */
bool vrp_ok(const struct vrp *);

/* A growing list; vrp_list_sort_unique makes it a set. */
struct vrp_list {
	struct vrp *v;
	size_t n, cap;
};
bool vrp_list_add(struct vrp_list *, const struct vrp *); /* false: out of memory */
void vrp_list_sort_unique(struct vrp_list *);
/* The place in the list, which is sorted; NULL: it is not in it. O(log n). */
const struct vrp *vrp_list_find(const struct vrp_list *, const struct vrp *);
/* Another list of the same; false: out of memory, then *to is empty. */
bool vrp_list_copy(struct vrp_list *to, const struct vrp_list *from);
void vrp_list_free(struct vrp_list *);

enum { VRP_TAS_MAX = 24, VRP_TA_NAME_MAX = 24 };

/* The trust anchors of a list: `ta` of a VRP is 1 + the place of its name here. */
struct vrp_tas {
	unsigned n;
	char name[VRP_TAS_MAX][VRP_TA_NAME_MAX];
};

enum rov_state { ROV_NOT_FOUND, ROV_VALID, ROV_INVALID };
enum rov_reason {
	ROV_REASON_NONE,
	ROV_REASON_ASN,	   /* no covering VRP names this origin */
	ROV_REASON_LENGTH, /* one does, but the route is longer than its max_len */
};

struct rov_result {
	uint8_t state, reason; /* enum rov_state, enum rov_reason */
};

struct vrp_set; /* the snapshot */

/* A snapshot of the sorted unique list (copied). Reference count 1. NULL when out of memory. */
struct vrp_set *vrp_set_new(const struct vrp_list *, uint64_t generation);
struct vrp_set *vrp_set_ref(struct vrp_set *);
void vrp_set_unref(struct vrp_set *); /* NULL is fine */
uint64_t vrp_set_generation(const struct vrp_set *);
size_t vrp_set_count(const struct vrp_set *, uint8_t family);
static inline bool
vrp_set_is_empty(const struct vrp_set *s)
{
	return vrp_set_count(s, IP_V4) == 0 && vrp_set_count(s, IP_V6) == 0;
}
size_t vrp_set_bytes(const struct vrp_set *);

/*
 * RFC 6811 section 2. has_origin false: the path ends in an AS_SET or in nothing, which can never
 * be valid. AS 0 never matches (RFC 6483 4, RFC 7607). set NULL: not found.
 */
struct rov_result vrp_validate(
    const struct vrp_set *, const struct ip_prefix *, bool has_origin, uint32_t origin);

/* Bring nearer what a validation will look at, in two steps: where it begins, and then what is
 * there. first: the first 64 bits of the address. */
void vrp_prefetch_place(const struct vrp_set *, uint8_t family, uint64_t first);
void vrp_prefetch_nodes(const struct vrp_set *, uint8_t family, uint64_t first);
/* Does any VRP cover it? set NULL: none. */
bool vrp_set_covers(const struct vrp_set *, const struct ip_prefix *);
/* Is this very VRP in it? set NULL: no. */
bool vrp_set_has(const struct vrp_set *, const struct vrp *);
/* The VRPs that cover a prefix, most specific first; at most max of them are written to out.
 * Returns how many there are, which may be more. */
size_t vrp_covering(const struct vrp_set *, const struct ip_prefix *, struct vrp *out, size_t max);

/* The VRPs of these AS numbers, in order; at most max of them are written to out. Returns how many
 * there are, which may be more. Looks at all of the set. */
size_t vrp_set_of_asns(
    const struct vrp_set *, const uint32_t *asns, size_t asns_n, struct vrp *out, size_t max);

/* Call each with every VRP, in order; set NULL: none. */
void vrp_set_each(const struct vrp_set *, void (*each)(void *ctx, const struct vrp *), void *ctx);

/* Net change between two snapshots (NULL = empty). */
struct vrp_delta {
	struct vrp_list added, removed; /* both sorted */
	uint64_t generation;		/* of the new snapshot */
};
/* The VRPs that came and went. false when out of memory; then *out is empty. */
bool vrp_delta_between(
    const struct vrp_set *before, const struct vrp_set *after, struct vrp_delta *out);
void vrp_delta_free(struct vrp_delta *);

/* The prefixes of a delta, of both its lists (vrp_cover.c). */
struct vrp_cover;
/* NULL when out of memory. */
struct vrp_cover *vrp_cover_new(const struct vrp_delta *);
/* The same of the delta to `after`, which is shared when it is all of that. */
struct vrp_cover *vrp_cover_of(const struct vrp_delta *, struct vrp_set *after);
/* Is the prefix equal to or below the prefix of any VRP of the delta? */
bool vrp_cover_touches(const struct vrp_cover *, const struct ip_prefix *);
/* The parts of the address space that they lie in. What is in no part is below none. */
const struct ip_parts *vrp_cover_parts(const struct vrp_cover *);
void vrp_cover_free(struct vrp_cover *); /* NULL is fine */

const char *rov_state_name(uint8_t);  /* "not-found", "valid", "invalid" */
const char *rov_reason_name(uint8_t); /* "invalid-asn", "invalid-length", "" */
