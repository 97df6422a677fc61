/*
 * customer_lists: what neighbours may announce, by lists that somebody makes of a registry (bgpq4
 * of an AS-SET, or their own prefix list): prefixes with the lengths that are allowed in them, and
 * AS numbers that may be the origin. A route is listed when both say so. Where a list says nothing
 * of a family, or nothing of origins, that is not judged: silence is no prohibition.
 *
 * Immutable, with counted references: per neighbour sorted prefixes and AS numbers. A look-up is a
 * binary search for each length that there are entries of.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/ip.h"

struct customer_prefix {
	struct ip_prefix prefix;
	uint8_t least, most; /* lengths that are allowed in it */
};
/* What is in a file; of malloc. */
struct customer_entries {
	struct customer_prefix *prefixes;
	uint32_t *asns;
	size_t prefixes_n, asns_n;
};
void customer_entries_free(struct customer_entries *); /* NULL is fine; itself, too */

/* Of a neighbour; borrowed. Several of one are one list. */
struct customer_part {
	uint32_t asn;
	const struct customer_entries *entries;
	bool stale; /* too old to say something new */
};

struct customer_lists;

/* A reference; NULL when out of memory. */
struct customer_lists *customer_lists_new(const struct customer_part *, size_t n);
struct customer_lists *customer_lists_ref(struct customer_lists *); /* NULL is fine */
void customer_lists_unref(struct customer_lists *);		    /* NULL is fine; any thread */

/* Is there one of this AS? lists: NULL is none. */
bool customer_lists_has(const struct customer_lists *lists, uint32_t asn);
/* What the list of a neighbour says of a route. */
enum customer_says {
	CUSTOMER_NO_LIST, /* it has none, or none of this family */
	CUSTOMER_LISTED,
	CUSTOMER_PREFIX, /* no entry has the prefix, or not in that length */
	CUSTOMER_ORIGIN	 /* the origin is none of its AS numbers */
};
struct customer_route {
	uint32_t asn; /* whose */
	const struct ip_prefix *prefix;
	bool has_origin;
	uint32_t origin;
	bool any_length; /* whatever is in an entry: a host route that asks to be dropped */
};
/* stale: is the list too old to say something new? lists: NULL is none. */
enum customer_says customer_lists_say(
    const struct customer_lists *lists, const struct customer_route *, bool *stale);
